package client

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// TestDefaultTimeLimit uses a server that reads a request and never answers.
func TestDefaultTimeLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := defaultHTTPClient()
		transport, ok := h.Transport.(*http.Transport)
		if !ok || transport == http.DefaultTransport {
			t.Fatalf("the transport is %T", h.Transport)
		}
		defer transport.CloseIdleConnections()
		transport.Proxy = nil
		transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
			here, there := net.Pipe()
			go func() { _, _ = io.Copy(io.Discard, there) }()
			return here, nil
		}
		c, err := New(WithAPIKey("key"), WithBaseURL("http://127.0.0.1:1"), WithHTTPClient(h))
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		_, err = c.Organizations.Create(t.Context(), OrganizationCreateRequest{})
		if waited := time.Since(begin); waited != time.Minute {
			t.Errorf("the client waited %v", waited)
		}
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrOutcomeUnknown) {
			t.Errorf("got %v", err)
		}
	})
}

// TestDefaultHTTPClient pins that the default HTTP client has the time limit, and that an HTTP
// client of the caller does not get it.
func TestDefaultHTTPClient(t *testing.T) {
	t.Parallel()
	transport, ok := withoutRedirects(nil).Transport.(*http.Transport)
	if !ok || transport.ResponseHeaderTimeout != time.Minute || transport.Proxy == nil {
		t.Errorf("the default transport is %+v", transport)
	}
	if given := withoutRedirects(&http.Client{}); given.Transport != nil || given.Timeout != 0 {
		t.Errorf("the client that was given has become %+v", given)
	}
}

// TestMayBeSent pins which requests may have been sent, by what the HTTP client has reported.
func TestMayBeSent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name                     string
		built, waited, connected bool
		want                     bool
	}{
		{"not built", false, false, false, false},
		{"a transport that does not report its connections", true, false, false, true},
		{"no connection", true, true, false, false},
		{"a connection", true, true, true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var p progress
			p.built.Store(tt.built)
			p.waited.Store(tt.waited)
			p.connected.Store(tt.connected)
			if got := p.mayBeSent(); got != tt.want {
				t.Errorf("may be sent: %t, want %t", got, tt.want)
			}
		})
	}
}

// TestUnknownOperationChanges pins that an operation is treated as a change unless the contract has
// it as a GET.
func TestUnknownOperationChanges(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]bool{"getOrder": false, "updateOrderStatus": true, "notInTheContract": true} {
		if got := (operation{id: id}).changes(); got != want {
			t.Errorf("%s changes something: %t, want %t", id, got, want)
		}
	}
}
