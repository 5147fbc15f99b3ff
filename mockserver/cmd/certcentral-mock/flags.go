package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/pkio-tools/certcentral/mockserver"
)

const (
	name               = "certcentral-mock"
	variablePrefix     = "CERTCENTRAL_MOCK_"
	commandServe       = "serve"
	commandHealthcheck = "healthcheck"
)

const description = `A stateful mock of DigiCert's CertCentral Services API, for PKIoverheid Organisation Person orders.
It checks every request against the contract, and keeps its accounts and orders in memory only.`

// flags is the command line. Every flag can also be given as the variable that [variable] names;
// the flag wins.
type flags struct {
	Addr                 address      `default:"127.0.0.1:8080" placeholder:"HOST:PORT"     help:"Where to listen; port 0 takes a free one."`
	AddrFile             fileName     `placeholder:"FILE"       help:"Write the address of the server, such as http://127.0.0.1:8080, to this file once orders can be placed; the file is removed at the end. A file that exists is replaced only if it is the address file of an earlier run."`
	WaitForCAs           toggle       `name:"wait-for-cas"      help:"Write the address to standard output and to --addr-file only once the CAs have their keys, so that no certificate waits for these keys."`
	APIKeys              keyFile      `name:"api-keys"          placeholder:"FILE"          help:"Accept only the API keys in this file, one a line; a line that begins with # is a comment. Without this flag every key opens an account of its own."`
	ControlToken         controlToken `placeholder:"TOKEN"     help:"Require this token in the header X-Mock-Token for operations of the control API on the whole server. Other processes can see a flag; give the token as the variable. Without a token these operations are for clients on this machine."`
	Balance              amount       `placeholder:"AMOUNT"     help:"Balance of a new account, such as 1000.00 (default: 0.00)."`
	NegativeBalanceLimit amountLimit  `placeholder:"AMOUNT"     help:"How far below zero the balance of a new account may fall, or unlimited (default: unlimited)."`
	Approval             approval     `default:"off"            placeholder:"${approvals}"  help:"Whether orders of a new account need an approval within the account: on, an order waits until its request is approved; automatic, the request is approved at once."`
	Life                 life         `default:"auto"           placeholder:"${lives}"      help:"How orders of a new account move on: auto, by themselves as far as they can; manual, only when the control API moves them."`
	TokenChain           tokenChain   `default:"full"           placeholder:"${chains}"     help:"What GET /certificate/{certificate_id}/chain answers in a new account: full, the certificate and the CAs above it; empty, no certificate."`
	Tolerance            onOff        `default:"on"             placeholder:"on|off"        help:"Whether requests to a new account may also have forms that common clients send and the contract does not have, such as null in an optional member; the header X-Mock-Tolerated of the answer names the members and parameters in such a form."`
	RateLimit            toggle       `help:"Limit every API key to 100 requests in 5 seconds and 1000 in 3 minutes, as the vendor does."`
	CAPreset             caPreset     `name:"ca-preset"         placeholder:"${presets}"    help:"Shape of the test CAs: g3, one chain; g4, two chains with RSASSA-PSS; or ec, g3 with an elliptic-curve issuing CA (default: g3, or what --ca-dir holds)."`
	CAKey                keyKind      `name:"ca-key"            placeholder:"KIND"          help:"Keys of the CAs: ${key_kinds} (default: rsa2048, or what --ca-dir holds). The mock makes them in the background as soon as it starts. With p256 and p384 everything is signed with ECDSA."`
	CADir                dirName      `name:"ca-dir"            placeholder:"DIR"           help:"Keep the CAs in this directory for the next run, so that a root can be pinned, with the address that their certificates name. The directory holds private keys: one that other users can read is refused."`
	TokenKey             keyKind      `placeholder:"KIND"       help:"Keys that the mock makes for the certificates of people, of the same kinds (default: rsa3072)."`
	QuickKeys            toggle       `help:"Use elliptic-curve keys for the CAs and for people, so that a certificate takes milliseconds: the same as --ca-key p256 --token-key p256."`
	BaseURL              base         `name:"base-url"          placeholder:"URL"           help:"Address that certificates name for CRLs, OCSP and the CAs' certificates (default: what --ca-dir holds, or else where the mock listens)."`
	AllowedHosts         hostNames    `name:"allowed-hosts"     placeholder:"HOST"          help:"Further host names that clients on this machine may use for the mock, separated by commas, such as mock.example.com or *.example.com. On a loopback address the mock refuses all other names, so that no page in a browser reaches it by DNS rebinding; localhost, IP addresses and the names in --addr and --base-url are always allowed."`
	CheckResponses       toggle       `help:"Check every response against the contract too; one that does not fit is logged, and sent with the header X-Mock-Contract-Breach."`
	MaxAccounts          count        `placeholder:"N"          help:"How many accounts the mock holds at most; to open one more, it drops the least recently used account that no request has changed (default: 10000, or fewer where there is little memory)."`
	MaxOrders            count        `placeholder:"N"          help:"How many orders the mock holds at most, in all accounts together; 8 KiB for each of them is the memory that all accounts may take (default: as many as fit into the memory that GOMEMLIMIT, the control group or a quarter of the machine's memory allows, at most 1000000; the log says how many)."`
	LogLevel             logLevel     `default:"info"           placeholder:"LEVEL"         help:"Lowest level that is logged: ${log_levels}."`
	LogRequests          toggle       `default:"true"           help:"Log a line for each request, unless --log-requests=false: at the level info its operation, account, status, error codes and duration; at debug also the messages of a refusal and what the mock ignored of the request."`
	Journal              toggle       `default:"true"           help:"Keep the last calls of each account, without their secrets, for GET /_mock/journal, unless --journal=false; they take an eighth of the memory that the mock may fill with data, 256 MiB at most."`
	LogFormat            logFormat    `default:"text"           placeholder:"FORMAT"        help:"Form of the log on standard error: ${log_formats}."`
	Version              bool         `help:"Print the version and exit."`

	Serve       struct{} `cmd:"" default:"1" hidden:"" help:"Serve until a signal comes."`
	Healthcheck struct {
		Wait duration `placeholder:"DURATION" help:"Ask again until the server takes orders, for this long at most, such as 30s."`
		URL  target   `arg:"" optional:"" help:"Base URL of the server, such as http://127.0.0.1:8080, which is also the default without CERTCENTRAL_MOCK_ADDR."`
	} `cmd:"" help:"Exit with 0 when a running server takes orders and with 1 when it does not."`
}

