package client

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
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
	type steps = func(*run, *httptrace.ClientTrace)
	wait := func(_ *run, trace *httptrace.ClientTrace) { trace.GetConn("") }
	connect := func(_ *run, trace *httptrace.ClientTrace) { trace.GotConn(httptrace.GotConnInfo{}) }
	end := func(one *run, _ *httptrace.ClientTrace) { one.done.Store(true) }
	for _, tt := range []struct {
		name        string
		replayable  bool
		steps       []steps
		tried, sent bool
	}{
		{"the HTTP client was not called", false, nil, false, false},
		{"a transport that does not report its connections", false, []steps{end}, true, true},
		{"no connection", false, []steps{wait, end}, true, false},
		{"no connection yet", false, []steps{wait}, true, true},
		{"a connection", false, []steps{wait, connect, end}, true, true},
		{"an idle connection had broken, and there is no other", false, []steps{wait, connect, wait, end}, true, false},
		{"an idle connection had broken, and there is another", false, []steps{wait, connect, wait, connect, end}, true, true},
		{"net/http may repeat what it has sent", true, []steps{wait, connect, wait, end}, true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var p progress
			if len(tt.steps) > 0 {
				one := p.begin()
				for _, step := range tt.steps {
					step(one, one.trace(tt.replayable))
				}
			}
			if tried, sent := p.state(); tried != tt.tried || sent != tt.sent {
				t.Errorf("tried %t, sent %t; want %t, %t", tried, sent, tt.tried, tt.sent)
			}
		})
	}
}

// TestUnknownOperationChanges pins that an operation is treated as a change unless the contract has
// it as a GET.
func TestUnknownOperationChanges(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]bool{"getOrder": false, "updateOrderStatus": true, "notInTheContract": true} {
		if got := (operation{id: id}.described()).changes(); got != want {
			t.Errorf("%s changes something: %t, want %t", id, got, want)
		}
	}
	for method, want := range map[string]bool{"GET": false, "HEAD": false, "POST": true, "PUT": true, "OPTIONS": true} {
		if got := (operation{method: method}).changes(); got != want {
			t.Errorf("%s changes something: %t, want %t", method, got, want)
		}
	}
}

// TestOperationOf finds each operation of the contract by its method and a path with ids.
func TestOperationOf(t *testing.T) {
	t.Parallel()
	for _, id := range api.OperationIDs() {
		contract, _ := api.OperationByID(id)
		segments := strings.Split(contract.Path, "/")
		for i, segment := range segments {
			if strings.HasPrefix(segment, "{") {
				segments[i] = "7"
			}
		}
		if got := operationOf(contract.Method, strings.Join(segments, "/")); got != id {
			t.Errorf("%s %s is %q, want %s", contract.Method, strings.Join(segments, "/"), got, id)
		}
	}
	for path, want := range map[string]string{
		"/order/certificate/pkio_organisation_person": "getOrder", // no order has this id, but it fits
		"/order/certificate/":                         "",
		"/order/certificate/7/8":                      "",
		"":                                            "",
	} {
		if got := operationOf(http.MethodGet, path); got != want {
			t.Errorf("GET %s is %q, want %q", path, got, want)
		}
	}
}
