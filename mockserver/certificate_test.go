package mockserver_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"github.com/pkio-tools/certcentral/mockserver"
)

const (
	orderOne         = "/services/v2/order/certificate/843668399"
	firstCertificate = "/services/v2/certificate/845503702"
	firstToken       = "/_mock/orders/843668399/token"
)

// anOrder is an order of the seeded individual. Pairs are replaced in it.
func anOrder(tb testing.TB, pairs ...string) string {
	tb.Helper()
	order := `{"certificate": {"signature_hash": "sha256", "profile_option": "authentication", "individual": {"id": 21}},
		"csa_agreed_to": true, "cs_provisioning_method": "token", "payment_method": "balance",
		"ship_info": {"name": "John Doe", "addr1": "A", "addr2": "", "city": "C", "state": "S", "zip": "Z", "country": "nl", "method": "STANDARD"},
		"organization": {"id": 1920073, "contacts": [{"contact_type": "verified_contact", "user_id": 4313813}]}}`
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(order, pairs[i]) {
			tb.Fatalf("the order has no %s", pairs[i])
		}
		order = strings.Replace(order, pairs[i], pairs[i+1], 1)
	}
	return order
}

// must asks for something that has to be granted.
func must(tb testing.TB, mock http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	tb.Helper()
	answer := ask(tb, mock, method, target, body, headers...)
	if answer.Code/100 != 2 {
		tb.Fatalf("%s %s: %d %s", method, target, answer.Code, answer.Body)
	}
	return answer
}

// place places an order, and returns it once no certificate is being made any more.
func place(tb testing.TB, mock *mockserver.Server, order string) orderSeen {
	tb.Helper()
	must(tb, mock, http.MethodPost, orderPath, order)
	return settled(tb, mock, orderOne)
}

func settled(tb testing.TB, mock *mockserver.Server, path string) orderSeen {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), time.Minute)
	defer cancel()
	if err := mock.Settle(ctx, "test"); err != nil {
		tb.Fatal(err)
	}
	return see(tb, mock, path)
}

// orderSeen is what an order shows of its certificate.
type orderSeen struct {
	Status    string `json:"status"`
	ValidTill string `json:"order_valid_till"`
	Notes     []struct {
		Text string `json:"text"`
	} `json:"notes"`
	Certificate struct {
		ID            int64  `json:"id"`
		Status        string `json:"status"`
		SerialNumber  string `json:"serial_number"`
		Thumbprint    string `json:"thumbprint"`
		ValidTill     string `json:"valid_till"`
		DaysRemaining *int   `json:"days_remaining"`
	} `json:"certificate"`
}

func see(tb testing.TB, mock http.Handler, path string) (seen orderSeen) {
	tb.Helper()
	if err := json.Unmarshal(must(tb, mock, http.MethodGet, path, "").Body.Bytes(), &seen); err != nil {
		tb.Fatal(err)
	}
	return seen
}

// download returns the certificates of a PEM file.
func download(tb testing.TB, mock http.Handler, path string) []*x509.Certificate {
	tb.Helper()
	var all []*x509.Certificate
	for rest := must(tb, mock, http.MethodGet, path, "").Body.Bytes(); len(rest) > 0; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			tb.Fatalf("%s: %q is no PEM", path, rest)
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, certificate)
	}
	return all
}

// TestCertificateIsTheOrders compares a certificate with its order: name, validity, chain, and what
// the order shows of it.
func TestCertificateIsTheOrders(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	order := place(t, mock, anOrder(t, `"payment_method"`, `"order_validity": {"days": 90}, "payment_method"`))
	chain := download(t, mock, firstCertificate+"/download/format/pem_all")
	leaf := chain[0]
	if order.Status != "issued" || len(chain) != 4 {
		t.Fatalf("%s, with %d certificates", order.Status, len(chain))
	}
	for i := range chain[:3] {
		if err := chain[i].CheckSignatureFrom(chain[i+1]); err != nil {
			t.Errorf("%s: %v", chain[i].Subject, err)
		}
	}
	if got := leaf.Subject; got.CommonName != "Jane Doe" || got.Organization[0] != "Example Organisation B.V." || got.SerialNumber != "TEST-0000000021" || got.Country[0] != "NL" {
		t.Errorf("subject %v", got)
	}
	if !leaf.NotBefore.Equal(vectorClock()) || !leaf.NotAfter.Equal(vectorClock().AddDate(0, 0, 90).Add(-time.Second)) {
		t.Errorf("from %v to %v", leaf.NotBefore, leaf.NotAfter)
	}
	if serial := fmt.Sprintf("%038X", leaf.SerialNumber); order.Certificate.SerialNumber != serial || order.ValidTill != "2027-02-21" || *order.Certificate.DaysRemaining != 90 {
		t.Errorf("the order shows %+v; the serial number is %s", order, serial)
	}
}

