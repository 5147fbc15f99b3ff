package mockserver_test

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"github.com/pkio-tools/certcentral/mockserver"
)

// fetch gets what a certificate names.
func fetch(tb testing.TB, address, kind string) []byte {
	tb.Helper()
	r, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		tb.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		tb.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != kind {
		tb.Fatalf("GET %s: %d %s %v", address, answer.StatusCode, answer.Header.Get("Content-Type"), err)
	}
	return body
}

func started(tb testing.TB, opts ...mockserver.Option) *mockserver.Server {
	tb.Helper()
	mock := newMock(tb, opts...)
	if err := mock.Start("127.0.0.1:0"); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = mock.Close() })
	tb.Cleanup(http.DefaultClient.CloseIdleConnections)
	return mock
}

// TestAddressesInCertificates follows the addresses up to the root: each issuer and each CRL is
// there, and fits.
func TestAddressesInCertificates(t *testing.T) {
	t.Parallel()
	for _, preset := range mockserver.Presets() {
		mock := started(t, mockserver.WithCA(newCA(t, mockserver.CAPreset(preset), mockserver.CAKey(mockserver.P256))))
		place(t, mock, anOrder(t))
		certificate := download(t, mock, firstCertificate+"/download/format/crt")[0]
		above := 0
		for ; len(certificate.IssuingCertificateURL) > 0; above++ {
			issuer, err := x509.ParseCertificate(fetch(t, certificate.IssuingCertificateURL[0], "application/pkix-cert"))
			if err != nil {
				t.Fatal(err)
			}
			if err := certificate.CheckSignatureFrom(issuer); err != nil {
				t.Errorf("%s, %s: %v", preset, certificate.Subject, err)
			}
			list, err := x509.ParseRevocationList(fetch(t, certificate.CRLDistributionPoints[0], "application/pkix-crl"))
			if err != nil {
				t.Fatal(err)
			}
			if err := list.CheckSignatureFrom(issuer); err != nil {
				t.Errorf("%s, CRL of %s: %v", preset, issuer.Subject, err)
			}
			certificate = issuer
		}
		if above != 3 || !strings.HasPrefix(certificate.Subject.CommonName, "TEST ") {
			t.Errorf("%s: %d certificates above, the last one %s", preset, above, certificate.Subject)
		}
	}
}

// verdicts are what CRL and OCSP say about a certificate.
type verdicts struct {
	listed         bool
	posted, gotten int
}

func judge(tb testing.TB, certificate *x509.Certificate) (v verdicts) {
	tb.Helper()
	issuer, err := x509.ParseCertificate(fetch(tb, certificate.IssuingCertificateURL[0], "application/pkix-cert"))
	if err != nil {
		tb.Fatal(err)
	}
	list, err := x509.ParseRevocationList(fetch(tb, certificate.CRLDistributionPoints[0], "application/pkix-crl"))
	if err != nil {
		tb.Fatal(err)
	}
	for _, entry := range list.RevokedCertificateEntries {
		v.listed = v.listed || entry.SerialNumber.Cmp(certificate.SerialNumber) == 0 && entry.ReasonCode == ocsp.Superseded
	}
	request, err := ocsp.CreateRequest(certificate, issuer, nil)
	if err != nil {
		tb.Fatal(err)
	}
	responder := certificate.OCSPServer[0]
	r, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, responder, bytes.NewReader(request))
	if err != nil {
		tb.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/ocsp-request")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		tb.Fatal(err)
	}
	defer answer.Body.Close()
	posted, err := io.ReadAll(answer.Body)
	if err != nil {
		tb.Fatal(err)
	}
	gotten := fetch(tb, responder+"/"+url.PathEscape(base64.StdEncoding.EncodeToString(request)), "application/ocsp-response")
	for der, status := range map[*[]byte]*int{&posted: &v.posted, &gotten: &v.gotten} {
		response, err := ocsp.ParseResponseForCert(*der, certificate, issuer)
		if err != nil {
			tb.Fatal(err)
		}
		*status = response.Status
	}
	return v
}

