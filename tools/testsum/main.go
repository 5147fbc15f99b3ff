// Command testsum runs the tests of several modules, one after the other, prints what go test prints, and ends with a
// summary: the tests that were skipped for want of a tool, and a line "N passed, N failed, N skipped".
//
//	testsum [-race] DIR… [-norace] DIR…
//
// Each module is tested with or without the race detector, as the last of the two flags before it says. A failing module
// does not keep the others from running. The exit status is 1 when a test failed or did not compile.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	ok := run(ctx, os.Args[1:])
	stop()
	if !ok {
		os.Exit(1)
	}
}

// run tests all modules, and tells whether all is well.
func run(ctx context.Context, args []string) bool {
	sum := newSummary(os.Stdout)
	race := false
	for _, arg := range args {
		if arg == "-race" || arg == "-norace" {
			race = arg == "-race"
			continue
		}
		before := sum.failed
		if err := test(ctx, arg, race, sum); err != nil && sum.failed == before {
			fmt.Printf("FAIL\t%s: %v\n", arg, err)
			sum.failed++
		}
	}
	sum.print()
	return sum.failed == 0
}

// test runs the tests of one module. That the go command fails is the error, for whatever reason.
func test(ctx context.Context, dir string, race bool, sum *summary) error {
	args := []string{"-C", dir, "test", "./..."}
	if race {
		args = append(args, "-race")
	}
	command := exec.CommandContext(ctx, "go", append(args, "-json")...) //nolint:gosec // folders that the Makefile names
	command.Stderr = os.Stderr
	events, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	fmt.Println("go", strings.Join(args, " "))
	if err := command.Start(); err != nil {
		return err
	}
	if err := sum.read(events); err != nil {
		_, _ = io.Copy(io.Discard, events) // so that the command can end
		return fmt.Errorf("what go test -json says cannot be read: %w", err)
	}
	return command.Wait()
}
