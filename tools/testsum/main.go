// Command testsum runs the tests of several modules, one after the other. It prints the lines of go test, and at the end
// one line such as
//
//	1480 passed, 0 failed, 7 skipped; missing tools: openssl (4), certtool (2)
//
// The packages are printed in the order of go list. It counts tests and subtests. A test that needs a tool skips itself with "TOOL is not installed (Debian: PACKAGE)".
//
//	testsum [-race] DIR… [-norace] DIR…
//
// Each module is tested with or without the race detector, as the last flag before it says. If the tests of a module
// fail, the others are run all the same. The exit status is 1 if a test failed, if a package did not compile, or if a
// module has no tests.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	ok := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if !ok {
		os.Exit(1)
	}
}

// run tests all modules and reports whether all tests passed.
func run(ctx context.Context, args []string, out io.Writer) bool {
	sum := newSummary(out)
	race, modules := false, 0
	for _, arg := range args {
		if arg == "-race" || arg == "-norace" {
			race = arg == "-race"
			continue
		}
		modules++
		failed, ran := sum.failed, sum.ran()
		err := test(ctx, arg, race, sum)
		if err == nil && sum.ran() == ran {
			err = errors.New("no test was run")
		}
		if err != nil && sum.failed == failed {
			sum.say(fmt.Sprintf("FAIL\t%s: %v\n", arg, err))
			sum.failed++
		}
	}
	if modules == 0 {
		sum.say("FAIL\tno folder of a module is given: testsum [-race] DIR… [-norace] DIR…\n")
		sum.failed++
	}
	sum.print()
	return sum.failed == 0
}

// test runs the tests of one module. It returns an error if the go command fails for any reason.
func test(ctx context.Context, dir string, race bool, sum *summary) error {
	list := exec.CommandContext(ctx, "go", "-C", dir, "list", "-e", "./...") //nolint:gosec // the Makefile names the folders
	list.Stderr = os.Stderr
	packages, err := list.Output()
	if err != nil {
		return err
	}
	sum.order = strings.Fields(string(packages))
	args := []string{"-C", dir, "test", "./...", "-json"}
	if race {
		args = append(args, "-race")
	}
	command := exec.CommandContext(ctx, "go", args...) //nolint:gosec // the Makefile names the folders
	command.Stderr = os.Stderr
	events, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	if err := sum.read(events); err != nil {
		_, _ = io.Copy(io.Discard, events) // so that the command can end
		return errors.Join(fmt.Errorf("the output of go test -json cannot be read: %w", err), command.Wait())
	}
	return command.Wait()
}
