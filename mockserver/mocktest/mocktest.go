// Package mocktest gives a Go test a mock CertCentral in one line:
//
//	mock := mocktest.Start(t)
//	order, err := mock.Client.Orders.Get(t.Context(), id)
//
// Each call starts a server of its own on a free port of the loopback interface, with a fresh
// account, and ends with the test. Parallel tests do not disturb each other. Every answer of the
// mock is checked against the contract; one that breaks it fails the test, since that is a fault of
// the mock.
//
// The methods of a [Server] steer its account as the control API does, and fail the test when they
// are refused:
//
//	mock.Set(t, mocktest.Balance("0.00"))
//	mock.Fail(t, mocktest.On("getOrder").After(2).Respond(503))
//	mock.Move(t, id, certcentral.OrderRejected, mocktest.Reason("No answer."))
//	mock.Clock(t).Advance("P400D")
//	calls := mock.Journal(t, mocktest.Operation("getOrder"))
//
// [Server.For] steers the account of another key, and [Server.WholeServer] what all accounts share.
// Package control has the types of what they return, and a client for programs outside of a test.
package mocktest

import (
	"context"
	"log/slog"
	"net/http"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/control"
)

// APIKey is the key that [Server.Client] uses. It has to be on a list that [mockserver.WithAPIKeys]
// closes.
const APIKey = "mocktest"

// A Server is a running mock.
type Server struct {
	URL     string              // the address without a path, such as "http://127.0.0.1:40000"
	BaseURL string              // where the vendor's API is found, for clients other than Client
	APIKey  string              // the key of Client; any other key opens an account of its own
	Client  *certcentral.Client // ready for use
	Mock    *mockserver.Server

	// ControlToken is what WholeServer sends. A test sets it where the mock has a token of
	// [mockserver.WithControlToken].
	ControlToken string

	control   *control.ClientWithResponses // for the account of APIKey
	transport *http.Transport              // for the control API
}

// Start runs a mock until the test and its subtests end. It fails the test when it cannot.
//
// Certificates are issued in the background, with RSA keys: the first one of a process takes about
// a second of a processor, since the CAs need keys too, and each later one half a second. A test
// that needs certificates but not RSA keys uses [mockserver.WithQuickKeys], with which a
// certificate takes milliseconds. [mockserver.WithWarmCA] makes RSA keys before the first order.
//
// A test that fails shows the last lines of the mock's log, unless [mockserver.WithLogger] sends it
// to another place.
//
// Making an RSA key cannot be stopped: when the test ends, it goes on for up to some seconds. A
// leak detector such as goleak has to ignore the function mockserver/internal/ca.GenerateKey,
// unless the mock uses quick keys.
func Start(tb testing.TB, opts ...mockserver.Option) *Server {
	tb.Helper()
	checked := mockserver.WithResponseCheck(func(err error) { tb.Errorf("mocktest: the mock broke its contract: %v", err) })
	log := new(tail)
	logged := mockserver.WithLogger(slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	mock, err := mockserver.New(append([]mockserver.Option{checked, logged}, opts...)...)
	if err != nil {
		tb.Fatalf("mocktest: %v", err)
	}
	if err := mock.Start("127.0.0.1:0"); err != nil {
		tb.Fatalf("mocktest: %v", err)
	}
	transport := &http.Transport{}
	tb.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := mock.Close(); err != nil {
			tb.Errorf("mocktest: %v", err)
		}
		if tb.Failed() {
			log.show(tb)
		}
	})
	s := &Server{URL: mock.URL(), BaseURL: mock.BaseURL(), Mock: mock, transport: transport}
	return s.For(tb, APIKey)
}

// Settle waits until all certificates that Client has ordered are made. Orders with an automatic
// life are issued then. It fails the test after a minute, with the orders that are not issued by
// then.
func (s *Server) Settle(tb testing.TB) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := s.Mock.Settle(ctx, s.APIKey); err != nil {
		tb.Fatalf("mocktest: the account is not at rest: %v", err)
	}
}

// ClientFor returns a client with another key, which opens an account of its own. Options of the
// client come after those that ClientFor sets.
func (s *Server) ClientFor(tb testing.TB, apiKey string, opts ...certcentral.Option) *certcentral.Client {
	tb.Helper()
	// A transport of its own: a test that closes the idle connections of the default transport
	// would cut off an order.
	transport := &http.Transport{}
	tb.Cleanup(transport.CloseIdleConnections)
	client, err := certcentral.New(append([]certcentral.Option{
		certcentral.WithAPIKey(apiKey), certcentral.WithBaseURL(s.BaseURL),
		certcentral.WithHTTPClient(&http.Client{Transport: transport}),
	}, opts...)...)
	if err != nil {
		tb.Fatalf("mocktest: %v", err)
	}
	return client
}