// TestPSS: an issuing CA with an RSA key follows is_rsassa_pss, and one with an elliptic-curve key
// ignores it (D-73).
func TestPSS(t *testing.T) {
	t.Parallel()
	rsaCA, ecCA := newCA(t, mockserver.CAKey(mockserver.RSA2048)), newCA(t, mockserver.CAPreset(mockserver.EC), mockserver.CAKey(mockserver.P384))
	for _, tc := range []struct {
		authority *mockserver.CA
		pss       string
		want      x509.SignatureAlgorithm
	}{
		{rsaCA, "false", x509.SHA256WithRSA},
		{rsaCA, "true", x509.SHA256WithRSAPSS},
		{ecCA, "true", x509.ECDSAWithSHA384},
	} {
		mock := newMock(t, mockserver.WithCA(tc.authority))
		place(t, mock, anOrder(t, `"individual"`, `"is_rsassa_pss": `+tc.pss+`, "individual"`))
		if got := download(t, mock, firstCertificate+"/download/format/crt")[0].SignatureAlgorithm; got != tc.want {
			t.Errorf("is_rsassa_pss %s: signed with %v, want %v", tc.pss, got, tc.want)
		}
	}
}

// TestRedeemedKeyFits: what a token hands out is the key of the certificate that can be downloaded,
// with its chain.
func TestRedeemedKeyFits(t *testing.T) {
	t.Parallel()
	mock := newMock(t, mockserver.WithTokenKey(mockserver.RSA2048))
	place(t, mock, anOrder(t))
	initCode, pin := tokenSecrets(t, mock)
	answer := must(t, mock, http.MethodPost, firstToken+"/redeem", fmt.Sprintf(`{"init_code": %q, "pin": %q}`, initCode, pin))
	if kind := answer.Header().Get("Content-Type"); kind != "application/x-pkcs12" {
		t.Errorf("content type %s", kind)
	}
	key, leaf, chain, err := pkcs12.DecodeChain(answer.Body.Bytes(), pin)
	if err != nil {
		t.Fatal(err)
	}
	private, isRSA := key.(*rsa.PrivateKey)
	if !isRSA || private.N.BitLen() != 2048 || !private.PublicKey.Equal(leaf.PublicKey) || len(chain) != 3 {
		t.Errorf("a key of type %T, with %d certificates above", key, len(chain))
	}
	if downloaded := download(t, mock, firstCertificate+"/download/format/crt")[0]; !downloaded.Equal(leaf) {
		t.Error("another certificate")
	}
}

// tokenSecrets returns the init code and the PIN of the first order's token.
func tokenSecrets(tb testing.TB, mock http.Handler) (initCode, pin string) {
	tb.Helper()
	var token struct {
		InitCode string `json:"init_code"`
	}
	var letter struct {
		PIN string `json:"pin"`
	}
	for path, into := range map[string]any{firstToken: &token, firstToken + "/pin": &letter} {
		if err := json.Unmarshal(must(tb, mock, http.MethodGet, path, "").Body.Bytes(), into); err != nil {
			tb.Fatal(err)
		}
	}
	return token.InitCode, letter.PIN
}

// TestOwnKey: of a PKCS#10 request only the key is used.
func TestOwnKey(t *testing.T) {
	t.Parallel()
	mock := newMock(t, mockserver.WithLife(mockserver.LifeManual))
	must(t, mock, http.MethodPost, orderPath, anOrder(t))
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	request, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{DNSNames: []string{"www.example.com"}}, key)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]string{"csr": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: request}))})
	if err != nil {
		t.Fatal(err)
	}
	must(t, mock, http.MethodPut, firstToken+"/csr", string(body))
	for _, to := range []string{"processing", "waiting_pickup", "issued"} {
		must(t, mock, http.MethodPost, "/_mock/orders/843668399/transition", fmt.Sprintf(`{"to": %q}`, to))
	}
	leaf := download(t, mock, firstCertificate+"/download/format/crt")[0]
	if !key.PublicKey.Equal(leaf.PublicKey) || leaf.Subject.CommonName != "Jane Doe" || len(leaf.DNSNames) > 0 {
		t.Errorf("a certificate for %v and %v", leaf.Subject, leaf.DNSNames)
	}
}