// TestRevocationIsSeen: verifiers see a revocation as soon as the request is answered, and still
// after a reset.
func TestRevocationIsSeen(t *testing.T) {
	t.Parallel()
	mock := started(t)
	place(t, mock, anOrder(t))
	certificate := download(t, mock, firstCertificate+"/download/format/crt")[0]
	if got, want := judge(t, certificate), (verdicts{false, ocsp.Good, ocsp.Good}); got != want {
		t.Errorf("issued: %+v", got)
	}
	must(t, mock, http.MethodPut, firstCertificate+"/revoke", `{"skip_approval": true, "revocation_reason": "superseded"}`)
	revoked := verdicts{true, ocsp.Revoked, ocsp.Revoked}
	if got := judge(t, certificate); got != revoked {
		t.Errorf("revoked: %+v", got)
	}
	must(t, mock, http.MethodPost, "/_mock/reset", "")
	if got := judge(t, certificate); got != revoked {
		t.Errorf("after a reset: %+v", got)
	}
}

// TestCanceledCertificateIsRevoked: the certificate of an order that is canceled after it was made
// is revoked.
func TestCanceledCertificateIsRevoked(t *testing.T) {
	t.Parallel()
	mock := started(t, mockserver.WithLife(mockserver.LifeManual))
	must(t, mock, http.MethodPost, orderPath, anOrder(t))
	for _, to := range []string{"processing", "waiting_pickup"} {
		must(t, mock, http.MethodPost, "/_mock/orders/843668399/transition", `{"to": "`+to+`"}`)
	}
	must(t, mock, http.MethodPut, orderOne+"/status", `{"status": "canceled", "note": "By mistake."}`)
	list, err := x509.ParseRevocationList(fetch(t, mock.URL()+"/_mock/ca/tsp-g3.crl", "application/pkix-crl"))
	if err != nil || len(list.RevokedCertificateEntries) != 1 {
		t.Errorf("%v, %d revocations", err, len(list.RevokedCertificateEntries))
	}
}

// TestOCSPNonsense: a request that is not OCSP gets an OCSP error response, by POST and by GET,
// whatever the path is.
func TestOCSPNonsense(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	for target, method := range map[string]string{
		"/_mock/ocsp": http.MethodPost, "/_mock/ocsp/": http.MethodGet, "/_mock/ocsp/AA//BB==": http.MethodGet,
		"/_mock/ocsp/%2F..%2F": http.MethodGet, "/_mock/ocsp/nonsense": http.MethodHead,
	} {
		got := ask(t, mock, method, target, "nonsense")
		if got.Code != http.StatusOK || got.Header().Get("Content-Type") != "application/ocsp-response" {
			t.Errorf("%s %s: %d %v", method, target, got.Code, got.Header())
		}
		if body := got.Body.Bytes(); method != http.MethodHead && !bytes.Equal(body, ocsp.MalformedRequestErrorResponse) {
			t.Errorf("%s %s: %x", method, target, body)
		}
	}
	if got := ask(t, mock, http.MethodGet, "/_mock/ocsp", ""); got.Code != http.StatusMethodNotAllowed || got.Header().Get("Allow") != http.MethodPost {
		t.Errorf("GET without a request: %d %v", got.Code, got.Header())
	}
}

