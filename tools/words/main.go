// Command words counts riddle words in the comments of hand-written Go files, tests included. It
// fails if there is more than one per 1,000 words of comment.
//
//	words [-v] DIR
//
// A riddle word refers to a person or a place that the sentence does not name. In most comments
// there is none: the sentence is about the caller, another goroutine or another file, and it is
// easier to understand if it says so. The command prints each riddle word with its file and line if
// there are too many, or with -v, which also prints the figures of each package.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

// limit is the allowed number of riddle words per 1,000 words of comment.
const limit = 1

func main() {
	if err := run(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "words:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, args []string) error {
	flags := flag.NewFlagSet("words", flag.ContinueOnError)
	verbose := flags.Bool("v", false, "print the figures of each package, and each riddle word")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return fmt.Errorf("%d folders are given, want one", flags.NArg())
	}
	packages, err := count(flags.Arg(0))
	if err != nil {
		return err
	}
	var all figures
	for _, p := range packages {
		all.words += p.words
		all.riddles = append(all.riddles, p.riddles...)
	}
	if all.words == 0 {
		return fmt.Errorf("%s has no comments in Go files", flags.Arg(0))
	}
	tooMany := len(all.riddles)*1000 > limit*all.words
	if *verbose || tooMany {
		for _, p := range packages {
			if *verbose || len(p.riddles) > 0 {
				fmt.Fprintf(w, "%s: %s\n", p.folder, p)
			}
		}
		for _, r := range all.riddles {
			fmt.Fprintf(w, "%s: %q\n", r.position, r.word)
		}
	}
	fmt.Fprintf(w, "riddle words in comments: %s\n", all)
	if tooMany {
		return fmt.Errorf("more than %d per 1,000 words: replace these words by the names of the things that they mean", limit)
	}
	return nil
}
