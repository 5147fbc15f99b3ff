package main

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"runtime/debug"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	certcentral "github.com/pkio-tools/certcentral/client"
)

const name = "certcentral"

const description = `Orders PKIoverheid Organisation Person certificates of DigiCert CertCentral, follows their orders and downloads them. Unofficial.

The API key comes from CERTCENTRAL_API_KEY, --api-key-file or --api-key-command, and never from an argument. CERTCENTRAL_BASE_URL names another server, such as a mock.

Exit codes:
  0    done
  1    refused by the service, or failed; "order" has ordered nothing, unless it has printed the id
  2    wrong command line, setting or order file, or the question before an order was not answered by yes
  3    it is not known whether the order was placed: run "order" again with the --id that it says, and --resume
  4    the order has ended without a certificate: rejected, canceled, revoked or expired
  5    the certificate is not issued yet
  130  interrupted (Ctrl-C); 143 after SIGTERM`

// cli is the command line.
type cli struct {
	APIKeyFile    string        `name:"api-key-file" group:"account" xor:"key" placeholder:"FILE" help:"Read the API key from this file, again before each request, so that it can be replaced."`
	APIKeyCommand string        `name:"api-key-command" group:"account" xor:"key" placeholder:"COMMAND" help:"Run this command once in the shell; what it prints is the API key."`
	BaseURL       string        `name:"base-url" group:"account" xor:"server" placeholder:"URL" help:"Base URL of the server (default: CERTCENTRAL_BASE_URL, or CertCentral Europe)."`
	Region        string        `group:"account" xor:"server" placeholder:"${regions}" help:"Platform of the account, in place of a base URL."`
	InsecureHTTP  bool          `name:"insecure-http" group:"account" help:"Allow plain HTTP to another machine. Every machine on the way can read the API key."`
	Retries       int           `group:"account" default:"3" placeholder:"N" help:"Repeat a request that only reads up to N times (default: 3)."`
	Timeout       time.Duration `group:"account" default:"1m" placeholder:"DURATION" help:"Time limit of each request (default: 1m)."`
	Verbose       bool          `group:"account" help:"Report each request on standard error."`
	Version       bool          `help:"Print the version and exit."`

	Order    orderCommand    `cmd:"" help:"Place the order of a file, exactly once."`
	List     listCommand     `cmd:"" help:"List orders."`
	Show     showCommand     `cmd:"" help:"Show one order."`
	Download downloadCommand `cmd:"" help:"Download the certificate of an order."`
	Wait     waitCommand     `cmd:"" help:"Wait until the certificate of an order is issued."`
	Whoami   whoamiCommand   `cmd:"" help:"Show the user of the API key, the account and its balance."`
}

// A runner is one of the commands.
type runner interface {
	run(ctx context.Context, s *session) error
}

// dispatch reads the command line and runs its command.
func dispatch(ctx context.Context, args []string, s *session) error {
	if err := refuseKey(args); err != nil {
		return err
	}
	done := false
	parser, err := kong.New(&s.cli,
		kong.Name(name),
		kong.Description(description),
		kong.Writers(s.stdout, io.Discard),
		kong.Exit(func(int) { done = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.ExplicitGroups([]kong.Group{{Key: "account", Title: "Account and server:"}}),
		kong.Vars{
			"regions": string(certcentral.RegionEU) + "|" + string(certcentral.RegionUS),
			"formats": strings.Join(formats(), ", "),
			"quiet":   certcentral.DefaultQuietPeriod.String(),
		},
	)
	if err != nil {
		return err
	}
	if len(args) == 1 && args[0] == "--version" { // which needs no command
		_, err := fmt.Fprintln(s.stdout, name, version())
		return err
	}
	parsed, err := parser.Parse(args)
	switch {
	case done:
		return nil
	case err != nil:
		return usagef("%w; %s --help lists what there is", err, name)
	case s.cli.Version:
		_, err := fmt.Fprintln(s.stdout, name, version())
		return err
	}
	command, ok := reflect.TypeAssert[runner](parsed.Selected().Target.Addr())
	if !ok {
		return fmt.Errorf("%s is no command", parsed.Command())
	}
	return command.run(ctx, s)
}

// refuseKey refuses an API key on the command line, which other processes can see. It does not
// repeat the argument.
func refuseKey(args []string) error {
	for _, arg := range args {
		switch {
		case arg == "--":
			return nil
		case arg == "--api-key", strings.HasPrefix(arg, "--api-key="):
			return usagef("--api-key: an API key is never an argument, since other processes can see it: " +
				"set CERTCENTRAL_API_KEY, or use --api-key-file or --api-key-command")
		}
	}
	return nil
}

// version is the version of the module that the command was built from.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}
