package pki

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func now() time.Time { return time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC) }

func newHierarchy(tb testing.TB, opts ...ca.Option) *ca.Hierarchy {
	tb.Helper()
	h, err := ca.New(now, ca.Paths{Files: "/ca/", OCSP: "/ocsp"}, append([]ca.Option{ca.WithCAKey(ca.P256)}, opts...)...)
	if err != nil {
		tb.Fatal(err)
	}
	return h
}

func newPKI(h *ca.Hierarchy, base string, log io.Writer) *PKI {
	return New(h, base, ca.P256, clock.Shared(now), slog.New(slog.NewTextHandler(log, nil)))
}

func anIssuanceJob() domain.IssuanceJob {
	return domain.IssuanceJob{
		CertificateID: 1, OrderID: 2, Usage: string(ca.Authentication), Country: "nl", Organization: "Example B.V.",
		GivenName: "Jane", Surname: "Doe", IndividualID: 21, Years: 1,
	}
}

func issue(tb testing.TB, p *PKI, a domain.IssuanceJob) (domain.IssuedMaterial, []byte, error) {
	tb.Helper()
	permit, err := p.Acquire(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	defer permit.Release()
	return p.Make(tb.Context(), permit, a, now())
}

func mustIssue(tb testing.TB, p *PKI) (domain.IssuedMaterial, *x509.Certificate) {
	tb.Helper()
	made, _, err := issue(tb, p, anIssuanceJob())
	if err != nil {
		tb.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(made.DER)
	if err != nil {
		tb.Fatal(err)
	}
	return made, certificate
}

// TestBase pins which address certificates name: the base URL, or the one that a directory holds,
// or the one that the server listens on.
func TestBase(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "ca")
	kept := func() *ca.Hierarchy { return newHierarchy(t, ca.WithDirectory(dir)) }
	mustIssue(t, newPKI(kept(), "http://kept.example.com", io.Discard))
	for name, tc := range map[string]struct {
		hierarchy       *ca.Hierarchy
		base, listening string
		want            string
		warned          bool
	}{
		"nothing":            {newHierarchy(t), "", "", "http://127.0.0.1:8080", false},
		"listening":          {newHierarchy(t), "", "http://192.0.2.1:9", "http://192.0.2.1:9", false},
		"on all addresses":   {newHierarchy(t), "", "http://[::]:9", "http://127.0.0.1:9", false},
		"base URL":           {newHierarchy(t), "http://base.example.com", "http://192.0.2.1:9", "http://base.example.com", false},
		"directory":          {kept(), "", "", "http://kept.example.com", false},
		"moved":              {kept(), "", "http://192.0.2.1:9", "http://kept.example.com", true},
		"base and directory": {newHierarchy(t), "http://kept.example.com", "", "http://kept.example.com", false},
	} {
		var log bytes.Buffer
		p := newPKI(tc.hierarchy, tc.base, &log)
		if tc.listening != "" {
			p.ListenOn(tc.listening)
		}
		if got, err := p.Base(); err != nil || got != tc.want {
			t.Errorf("%s: %s, %v", name, got, err)
		}
		_, certificate := mustIssue(t, p)
		if got := certificate.OCSPServer[0]; got != tc.want+"/ocsp" {
			t.Errorf("%s: OCSP at %s", name, got)
		}
		if strings.Contains(log.String(), "another address") != tc.warned {
			t.Errorf("%s: logged %q", name, &log)
		}
	}
}

// TestChain: a chain begins with the CA that was asked for and ends with a root, and a name of no
// CA is refused with the hint where they are listed.
func TestChain(t *testing.T) {
	t.Parallel()
	p := newPKI(newHierarchy(t), "", io.Discard)
	made, certificate := mustIssue(t, p)
	chain, err := p.Chain(t.Context(), made.Issuer)
	if err != nil || len(chain) < 2 || chain[len(chain)-1].Issuer != "" || chain[0].ID != made.IssuerID {
		t.Fatalf("%v, %+v", err, chain)
	}
	issuer, err := x509.ParseCertificate(chain[0].DER)
	if err != nil {
		t.Fatal(err)
	}
	if err := certificate.CheckSignatureFrom(issuer); err != nil {
		t.Error(err)
	}
	_, err = p.Chain(t.Context(), "root-g9")
	_, crlErr := p.CRL(t.Context(), "root-g9")
	for _, err := range []error{err, crlErr} {
		var refused *domain.Error
		if !errors.As(err, &refused) || refused.Code != domain.CodeCANotFound || refused.Hint != domain.HintListCAs {
			t.Errorf("a name of no CA: %v", err)
		}
	}
}

// TestRevoke: a revoked certificate is on the CRL, and OCSP says so at once, although it has
// answered before.
func TestRevoke(t *testing.T) {
	t.Parallel()
	p := newPKI(newHierarchy(t), "", io.Discard)
	made, certificate := mustIssue(t, p)
	chain, err := p.Chain(t.Context(), made.Issuer)
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := x509.ParseCertificate(chain[0].DER)
	if err != nil {
		t.Fatal(err)
	}
	request, err := ocsp.CreateRequest(certificate, issuer, nil)
	if err != nil {
		t.Fatal(err)
	}
	status := func(method string) int {
		t.Helper()
		r := httptest.NewRequest(http.MethodPost, "/ocsp", bytes.NewReader(request))
		if method == http.MethodGet {
			r = httptest.NewRequest(http.MethodGet, "/ocsp/"+base64.StdEncoding.EncodeToString(request), http.NoBody)
		}
		w := httptest.NewRecorder()
		p.ServeOCSP(w, r)
		response, err := ocsp.ParseResponseForCert(w.Body.Bytes(), certificate, issuer)
		if err != nil {
			t.Fatal(err)
		}
		if w.Header().Get("Content-Type") != "application/ocsp-response" || w.Header().Get("Expires") == "" {
			t.Errorf("headers %v", w.Header())
		}
		return response.Status
	}
	revocations := []domain.Revocation{{SerialNumber: made.SerialNumber, Reason: domain.CessationOfOperation}}
	for _, want := range []int{ocsp.Good, ocsp.Revoked} {
		if post, get := status(http.MethodPost), status(http.MethodGet); post != want || get != want {
			t.Errorf("OCSP says %d by POST and %d by GET, want %d", post, get, want)
		}
		if err := p.Revoke(t.Context(), revocations); err != nil {
			t.Fatal(err)
		}
	}
	crl, err := p.CRL(t.Context(), made.Issuer)
	if err != nil {
		t.Fatal(err)
	}
	list, err := x509.ParseRevocationList(crl)
	if err != nil || len(list.RevokedCertificateEntries) != 1 || list.RevokedCertificateEntries[0].SerialNumber.Cmp(certificate.SerialNumber) != 0 {
		t.Errorf("%v, on the CRL: %+v", err, list)
	}
}

// TestRefused: what is wrong with one certificate is told apart from CAs that cannot be had.
func TestRefused(t *testing.T) {
	t.Parallel()
	p := newPKI(newHierarchy(t), "", io.Discard)
	long := anIssuanceJob()
	long.Organization = strings.Repeat("x", 200)
	if _, _, err := issue(t, p, long); err == nil || errors.Is(err, ErrUnavailable) || strings.Contains(Reason(err), "ca: ") {
		t.Errorf("a name that is too long: %v", err)
	}
	dir := filepath.Join(t.TempDir(), "ca")
	gone := newPKI(newHierarchy(t, ca.WithDirectory(dir)), "", io.Discard)
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if _, _, err := issue(t, gone, anIssuanceJob()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("without the directory: %v", err)
	}
	if got := Reason(fmt.Errorf("x: %w: ca: one\ntwo", ca.ErrRefused)); got != "one; two" {
		t.Errorf("reason %q", got)
	}
}

// TestOwnKey: a certificate for a given public key has that key, and no private key comes with it.
func TestOwnKey(t *testing.T) {
	t.Parallel()
	p := newPKI(newHierarchy(t), "", io.Discard)
	key, err := ca.GenerateKey(ca.P384)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	a := anIssuanceJob()
	a.PublicKey = string(public)
	made, private, err := issue(t, p, a)
	if err != nil || private != nil {
		t.Fatalf("%v, with a private key of %d bytes", err, len(private))
	}
	certificate, err := x509.ParseCertificate(made.DER)
	if err != nil || !bytes.Equal(certificate.RawSubjectPublicKeyInfo, public) {
		t.Errorf("%v, another key", err)
	}
	if _, err := p.PublicKey("csr", "nonsense"); !errors.Is(err, &domain.Error{Code: domain.CodeInvalidField}) || !strings.Contains(err.Error(), "csr is refused") {
		t.Errorf("a request that is none: %v", err)
	}
}

// TestPrepare: the keys come first, and the certificates of the CAs once the server knows its
// address.
func TestPrepare(t *testing.T) {
	t.Parallel()
	p := newPKI(newHierarchy(t), "", io.Discard)
	if p.Progress() != "none" || p.Stocked() {
		t.Errorf("at the beginning: %s, stocked %t", p.Progress(), p.Stocked())
	}
	if err := p.Prepare(t.Context()); err != nil || p.Progress() != "ready" || !p.Stocked() {
		t.Errorf("%v, %s, stocked %t", err, p.Progress(), p.Stocked())
	}
	p.ListenOn("http://192.0.2.1:9")
	if err := p.Prepare(t.Context()); err != nil {
		t.Error(err)
	}
	if got, err := p.Base(); err != nil || got != "http://192.0.2.1:9" {
		t.Errorf("%s, %v", got, err)
	}
}
