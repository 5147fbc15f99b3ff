package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// readKeys reads a list of API keys, one a line. No error holds a key: lines are named by their number, and the path
// is left out, since it may be a key that was given in place of a file.
func readKeys(path string) ([]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		var failed *fs.PathError
		if errors.As(err, &failed) {
			err = failed.Err
		}
		return nil, fmt.Errorf("needs a readable file with one key a line: %w", err)
	}
	var keys []string
	lines := make(map[string]int)
	for i, line := range strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\n") {
		key := strings.TrimSpace(line)
		if key == "" || strings.HasPrefix(key, "#") {
			continue
		}
		if strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return nil, fmt.Errorf("line %d of the file holds a character that no key can have; one key a line is right", i+1)
		}
		if first, seen := lines[key]; seen {
			return nil, fmt.Errorf("line %d of the file repeats the key of line %d; each key may stand there once", i+1, first)
		}
		lines[key] = i + 1
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, errors.New("the file holds no key; one key a line is right")
	}
	return keys, nil
}
