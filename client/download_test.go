package client_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// downloads are the calls whose answer is a certificate file.
var downloads = []reading{
	{"downloadCertificate", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Certificates.DownloadFile(ctx, 845503702, o...)
	}},
	{"downloadCertificateForPlatform", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Certificates.DownloadForPlatform(ctx, 845503702, 29, o...)
	}},
	{"downloadCertificateInFormat", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Certificates.DownloadInFormat(ctx, 845503702, certcentral.FormatPEM, o...)
	}},
	{"downloadOrderCertificate", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Orders.DownloadCertificateFile(ctx, 843668399, o...)
	}},
	{"downloadOrderCertificateInFormat", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Orders.DownloadCertificateInFormat(ctx, 843668399, certcentral.FormatP7B, o...)
	}},
	{"downloadCertificateInFormat", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Certificates.Download(ctx, 845503702, o...)
	}},
	{"downloadOrderCertificateInFormat", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return c.Orders.DownloadCertificate(ctx, 843668399, o...)
	}},
}

// chain is a certificate in DER, followed by the certificates of its CAs.
type chain [][]byte

// newChain makes a certificate that is issued by a chain of CAs.
func newChain(t testing.TB, cas int) chain {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var ders chain
	var issuer *x509.Certificate
	for i := cas; i >= 0; i-- {
		template := &x509.Certificate{
			SerialNumber:          big.NewInt(int64(i) + 1),
			Subject:               pkix.Name{CommonName: fmt.Sprintf("certificate %d", i)},
			NotBefore:             time.Date(2026, time.November, 23, 0, 0, 0, 0, time.UTC),
			NotAfter:              time.Date(2027, time.November, 23, 0, 0, 0, 0, time.UTC),
			BasicConstraintsValid: true,
			IsCA:                  i > 0,
		}
		if issuer == nil {
			issuer = template
		}
		der, err := x509.CreateCertificate(rand.Reader, template, issuer, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		ders = append(ders, der)
		issuer = template
	}
	slices.Reverse(ders)
	return ders
}

func (c chain) pem() []byte {
	var b bytes.Buffer
	for _, der := range c {
		_ = pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: der})
	}
	return b.Bytes()
}

// TestIssuedCertificate reads chains of several lengths.
func TestIssuedCertificate(t *testing.T) {
	t.Parallel()
	for cas := range 4 {
		file := newChain(t, cas).pem()
		for name, get := range map[string]func(*certcentral.Client) (certcentral.IssuedCertificate, error){
			"by its id": func(c *certcentral.Client) (certcentral.IssuedCertificate, error) {
				return c.Certificates.Download(t.Context(), 845503702)
			},
			"by its order": func(c *certcentral.Client) (certcentral.IssuedCertificate, error) {
				return c.Orders.DownloadCertificate(t.Context(), 843668399)
			},
		} {
			got, err := get(offline(t, 200, "application/x-pem-file", string(file)))
			if err != nil {
				t.Fatalf("%s, with %d CAs: %v", name, cas, err)
			}
			names := []string{got.Leaf.Subject.CommonName}
			for _, above := range got.Chain {
				names = append(names, above.Subject.CommonName)
			}
			want := []string{"certificate 0", "certificate 1", "certificate 2", "certificate 3"}[:cas+1]
			if diff := cmp.Diff(want, names); diff != "" {
				t.Errorf("%s, with %d CAs (-want +got):\n%s", name, cas, diff)
			}
			if !bytes.Equal(got.PEM, file) {
				t.Errorf("%s, with %d CAs: the file has changed", name, cas)
			}
		}
	}
}

// TestIssuedCertificateLeniently reads other spellings of PEM, which another server might send.
func TestIssuedCertificateLeniently(t *testing.T) {
	t.Parallel()
	file := string(newChain(t, 1).pem())
	for name, text := range map[string]string{
		"carriage returns": strings.ReplaceAll(file, "\n", "\r\n"),
		"blank lines":      "\n\n" + strings.ReplaceAll(file, "-----BEGIN", "\n-----BEGIN") + "\n\n",
		"no last newline":  strings.TrimRight(file, "\n"),
		"remarks":          "subject=CN = somebody\n" + file + "the end",
		"something else":   file + "-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n",
	} {
		for _, contentType := range []string{"application/x-pem-file", "application/x-pem-file; charset=utf-8", "application/octet-stream", "text/plain", ""} {
			got, err := offline(t, 200, contentType, text).Orders.DownloadCertificate(t.Context(), 1)
			if err != nil || got.Leaf.Subject.CommonName != "certificate 0" || len(got.Chain) != 1 {
				t.Errorf("%s, as %q: %+v, %v", name, contentType, got, err)
			}
		}
	}
}

