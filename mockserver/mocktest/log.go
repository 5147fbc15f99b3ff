package mocktest

import (
	"strings"
	"sync"
	"testing"
)

// keptLines is how many lines of the request log a failed test shows.
const keptLines = 100

// A tail keeps the last lines of a log. A handler of slog writes one line at a time.
type tail struct {
	mu      sync.Mutex
	lines   []string
	dropped int
}

func (t *tail) Write(line []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lines) == keptLines {
		t.lines = append(t.lines[:0], t.lines[1:]...)
		t.dropped++
	}
	t.lines = append(t.lines, string(line))
	return len(line), nil
}

func (t *tail) show(tb testing.TB) {
	tb.Helper()
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lines) > 0 {
		tb.Logf("mocktest: the log of the mock, without its first %d lines:\n%s", t.dropped, strings.Join(t.lines, ""))
	}
}