// TestBaseURL: certificates name the address of WithBaseURL, or else the one in the directory of
// the CAs, or else the address that the server listens on.
func TestBaseURL(t *testing.T) {
	t.Parallel()
	dir := t.TempDir() + "/ca"
	authority := func() mockserver.Option {
		return mockserver.WithCA(newCA(t, mockserver.CADirectory(dir), mockserver.CAKey(mockserver.P256)))
	}
	point := func(mock *mockserver.Server) (string, []byte) {
		place(t, mock, anOrder(t))
		chain := download(t, mock, firstCertificate+"/download/format/pem_all")
		return chain[0].CRLDistributionPoints[0], chain[3].Raw
	}
	if got, _ := point(newMock(t)); got != "http://127.0.0.1:8080/_mock/ca/tsp-g3.crl" {
		t.Errorf("a handler: %s", got)
	}
	listening := started(t, authority())
	kept, root := point(listening)
	if kept != listening.URL()+"/_mock/ca/tsp-g3.crl" {
		t.Errorf("a server at %s: %s", listening.URL(), kept)
	}
	logged := &journal{}
	got, again := point(started(t, authority(), mockserver.WithLogger(slog.New(slog.NewTextHandler(logged, nil)))))
	if got != kept || !bytes.Equal(root, again) || !strings.Contains(logged.String(), "certificates name another address") {
		t.Errorf("the next run: %s, the same root: %v, log %s", got, bytes.Equal(root, again), logged)
	}
	if got, again = point(started(t, authority(), mockserver.WithBaseURL("http://mock.example.com"))); got != "http://mock.example.com/_mock/ca/tsp-g3.crl" || !bytes.Equal(root, again) {
		t.Errorf("a server that was told: %s", got)
	}
	everywhere := newMock(t)
	if err := everywhere.Start("0.0.0.0:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = everywhere.Close() })
	if got, _ := point(everywhere); !strings.HasPrefix(got, "http://127.0.0.1:") {
		t.Errorf("a server that listens everywhere: %s", got)
	}
}

// TestCAOptions: a wrong option says what would be right.
func TestCAOptions(t *testing.T) {
	t.Parallel()
	for want, opt := range map[string]mockserver.CAOption{
		"must be one of [g3 g4 ec]":                          mockserver.CAPreset("g5"),
		"must be one of [rsa2048 rsa3072 rsa4096 p256 p384]": mockserver.CAKey("dsa"),
		"options: option 1 is nil":                           nil,
		"CA directory: the name is empty":                    mockserver.CADirectory(""),
	} {
		if _, err := mockserver.NewCA(opt); err == nil || !strings.HasPrefix(err.Error(), "mockserver: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	for want, opt := range map[string]mockserver.Option{
		"CA: must be one that NewCA has made": mockserver.WithCA(&mockserver.CA{}),
		"token key: must be one of [rsa2048":  mockserver.WithTokenKey("dsa"),
		"base URL: must be":                   mockserver.WithBaseURL("mock.example.com"),
	} {
		if _, err := mockserver.New(opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// TestClockFarAway: a server whose clock is far from the real one has CAs of its own time.
func TestClockFarAway(t *testing.T) {
	t.Parallel()
	for _, year := range []int{1999, 2049} {
		now := time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC)
		mock := newMock(t, mockserver.WithClock(func() time.Time { return now }))
		if order := place(t, mock, anOrder(t)); order.Status != "issued" {
			t.Errorf("%d: %+v", year, order)
			continue
		}
		chain := download(t, mock, firstCertificate+"/download/format/pem_all")
		for _, certificate := range chain {
			if now.Before(certificate.NotBefore) || now.After(certificate.NotAfter) {
				t.Errorf("%d: %s is valid from %v to %v", year, certificate.Subject, certificate.NotBefore, certificate.NotAfter)
			}
		}
	}
}

// TestOCSPAnswersAreKept until a revocation, and until half of their life is over.
func TestOCSPAnswersAreKept(t *testing.T) {
	t.Parallel()
	clock := newClock(vectorClock())
	mock := newMock(t, mockserver.WithClock(clock.now))
	place(t, mock, anOrder(t))
	chain := download(t, mock, firstCertificate+"/download/format/pem_all")
	request, err := ocsp.CreateRequest(chain[0], chain[1], nil)
	if err != nil {
		t.Fatal(err)
	}
	answer := func() []byte {
		return must(t, mock, http.MethodPost, "/_mock/ocsp", string(request), "Content-Type", "application/ocsp-request").Body.Bytes()
	}
	first := answer()
	clock.add(11 * time.Hour)
	if !bytes.Equal(answer(), first) {
		t.Error("another answer within half of its life")
	}
	clock.add(2 * time.Hour)
	second := answer()
	if bytes.Equal(second, first) {
		t.Error("the same answer when half of its life is over")
	}
	must(t, mock, http.MethodPut, firstCertificate+"/revoke", `{"skip_approval": true}`)
	if response, err := ocsp.ParseResponseForCert(answer(), chain[0], chain[1]); err != nil || response.Status != ocsp.Revoked {
		t.Errorf("after the revocation: %+v, %v", response, err)
	}
}