// TestUnusableFiles answers a download with another content than a certificate. The error must not
// contain the content.
func TestUnusableFiles(t *testing.T) {
	t.Parallel()
	c := newChain(t, 1)
	person := "-----BEGIN CERTIFICATE-----\nQWRhIFZvb3JiZWVsZA==\n-----END CERTIFICATE-----\n"
	const page = `<title>Sign in</title>`
	for _, tt := range []struct{ name, contentType, body, parsed, file string }{
		{
			"a page", "text/html", page,
			`the answer is no certificate file but 22 bytes of text/html titled "Sign in"`,
			`the answer is no certificate file but 22 bytes of text/html titled "Sign in"`,
		},
		{
			"a page that lies about its type", "application/x-pem-file", page,
			"the answer is no certificate file but 22 bytes of application/x-pem-file",
			"the answer is no certificate file but 22 bytes of application/x-pem-file",
		},
		{
			"a page with a certificate in it", "text/html", page + string(c.pem()),
			"the answer is no certificate file but ", "the answer is no certificate file but ",
		},
		{
			"JSON", "application/json", toJSON(t, map[string]string{"pem": string(c.pem())}),
			"the answer is no certificate file but ", "the answer is no certificate file but ",
		},
		{
			"nothing", "application/x-pem-file", "",
			"the answer is no certificate file but empty", "the answer is no certificate file but empty",
		},
		{
			"DER", "application/pkix-cert", string(c[0]),
			"the answer is no certificate file but ", "the answer is no certificate file but ",
		},
		{
			"half a certificate", "application/x-pem-file", string(c.pem()[:100]),
			"the answer is no certificate file but ", "the answer is no certificate file but ",
		},
		{
			"a ZIP", "application/zip", "PK\x03\x04...",
			"the answer holds no certificate in PEM but 7 bytes of application/zip", "",
		},
		{
			"PKCS #7", "application/x-pkcs7-certificates", "-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n",
			"the answer holds no certificate in PEM but 47 bytes of application/x-pkcs7-certificates", "",
		},
		{
			"no certificate", "application/x-pem-file", person,
			"the answer does not fit the contract: certificate 1 is not one that crypto/x509 can read", "",
		},
		{
			"no chain", "application/x-pem-file", string(c[:1].pem()) + person,
			"the answer does not fit the contract: certificate 2 is not one that crypto/x509 can read", "",
		},
		{
			"a CA alone", "application/x-pem-file", string(c[1:].pem()),
			"the answer does not fit the contract: certificate 1 is the one of a CA", "",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for i, download := range downloads {
				want := tt.file
				if i >= len(downloads)-2 {
					want = tt.parsed
				}
				got, err := download.call(t.Context(), offline(t, 200, tt.contentType, tt.body))
				if want == "" {
					file := certcentral.CertificateFile{ContentType: tt.contentType, Content: []byte(tt.body)}
					if diff := cmp.Diff(any(file), got); diff != "" || err != nil {
						t.Errorf("%s: %v, file (-want +got):\n%s", download.operation, err, diff)
					}
					continue
				}
				var e *certcentral.Error
				if !errors.As(err, &e) || e.StatusCode != http.StatusOK || e.OutcomeUnknown ||
					!strings.HasPrefix(err.Error(), download.operation+": status 200: "+want) {
					t.Errorf("%s: got %v, want %s", download.operation, err, want)
				}
				for ; err != nil; err = errors.Unwrap(err) {
					if text := fmt.Sprintf("%+v", err); strings.Contains(text, "Voorbeeld") {
						t.Errorf("%s: the error repeats the answer: %s", download.operation, text)
					}
				}
			}
		})
	}
}