// parse reads the command line, and from the environment the settings that the command line does
// not have. The command is empty when parse has printed help or the version, and nothing is left to
// do.
func parse(args []string, env map[string]string, stdout io.Writer) (*flags, string, error) {
	var (
		f        flags
		done     bool
		resolved *kong.Flag // The flag whose variable was read last.
	)
	parser, err := newParser(&f,
		kong.Name(name),
		kong.Description(description),
		kong.Writers(stdout, io.Discard),
		kong.Exit(func(int) { done = true }),
		kong.Help(printHelp),
		kong.ValueFormatter(describe),
		// kong itself would read the process's environment, and repeat a value that is wrong.
		kong.Resolvers(kong.ResolverFunc(func(c *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
			value := env[variable(flag.Name)]
			if value == "" || !configurable(flag) || (isHealthcheck(c) && flag.Name != "addr") {
				return nil, nil //nolint:nilnil // In this interface, nil means that there is no value.
			}
			resolved = flag
			return value, nil
		})),
	)
	if err != nil {
		return nil, "", err
	}
	parsed, err := parser.Parse(args)
	wrong, isValue := errors.AsType[valueError](err)
	switch {
	case done:
		return nil, "", nil
	case err == nil:
	case resolved != nil:
		return nil, "", usageError{fmt.Errorf("%s: %s", variable(resolved.Name), strings.TrimPrefix(err.Error(), "--"+resolved.Name+": "))}
	case isValue && !strings.HasPrefix(err.Error(), "--"):
		return nil, "", usageError{fmt.Errorf("%s URL: %w", commandHealthcheck, wrong)}
	case isValue:
		return nil, "", usageError{err}
	default:
		return nil, "", usageError{fmt.Errorf("%w; %s --help lists what there is", err, name)}
	}
	if f.Version {
		_, err := fmt.Fprintln(stdout, name, mockserver.Version())
		return nil, "", err
	}
	if isHealthcheck(parsed) {
		return &f, commandHealthcheck, nil
	}
	return &f, commandServe, nil
}

