// Command certcentral-mock serves a stateful stand-in for DigiCert's CertCentral Services API on
// loopback.
//
// The first line of standard output is the address and nothing else; logs go to standard error. The
// command exits with 0 when a signal stopped it, with 1 when it could not serve, and with 2 when a
// flag or a variable is wrong. The mock itself is package mockserver; this package reads the flags,
// starts it and stops it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// The exit codes of the command.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

// usageError is a wrong flag or variable. All other errors come from running the command.
type usageError struct{ error }

func main() {
	ctx, stop := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		// Restores the default action of signals before anything stops, so that a second signal
		// kills a process whose shutdown takes too long.
		signal.Stop(signals)
		stop()
	}()
	os.Exit(run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
}

// run is the whole command, and returns the exit code. Arguments, environment and outputs are
// parameters so that a test can call it.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	err := dispatch(ctx, args, environment(environ), stdout, stderr)
	if err == nil {
		return exitOK
	}
	fmt.Fprintf(stderr, "%s: %s\n", name, strings.ReplaceAll(err.Error(), "\n", "; "))
	if _, ok := errors.AsType[usageError](err); ok {
		return exitUsage
	}
	return exitFailure
}

func dispatch(ctx context.Context, args []string, env map[string]string, stdout, stderr io.Writer) error {
	settings, command, err := parse(args, env, stdout)
	switch {
	case err != nil:
		return err
	case command == commandHealthcheck:
		return healthcheck(ctx, settings)
	case command == commandServe:
		return serve(ctx, settings, env, stdout, stderr)
	default: // Help or the version was asked for and has been printed.
		return nil
	}
}
