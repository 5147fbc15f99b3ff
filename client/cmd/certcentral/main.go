// Command certcentral orders PKIoverheid "Organisation Person" certificates of DigiCert's
// CertCentral, follows their orders and downloads them.
//
// Standard output gets the result and nothing else; progress, questions and errors go to standard
// error. The exit codes are in the text of --help. The package is written with package client
// alone, as any other program would be.
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

	certcentral "github.com/pkio-tools/certcentral/client"
)

// The exit codes of the command, which the text of --help explains. A signal adds its number to
// exitSignal, as a shell does.
const (
	exitOK        = 0
	exitFailed    = 1
	exitUsage     = 2
	exitUnknown   = 3
	exitEnded     = 4
	exitNotIssued = 5
	exitSignal    = 128
)

// A usageError is a wrong command line, setting or order file. Nothing was ordered.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// A signalError is the signal that has ended the command.
type signalError struct{ signal syscall.Signal }

func (e signalError) Error() string { return "ended by the signal " + e.signal.String() }

func main() {
	ctx, stop := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		received := <-signals
		signal.Stop(signals) // A second signal kills the process.
		if number, ok := received.(syscall.Signal); ok {
			stop(signalError{number})
		}
	}()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole command, and returns the exit code.
func run(ctx context.Context, args []string, stdin *os.File, stdout, stderr io.Writer) int {
	s := &session{stdin: stdin, stdout: stdout, stderr: stderr}
	err := dispatch(ctx, args, s)
	if err == nil {
		return exitOK
	}
	interrupted, isSignal := errors.AsType[signalError](context.Cause(ctx))
	for line := range strings.SplitSeq(describe(err), "\n") {
		s.say("%s", line)
	}
	code := exitCode(err)
	if isSignal && code != exitUnknown && errors.Is(err, context.Canceled) {
		s.say("%v", interrupted)
		return exitSignal + int(interrupted.signal)
	}
	return code
}

func exitCode(err error) int {
	switch {
	case isA[usageError](err), isA[*certcentral.ArgumentError](err):
		return exitUsage
	case errors.Is(err, certcentral.ErrOutcomeUnknown):
		return exitUnknown
	case isA[*certcentral.OrderEndedError](err):
		return exitEnded
	case errors.Is(err, certcentral.ErrNotIssued), isA[waitOverError](err):
		return exitNotIssued
	default:
		return exitFailed
	}
}

func isA[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// describe is the text of an error, with the messages of the service, which the errors of the
// client leave out since logs are not for them.
func describe(err error) string {
	lines := []string{strings.ReplaceAll(strings.TrimPrefix(err.Error(), name+": "), ": "+name+": ", ": ")}
	if refused, ok := errors.AsType[*certcentral.Error](err); ok {
		for _, detail := range refused.Errors {
			if detail.Message != "" {
				lines = append(lines, "  "+printable(detail.Code)+": "+printable(detail.Message))
			}
		}
	}
	if ended, ok := errors.AsType[*certcentral.OrderEndedError](err); ok && ended.Note != "" {
		lines = append(lines, "  note: "+printable(ended.Note))
	}
	return strings.Join(lines, "\n")
}
