package front

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

// TestServerLog holds that what net/http says of itself is a warning, and what it says of single
// clients is not.
func TestServerLog(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo} {
		log.Reset()
		logger := slog.NewLogLogger(NewServerLog(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: level})), slog.LevelDebug)
		logger.Print("http: Accept error: accept tcp: too many open files; retrying in 5ms")
		logger.Print("http: panic serving 127.0.0.1:5: a fault")
		logger.Print("http: TLS handshake error from 127.0.0.1:5: EOF")
		wants := map[string]bool{"level=WARN msg=\"http: Accept": true, "level=WARN msg=\"http: panic": true, "level=DEBUG msg=\"http: TLS": level == slog.LevelDebug}
		for text, want := range wants {
			if strings.Contains(log.String(), text) != want {
				t.Errorf("%s: the log says %q", level, &log)
			}
		}
	}
}
