package mockserver_test

import (
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"github.com/pkio-tools/certcentral/mockserver"
)

// TestShutdownEndsWaiting: requests that wait for the keys of the CAs, which nothing can hurry, are answered as soon as
// the server is stopped, and are no fault of the mock.
func TestShutdownEndsWaiting(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/_mock/ca", "/_mock/ca/roots.pem", "/_mock/ca/tsp-g3.crl", "/services/v2/certificate/intermediates"} {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			logged := &journal{}
			mock := started(t, mockserver.WithCA(newCA(t, mockserver.CAKey(mockserver.RSA2048))),
				mockserver.WithLogger(slog.New(slog.NewTextHandler(logged, nil))))
			w := dial(t, mock)
			w.say("GET " + target + " HTTP/1.1\r\nHost: mock\r\nX-DC-DEVKEY: test\r\n\r\n")
			underWay(t, mock)
			if err := mock.Shutdown(t.Context()); err != nil {
				t.Errorf("Shutdown: %v", err)
			}
			answer, body := w.hear(http.MethodGet)
			if answer.StatusCode != http.StatusServiceUnavailable || !slices.Equal(codes(t, body), []string{"mock_stopping"}) {
				t.Errorf("got %s: %s", answer.Status, body)
			}
			if text := logged.String(); strings.Contains(text, "level=ERROR") {
				t.Errorf("logged: %s", text)
			}
		})
	}
}

// TestShutdownOfOCSP: a verifier that waits for the keys of the CAs is answered too, in the words of OCSP.
func TestShutdownOfOCSP(t *testing.T) {
	t.Parallel()
	other := newMock(t) // a request about any certificate
	place(t, other, anOrder(t))
	chain := download(t, other, firstCertificate+"/download/format/pem_all")
	request, err := ocsp.CreateRequest(chain[0], chain[1], nil)
	if err != nil {
		t.Fatal(err)
	}
	logged := &journal{}
	mock := started(t, mockserver.WithCA(newCA(t, mockserver.CAKey(mockserver.RSA2048))),
		mockserver.WithLogger(slog.New(slog.NewTextHandler(logged, nil))))
	w := dial(t, mock)
	w.say("POST /_mock/ocsp HTTP/1.1\r\nHost: mock\r\nContent-Length: " + strconv.Itoa(len(request)) + "\r\n\r\n" + string(request))
	underWay(t, mock)
	if err := mock.Shutdown(t.Context()); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	if answer, _ := w.hear(http.MethodPost); answer.StatusCode != http.StatusOK || strings.Contains(logged.String(), "level=ERROR") {
		t.Errorf("got %s, logged %s", answer.Status, logged)
	}
}

// TestCloseSaysWhatItCuts off, by operation, without anything that the client has sent.
func TestCloseSaysWhatItCuts(t *testing.T) {
	t.Parallel()
	logged := &journal{}
	mock := started(t, mockserver.WithLogger(slog.New(slog.NewTextHandler(logged, nil))))
	first, second := begin(t, mock, vendorOrder(t)), begin(t, mock, vendorOrder(t))
	if err := mock.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	for _, w := range []*wire{first, second} {
		if _, err := w.in.ReadByte(); err == nil {
			t.Error("the connection is still open")
		}
	}
	want := `requests=2 operations="[POST /services/v2/order/certificate/pkio_organisation_person POST /services/v2/order/certificate/pkio_organisation_person]"`
	if text := logged.String(); !strings.Contains(text, "level=WARN msg=\"requests cut off") || !strings.Contains(text, want) {
		t.Errorf("logged %s", text)
	}
	if err := mock.Close(); err != nil || strings.Count(logged.String(), "cut off") != 1 {
		t.Errorf("a second Close: %v, logged %s", err, logged)
	}
}

// underWay waits until the server is answering a request.
func underWay(tb testing.TB, mock *mockserver.Server) {
	tb.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); mock.InFlight() == 0; <-tick.C {
		if time.Now().After(deadline) {
			tb.Fatal("no request came in")
		}
	}
}