// TestReissueEndsWithTheOrder, to the second, and takes the place of the former certificate.
func TestReissueEndsWithTheOrder(t *testing.T) {
	t.Parallel()
	clock := newClock(vectorClock())
	mock := newMock(t, mockserver.WithClock(clock.now))
	former := place(t, mock, anOrder(t))
	clock.add(100 * 24 * time.Hour)
	must(t, mock, http.MethodPost, orderOne+"/reissue", `{}`)
	order := settled(t, mock, orderOne)
	first := download(t, mock, firstCertificate+"/download/format/crt")[0]
	second := download(t, mock, "/services/v2/certificate/download/order/843668399/format/crt")[0]
	if !second.NotAfter.Equal(first.NotAfter) || !second.NotBefore.Equal(clock.now()) || bytes.Equal(first.RawSubjectPublicKeyInfo, second.RawSubjectPublicKeyInfo) {
		t.Errorf("from %v to %v; the first one ends %v", second.NotBefore, second.NotAfter, first.NotAfter)
	}
	if order.Certificate.SerialNumber == former.Certificate.SerialNumber || order.Certificate.Status != "issued" || *order.Certificate.DaysRemaining != 265 {
		t.Errorf("the order shows %+v", order.Certificate)
	}
}

// TestExpiry: an order expires when its certificate ends, by the clock of the mock, whatever is
// read first.
func TestExpiry(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]string{
		"order": orderOne, "list": "/services/v2/order/certificate?filters[status]=expired",
		"list of issued orders": "/services/v2/order/certificate?filters[status]=issued", // and of those that have expired since
		"status changes":        "/services/v2/order/certificate/status-changes?minutes=1",
	} {
		clock := newClock(vectorClock())
		mock := newMock(t, mockserver.WithClock(clock.now))
		place(t, mock, anOrder(t))
		clock.add(365*24*time.Hour - time.Second)
		if order := see(t, mock, orderOne); order.Status != "issued" || *order.Certificate.DaysRemaining != 0 {
			t.Errorf("%s: in its last second the order is %s, with %d days remaining", name, order.Status, *order.Certificate.DaysRemaining)
		}
		clock.add(time.Second)
		if got := must(t, mock, http.MethodGet, read, "").Body.String(); !strings.Contains(got, `"expired"`) {
			t.Errorf("%s: %s", name, got)
		}
		must(t, mock, http.MethodGet, firstCertificate+"/download/format/crt", "")
		if got := ask(t, mock, http.MethodPut, orderOne+"/revoke", `{"skip_approval": true}`); got.Code != http.StatusBadRequest {
			t.Errorf("%s: an expired order is revoked: %d", name, got.Code)
		}
	}
}

// TestRefusedByTheCA: an order that the CA refuses, here because the CA itself has expired, is
// rejected, says why, and gives the money back.
func TestRefusedByTheCA(t *testing.T) {
	t.Parallel()
	clock := newClock(vectorClock())
	authority, err := mockserver.NewCAAt(clock.now, mockserver.CAKey(mockserver.P256))
	if err != nil {
		t.Fatal(err)
	}
	mock := newMock(t, mockserver.WithClock(clock.now), mockserver.WithCA(authority))
	place(t, mock, anOrder(t))
	before := must(t, mock, http.MethodGet, "/services/v2/finance/balance", "").Body.String()
	clock.add(60 * 365 * 24 * time.Hour)
	place(t, mock, anOrder(t))
	order := see(t, mock, "/services/v2/order/certificate/843668400")
	if order.Status != "rejected" || len(order.Notes) != 1 || order.Notes[0].Text == "" {
		t.Errorf("%+v", order)
	}
	if got := must(t, mock, http.MethodGet, "/services/v2/finance/balance", "").Body.String(); got != before {
		t.Errorf("balance %s, before it %s", got, before)
	}
}
