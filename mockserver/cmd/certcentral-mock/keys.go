package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/pkio-tools/certcentral/mockserver"
)

// keyFile is a closed list of API keys, read from a file; empty when none was given.
type keyFile []string

func (k *keyFile) Decode(c *kong.DecodeContext) error {
	token, err := c.Scan.PopValue("value")
	if err != nil {
		return valueError("a file with one API key a line")
	}
	*k, err = readKeys(token.String())
	return err
}

// readKeys reads a list of API keys, one a line. No error holds a key: lines are named by their
// number, and the path is left out, since it may be a key that was given in place of a file.
func readKeys(path string) ([]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		if failed, ok := errors.AsType[*fs.PathError](err); ok {
			err = failed.Err
		}
		return nil, valueError(fmt.Sprintf("a readable file with one API key a line: %s", err))
	}
	var keys []string
	lines := make(map[string]int)
	for i, line := range strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\n") {
		key := strings.TrimSpace(line)
		if key == "" || strings.HasPrefix(key, "#") {
			continue
		}
		if mockserver.Validate(mockserver.WithAPIKeys(key)) != nil {
			return nil, valueError(fmt.Sprintf("a file with one API key a line, of at most 256 printable ASCII characters: line %d holds something else", i+1))
		}
		if first, seen := lines[key]; seen {
			return nil, valueError(fmt.Sprintf("a file with each API key once: line %d repeats line %d", i+1, first))
		}
		lines[key] = i + 1
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, valueError("a file with one API key a line: the file holds none")
	}
	return keys, nil
}