// newParser adds to the flags the lists of values that their texts name.
func newParser(f *flags, options ...kong.Option) (*kong.Kong, error) {
	return kong.New(f, append(options, kong.Vars{
		"approvals":   join(mockserver.Approvals(), "|"),
		"lives":       join(mockserver.Lives(), "|"),
		"chains":      join(mockserver.TokenChains(), "|"),
		"presets":     join(mockserver.Presets(), "|"),
		"key_kinds":   words(mockserver.KeyKinds()),
		"log_levels":  words(logLevels()),
		"log_formats": words(logFormats()),
	})...)
}

func isHealthcheck(c *kong.Context) bool {
	selected := c.Selected()
	return selected != nil && selected.Name == commandHealthcheck
}

// variable is the name of the environment variable for a flag.
func variable(flag string) string {
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// configurable tells whether a flag can come from a variable. The others ask for something once.
func configurable(flag *kong.Flag) bool {
	return !slices.Contains([]string{"help", "version", "wait"}, flag.Name)
}

// environment turns a list such as [os.Environ] returns into a map.
func environment(list []string) map[string]string {
	env := make(map[string]string, len(list))
	for _, entry := range list {
		if key, value, ok := strings.Cut(entry, "="); ok {
			env[key] = value
		}
	}
	return env
}

// unknownVariables lists the variables that begin like those of the command but set nothing, such
// as one with a spelling mistake. The variables that Kubernetes adds for a service named
// certcentral-mock are left out.
func unknownVariables(env map[string]string) []string {
	var known []string
	parser, err := newParser(&flags{})
	if err != nil {
		return nil
	}
	for _, flag := range parser.Model.Flags {
		if configurable(flag) {
			known = append(known, variable(flag.Name))
		}
	}
	var unknown []string
	for key := range env {
		rest, ours := strings.CutPrefix(key, variablePrefix)
		if ours && !slices.Contains(known, key) && !strings.HasPrefix(rest, "SERVICE_") && !strings.HasPrefix(rest, "PORT") {
			unknown = append(unknown, key)
		}
	}
	slices.Sort(unknown)
	return unknown
}

// printHelp is kong's own help, without the flags of the server where they mean nothing.
func printHelp(options kong.HelpOptions, c *kong.Context) error {
	usage := fmt.Sprintf("Usage: %[1]s [flags]\n       %[1]s %[2]s [--wait DURATION] [URL]\n", name, commandHealthcheck)
	if isHealthcheck(c) {
		usage = fmt.Sprintf("Usage: %s %s [--wait DURATION] [URL]\n", name, commandHealthcheck)
		for _, flag := range c.Model.Flags {
			flag.Hidden = flag.Name != "help" && flag.Name != "wait"
		}
	}
	if _, err := io.WriteString(c.Stdout, usage); err != nil {
		return err
	}
	options.NoAppSummary = true
	return kong.DefaultHelpPrinter(options, c)
}

// describe adds the default and the variable to what help says about a flag.
func describe(value *kong.Value) string {
	if value.Flag == nil || !configurable(value.Flag) {
		return value.Help
	}
	help := value.Help
	if value.HasDefault {
		help = fmt.Sprintf("%s (default: %s).", strings.TrimSuffix(help, "."), value.Default)
	}
	return fmt.Sprintf("%s [$%s]", help, variable(value.Name))
}
