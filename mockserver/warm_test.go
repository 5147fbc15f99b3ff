package mockserver_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver"
)

// TestWarmCA: with WithWarmCA a server makes the keys of its CAs before an order, without it in
// WaitForCAs, and healthz reports the progress.
func TestWarmCA(t *testing.T) {
	t.Parallel()
	health := func(mock *mockserver.Server) string {
		return must(t, mock, http.MethodGet, "/_mock/healthz", "").Body.String()
	}
	own := func() mockserver.Option { return mockserver.WithCA(newCA(t, mockserver.CAKey(mockserver.P256))) }
	lazy := newMock(t, own())
	if got := health(lazy); !strings.Contains(got, `"cas":"none"`) {
		t.Errorf("before an order: %s", got)
	}
	warm := newMock(t, own(), mockserver.WithWarmCA(), mockserver.WithTokenKey(mockserver.RSA2048))
	for _, mock := range []*mockserver.Server{lazy, warm} {
		if err := mock.WaitForCAs(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := health(mock); !strings.Contains(got, `"cas":"ready"`) {
			t.Errorf("after waiting for the CAs: %s", got)
		}
	}
	if order := place(t, warm, anOrder(t)); order.Status != "issued" {
		t.Errorf("the order is %+v", order)
	}
	if err := warm.Close(); err != nil {
		t.Error(err)
	}
}

// TestWaitForCAsGivesUp: it returns at once when its context ends or the server is closed.
func TestWaitForCAsGivesUp(t *testing.T) {
	t.Parallel()
	mock := newMock(t, mockserver.WithCA(newCA(t, mockserver.CAKey(mockserver.RSA4096))), mockserver.WithWarmCA())
	hurried, cancel := context.WithCancel(t.Context())
	cancel()
	if err := mock.WaitForCAs(hurried); !errors.Is(err, context.Canceled) || !strings.HasPrefix(err.Error(), "mockserver: wait for the CAs: ") {
		t.Errorf("canceled: %v", err)
	}
	waited := make(chan error)
	go func() { waited <- mock.WaitForCAs(t.Context()) }()
	if err := mock.Close(); err != nil {
		t.Error(err)
	}
	if err := <-waited; err == nil || !strings.Contains(err.Error(), "the server is being stopped") {
		t.Errorf("closed: %v", err)
	}
	if err := mock.WaitForCAs(t.Context()); err == nil {
		t.Error("a closed server waits")
	}
}

// TestWarmBeforeListening: intermediates name the address that the server listens on, also when the
// keys of the CAs were made before.
func TestWarmBeforeListening(t *testing.T) {
	t.Parallel()
	mock, err := mockserver.New(mockserver.WithQuickKeys(), mockserver.WithWarmCA())
	if err != nil {
		t.Fatal(err)
	}
	defer mock.Close()
	if err := mock.WaitForCAs(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := mock.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if err := mock.WaitForCAs(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := must(t, mock, http.MethodGet, "/_mock/ca", "").Body.String(); !strings.Contains(got, `"base_url":"`+mock.URL()+`"`) {
		t.Errorf("the CAs name another address than %s: %s", mock.URL(), got)
	}
}
