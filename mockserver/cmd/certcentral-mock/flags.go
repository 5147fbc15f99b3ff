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
It checks every request against the contract and remembers what it was told, in memory only.`

// flags is the command line. Every flag can also be given as the variable that [variable] names; the flag wins.
type flags struct {
	Addr                 address     `default:"127.0.0.1:8080" placeholder:"HOST:PORT"     help:"Where to listen; port 0 takes a free one."`
	AddrFile             fileName    `placeholder:"FILE"       help:"Write the address of the server to this file once orders can be placed, such as http://127.0.0.1:8080; the file is removed at the end. Only a file that does not exist, or that an earlier run has left, is written."`
	WaitForCAs           toggle      `name:"wait-for-cas"      help:"Say where the mock listens, on standard output and in --addr-file, only once the CAs have their keys, so that no certificate waits for them."`
	APIKeys              keyFile     `name:"api-keys"          placeholder:"FILE"          help:"Accept only the API keys in this file, one a line; # starts a comment line. Without it every key opens an account of its own."`
	Balance              amount      `placeholder:"AMOUNT"     help:"Balance of a new account, such as 1000.00 (default: 0.00)."`
	NegativeBalanceLimit amountLimit `placeholder:"AMOUNT"     help:"How far below zero the balance of a new account may fall, or unlimited (default: unlimited)."`
	Approval             onOff       `default:"off"            placeholder:"on|off"        help:"Whether orders of a new account wait for an approval within it."`
	Life                 life        `default:"auto"           placeholder:"auto|manual"   help:"How orders of a new account move on: auto, by themselves as far as they can, or manual, only when the control API moves them."`
	Tolerance            onOff       `default:"on"             placeholder:"on|off"        help:"Whether requests are also taken in the forms that common clients send beside those of the contract, such as null in an optional member; the header X-Mock-Tolerated of the answer names what was taken."`
	RateLimit            toggle      `help:"Limit every API key to 100 requests in 5 seconds and 1000 in 3 minutes, as the vendor does."`
	CAPreset             caPreset    `name:"ca-preset"         placeholder:"g3|g4|ec"      help:"Shape of the test CAs: g3, one chain; g4, two chains with RSASSA-PSS; or ec, g3 with an elliptic-curve issuing CA (default: g3, or what --ca-dir holds)."`
	CAKey                keyKind     `name:"ca-key"            placeholder:"KIND"          help:"Keys of the CAs: rsa2048, rsa3072, rsa4096, p256 or p384 (default: rsa2048, or what --ca-dir holds). They are made in the background from the start on; with p256 everything is signed with ECDSA."`
	CADir                dirName     `name:"ca-dir"            placeholder:"DIR"           help:"Keep the CAs in this directory for the next run, with the address that their certificates name, so that a root can be pinned. It holds private keys, and is refused when others can read it."`
	TokenKey             keyKind     `placeholder:"KIND"       help:"Keys that are made for people, of the same kinds (default: rsa3072)."`
	QuickKeys            toggle      `help:"Use elliptic-curve keys everywhere, so that certificates are there at once: stands for --ca-key p256 --token-key p256."`
	BaseURL              base        `name:"base-url"          placeholder:"URL"           help:"Address that certificates name for CRLs, OCSP and the CAs' certificates (default: what --ca-dir holds, or else where the mock listens)."`
	AllowedHosts         hostNames   `name:"allowed-hosts"     placeholder:"HOST"          help:"Further host names by which clients on this machine may ask, with commas between them, such as mock.example.com or *.example.com. Any other is refused on a loopback address, but for localhost, IP addresses, and what --addr and --base-url name: a page in a browser could use it to reach the mock."`
	CheckResponses       toggle      `help:"Check every response against the contract too; one that does not fit is logged, and sent with the header X-Mock-Contract-Breach."`
	MaxAccounts          count       `placeholder:"N"          help:"How many accounts are held at most; for one more, the longest idle one that nothing has changed is forgotten (default: 10000, or fewer where there is little memory)."`
	MaxOrders            count       `placeholder:"N"          help:"How many orders are held at most, in all accounts together, and with 8 KiB for each how much memory accounts may take (default: from the memory there is, GOMEMLIMIT, the limit of the control group or a quarter of the machine's, at most 1000000; the log says how many)."`
	LogLevel             logLevel    `default:"info"           placeholder:"LEVEL"         help:"Lowest level that is logged: debug, info, warn or error."`
	LogRequests          toggle      `default:"true"           help:"Log a line for each request at the level info, unless --log-requests=false: its operation, account, status, codes and milliseconds. At debug, also why it was refused and what of it was ignored."`
	LogFormat            logFormat   `default:"text"           placeholder:"FORMAT"        help:"Form of the log on standard error: text or json."`
	Version              bool        `help:"Print the version and exit."`

	Serve       struct{} `cmd:"" default:"1" hidden:"" help:"Serve until a signal comes."`
	Healthcheck struct {
		Wait duration `placeholder:"DURATION" help:"Ask again until the server takes orders, for so long at most, such as 30s."`
		URL  target   `arg:"" optional:"" help:"Base URL of the server, such as http://127.0.0.1:8080, which is also where it looks when neither this nor CERTCENTRAL_MOCK_ADDR is given."`
	} `cmd:"" help:"Exit with 0 when a running server takes orders and with 1 when it does not."`
}

// parse reads the command line, then the environment for whatever the command line left open. The command is empty
// when there is nothing left to do, because help or the version was asked for and has been printed.
func parse(args []string, env map[string]string, stdout io.Writer) (*flags, string, error) {
	var (
		f        flags
		done     bool
		resolved *kong.Flag // The flag whose variable was read last.
	)
	parser, err := kong.New(&f,
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
				return nil, nil //nolint:nilnil // The interface's way to say that there is nothing.
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
		return nil, "", usageError{fmt.Errorf("%s: %w", commandHealthcheck, wrong)}
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

func isHealthcheck(c *kong.Context) bool {
	selected := c.Selected()
	return selected != nil && selected.Name == commandHealthcheck
}

// variable is the name of the environment variable for a flag.
func variable(flag string) string {
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// configurable tells whether a flag is a setting, which can come from a variable, or asks for something once.
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

// strangers lists the variables that look like ours but set nothing, most likely because of a spelling mistake. Those
// that Kubernetes adds for a service named certcentral-mock are left out.
func strangers(env map[string]string) []string {
	var known []string
	parser, err := kong.New(&flags{})
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