// TestDownloadLimits answers downloads with a body that is too large, and with one that is cut
// short.
func TestDownloadLimits(t *testing.T) {
	t.Parallel()
	const limit = 8 << 20
	file := string(newChain(t, 1).pem())
	for name, tt := range map[string]struct{ body, want string }{
		"at the limit": {file + strings.Repeat("\n", limit-len(file)), ""},
		"over it":      {file + strings.Repeat("\n", limit-len(file)+1), "status 200: the answer is larger than 8 MiB"},
	} {
		for _, download := range downloads {
			_, err := download.call(t.Context(), offline(t, 200, "application/x-pem-file", tt.body))
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || err.Error() != download.operation+": "+tt.want) {
				t.Errorf("%s, %s: %v", name, download.operation, err)
			}
		}
	}
}

// TestDownloadRefusals refuses a download. A refusal is JSON.
func TestDownloadRefusals(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		code   string
		kind   error
	}{
		{400, "cert_unavailable_processing", certcentral.ErrNotIssued},
		{400, "invalid_parameter|format", certcentral.ErrInvalidRequest},
		{403, "access_denied|missing_permission", certcentral.ErrForbidden},
		{404, "not_found|certificate", certcentral.ErrNotFound},
		{429, "request_limit_exceeded", certcentral.ErrRateLimited},
	} {
		for _, download := range downloads {
			_, err := download.call(t.Context(), offline(t, tt.status, "application/json", envelope(tt.code)))
			var e *certcentral.Error
			if !errors.As(err, &e) || !errors.Is(err, tt.kind) || e.Operation != download.operation || !e.Has(tt.code) {
				t.Errorf("%s, %s: %v", download.operation, tt.code, err)
			}
			for name, kind := range kinds {
				if !errors.Is(kind, tt.kind) && errors.Is(err, kind) {
					t.Errorf("%s, %s is %s as well", download.operation, tt.code, name)
				}
			}
		}
	}
}

// TestCertificateOfAnOrder pins the field of each member of an issued certificate.
func TestCertificateOfAnOrder(t *testing.T) {
	t.Parallel()
	order, err := offline(t, 200, "application/json", `{"id":1,"order_valid_till":"2027-11-23","certificate":{"id":2,
		"status":"revoked","thumbprint":"0A1B","serial_number":"4A1B","common_name":"Jane Doe",
		"date_issued":"2026-11-23T09:30:00+00:00","valid_from":"2026-11-23","valid_till":"2027-11-23",
		"days_remaining":365,"key_size":3072,"ca_cert":{"id":"2A5B","name":"A CA"}}}`).Orders.Get(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	from, till := certcentral.Date{Year: 2026, Month: time.November, Day: 23}, certcentral.Date{Year: 2027, Month: time.November, Day: 23}
	issued := time.Date(2026, time.November, 23, 9, 30, 0, 0, time.UTC)
	want := certcentral.Certificate{
		ID: 2, CommonName: "Jane Doe", Status: certcentral.CertificateRevoked, DateIssued: issued, SerialNumber: "4A1B",
		Thumbprint: "0A1B", ValidFrom: from, ValidTill: till, DaysRemaining: 365, KeySize: 3072,
		CACert: certcentral.CACert{ID: "2A5B", Name: "A CA"},
	}
	if diff := cmp.Diff(want, order.Certificate); diff != "" || order.ValidTill != till {
		t.Errorf("order valid till %v, certificate (-want +got):\n%s", order.ValidTill, diff)
	}

	list, err := offline(t, 200, "application/json", `{"orders":[{"id":1,"order_valid_till":"2027-11-23","certificate":{"id":2,
		"serial_number":"4A1B","common_name":"Jane Doe","valid_from":"2026-11-23","valid_till":"2027-11-23",
		"days_remaining":365}}],"page":{"total":1,"limit":1000,"offset":0}}`).Orders.List(t.Context(), certcentral.OrderListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	summary := certcentral.CertificateSummary{
		ID: 2, CommonName: "Jane Doe", SerialNumber: "4A1B", ValidFrom: from, ValidTill: till, DaysRemaining: 365,
	}
	if diff := cmp.Diff(summary, list.Items[0].Certificate); diff != "" || list.Items[0].ValidTill != till {
		t.Errorf("order valid till %v, summary (-want +got):\n%s", list.Items[0].ValidTill, diff)
	}
}
