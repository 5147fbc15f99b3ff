package mockserver_test

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver"
)

// TestSlowSender holds that a client that stops in the middle of its order is answered, and let go.
func TestSlowSender(t *testing.T) {
	t.Parallel()
	w := dial(t, startMock(t, mockserver.WithTimeouts(time.Second, patience)))
	w.say(orderHead(1000, "") + "{")
	answer, body := w.hear(http.MethodPost)
	if got := codes(t, body); answer.StatusCode != http.StatusBadRequest || !slices.Equal(got, []string{"bad_request_format"}) {
		t.Errorf("got %s with %v", answer.Status, got)
	}
	checkStamp(t, answer.Header)
	if _, err := w.in.ReadByte(); err != io.EOF {
		t.Errorf("the connection stays open: %v", err)
	}
}

// TestSlowReader holds that a client that does not read its answers keeps neither them nor the
// server.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	mock := startMock(t, mockserver.WithTimeouts(patience, 100*time.Millisecond))
	w := dial(t, mock)
	w.say(strings.Repeat("GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n", 200))
	time.Sleep(200 * time.Millisecond) // until nothing more fits between the two ends
	ctx, cancel := context.WithTimeout(t.Context(), patience/2)
	defer cancel()
	if err := mock.Shutdown(ctx); err != nil {
		t.Errorf("the server still writes: %v", err)
	}
}
