package mockserver_test

import (
	"bytes"
	"encoding/base64"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"github.com/pkio-tools/certcentral/mockserver"
)

// TestShutdownEndsWaiting: requests that wait for the keys of the CAs are answered with 503 as soon
// as the server is stopped, and no error is logged.
func TestShutdownEndsWaiting(t *testing.T) {
	t.Parallel()
	logged := &journal{}
	mock := started(t, mockserver.WithCA(newCA(t, mockserver.CAKey(mockserver.RSA4096))),
		mockserver.WithLogger(slog.New(slog.NewTextHandler(logged, nil))))
	var waiting []*wire
	for _, request := range []string{
		"GET /_mock/ca", "GET /_mock/ca/roots.pem", "GET /_mock/ca/tsp-g3.crl", "GET /services/v2/certificate/intermediates",
	} {
		w := dial(t, mock)
		w.say(request + " HTTP/1.1\r\nHost: 127.0.0.1\r\nX-DC-DEVKEY: test\r\n\r\n")
		waiting = append(waiting, w)
	}
	underWay(t, mock, len(waiting))
	if err := mock.Shutdown(t.Context()); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	for _, w := range waiting {
		answer, body := w.hear(http.MethodGet)
		if answer.StatusCode != http.StatusServiceUnavailable || !slices.Equal(codes(t, body), []string{"mock_stopping"}) {
			t.Errorf("got %s: %s", answer.Status, body)
		}
	}
	if text := logged.String(); strings.Contains(text, "level=ERROR") {
		t.Errorf("logged: %s", text)
	}
}

// TestOCSPWaitsForNoCA: a mock whose CAs have no keys yet answers OCSP requests at once, since it
// has issued nothing.
func TestOCSPWaitsForNoCA(t *testing.T) {
	t.Parallel()
	asked := newMock(t)
	place(t, asked, anOrder(t))
	chain := download(t, asked, firstCertificate+"/download/format/pem_all")
	request, err := ocsp.CreateRequest(chain[0], chain[1], nil)
	if err != nil {
		t.Fatal(err)
	}
	mock := newMock(t, mockserver.WithCA(newCA(t, mockserver.CAKey(mockserver.RSA4096))))
	answer := must(t, mock, http.MethodGet, "/_mock/ocsp/"+base64.StdEncoding.EncodeToString(request), "")
	if !bytes.Equal(answer.Body.Bytes(), ocsp.UnauthorizedErrorResponse) {
		t.Errorf("got %x", answer.Body)
	}
	if got := must(t, mock, http.MethodGet, "/_mock/healthz", "").Body.String(); !strings.Contains(got, `"cas":"none"`) {
		t.Errorf("keys are being made: %s", got)
	}
}

// TestCloseLogsCutRequests: the warning about requests that Close cuts off has their operations,
// and nothing that a client has sent.
func TestCloseLogsCutRequests(t *testing.T) {
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
	const want = `requests=2 operations="[POST /services/v2/order/certificate/pkio_organisation_person]"`
	if text := logged.String(); !strings.Contains(text, "level=WARN msg=\"requests cut off") || !strings.Contains(text, want) {
		t.Errorf("logged %s", text)
	}
	if err := mock.Close(); err != nil || strings.Count(logged.String(), "cut off") != 1 {
		t.Errorf("a second Close: %v, logged %s", err, logged)
	}
}

// underWay waits until the server is answering so many requests.
func underWay(tb testing.TB, mock *mockserver.Server, n int) {
	tb.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); mock.InFlight() < n; <-tick.C {
		if time.Now().After(deadline) {
			tb.Fatalf("%d of %d requests came in", mock.InFlight(), n)
		}
	}
}
