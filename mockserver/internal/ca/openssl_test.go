package ca_test

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/bundle"
	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
)

// A bench is a directory with the input files of a command-line tool.
type bench struct {
	t    *testing.T
	tool string
	dir  string
}

// newBench skips the test if the tool is not installed.
func newBench(t *testing.T, tool, from string) bench {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		t.Skipf("%s is not installed (Debian: %s)", tool, from)
	}
	return bench{t, tool, t.TempDir()}
}

func openssl(t *testing.T) bench {
	t.Helper()
	b := newBench(t, "openssl", "openssl")
	if version := b.ok("version"); !strings.HasPrefix(version, "OpenSSL 3") {
		t.Skipf("the tests are for OpenSSL 3; this is %s", version)
	}
	return b
}

func (b bench) write(name string, content []byte) {
	b.t.Helper()
	if err := os.WriteFile(filepath.Join(b.dir, name), content, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

func (b bench) read(name string) []byte {
	b.t.Helper()
	content, err := os.ReadFile(filepath.Join(b.dir, name))
	if err != nil {
		b.t.Fatal(err)
	}
	return content
}

func (b bench) run(args ...string) (string, error) {
	cmd := exec.CommandContext(b.t.Context(), b.tool, args...)
	cmd.Dir = b.dir
	output, err := cmd.CombinedOutput()
	return string(output), err
}

// ok runs the tool. It must succeed and print these texts.
func (b bench) ok(args ...string) string {
	b.t.Helper()
	output, err := b.run(args...)
	if err != nil {
		b.t.Fatalf("%s %s: %v\n%s", b.tool, strings.Join(args, " "), err, output)
	}
	return output
}

// fails runs the tool. It must fail and print the reason.
func (b bench) fails(why string, args ...string) {
	b.t.Helper()
	output, err := b.run(args...)
	if err == nil || !strings.Contains(output, why) {
		b.t.Errorf("%s %s: %v, want %q\n%s", b.tool, strings.Join(args, " "), err, why, output)
	}
}

// person issues a certificate and writes leaf.pem, key.pem, root.pem, above.pem (intermediates) and
// crls.pem.
func (b bench) person(a *ca.Authority, r ca.Request) ca.Certificate {
	b.t.Helper()
	certificate, _ := issue(b.t, a, r)
	b.write("leaf.pem", bundle.PEM(certificate.DER))
	key, err := x509.MarshalPKCS8PrivateKey(rsaKey())
	if err != nil {
		b.t.Fatal(err)
	}
	b.write("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}))
	var above []byte
	for _, authority := range chain(b.t, a, r.Usage) {
		if authority.Root() {
			b.write("root.pem", bundle.PEM(authority.DER))
		} else {
			above = append(above, bundle.PEM(authority.DER)...)
		}
	}
	b.write("above.pem", above)
	b.write("tsp.pem", bundle.PEM(chain(b.t, a, r.Usage)[0].DER))
	b.crls(a, r.Usage)
	return certificate
}

func (b bench) crls(a *ca.Authority, usage ca.Usage) {
	b.t.Helper()
	var crls []byte
	for _, authority := range chain(b.t, a, usage) {
		crl, err := a.CRL(b.t.Context(), authority.Name)
		if err != nil {
			b.t.Fatal(err)
		}
		crls = append(crls, pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: crl.DER})...)
	}
	b.write("crls.pem", crls)
}

func TestOpenSSLVerify(t *testing.T) {
	t.Parallel()
	policies := map[ca.Usage][2]string{ // G3 and G4
		ca.Authentication: {"2.16.528.1.1003.1.2.5.1", "2.16.528.1.1003.1.2.41.16.13.8"},
		ca.Nonrepudiation: {"2.16.528.1.1003.1.2.5.2", "2.16.528.1.1003.1.2.41.14.13.5"},
		ca.Encryption:     {"2.16.528.1.1003.1.2.5.3", "2.16.528.1.1003.1.2.41.16.13.7"},
	}
	each(t, func(t *testing.T, preset ca.Preset, usage ca.Usage) {
		b := openssl(t)
		a := newAuthority(t, preset)
		r := request(usage)
		r.PSS = true
		certificate := b.person(a, r)
		verify := func(args ...string) []string {
			return append(append([]string{"verify", "-x509_strict", "-CAfile", "root.pem", "-untrusted", "above.pem"}, args...), "leaf.pem")
		}
		b.ok(verify()...)
		b.ok(verify("-crl_check_all", "-CRLfile", "crls.pem")...)
		for other, pair := range policies {
			policy := pair[0]
			if preset == ca.G4 {
				policy = pair[1]
			}
			args := verify("-policy_check", "-explicit_policy", "-policy", policy)
			if other == usage {
				b.ok(args...)
			} else {
				b.fails("no explicit policy", args...)
			}
		}
		b.fails("unable to get local issuer certificate", "verify", "-CAfile", "root.pem", "leaf.pem")

		text := b.ok("x509", "-in", "leaf.pem", "-noout", "-text")
		if preset != ca.EC && !strings.Contains(text, "Signature Algorithm: rsassaPss") {
			t.Errorf("the signature isn't RSASSA-PSS:\n%s", text)
		}

		if err := a.Revoke(t.Context(), ca.Superseded, certificate.Serial); err != nil {
			t.Fatal(err)
		}
		b.crls(a, usage)
		b.fails("error 23 at 0 depth lookup: certificate revoked", verify("-crl_check", "-CRLfile", "crls.pem")...)
		b.fails("error 23 at 0 depth lookup: certificate revoked", verify("-crl_check_all", "-CRLfile", "crls.pem")...)
	})
}

func TestOpenSSLPurposes(t *testing.T) {
	t.Parallel()
	// The G4 profiles have no emailProtection, so mail programs refuse these certificates.
	good := map[string][]string{
		"g3/authentication": {"sslclient", "smimesign", "any"}, "g3/nonrepudiation": {"smimesign", "any"}, "g3/encryption": {"smimeencrypt", "any"},
		"g4/authentication": {"sslclient", "any"}, "g4/nonrepudiation": {"any"}, "g4/encryption": {"any"},
	}
	each(t, func(t *testing.T, preset ca.Preset, usage ca.Usage) {
		b := openssl(t)
		a := newAuthority(t, preset)
		b.person(a, request(usage))
		column := "g3/"
		if preset == ca.G4 {
			column = "g4/"
		}
		for _, purpose := range []string{"sslclient", "smimesign", "smimeencrypt", "sslserver", "any"} {
			args := []string{"verify", "-purpose", purpose, "-CAfile", "root.pem", "-untrusted", "above.pem", "leaf.pem"}
			wanted := false
			for _, p := range good[column+string(usage)] {
				wanted = wanted || p == purpose
			}
			if wanted {
				b.ok(args...)
			} else {
				b.fails("unsuitable certificate purpose", args...)
			}
		}
	})
}

func TestOpenSSLOCSP(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, preset ca.Preset, usage ca.Usage) {
		b := openssl(t)
		a := newAuthority(t, preset)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			answer, err := a.OCSP(r.Context(), body)
			if err != nil {
				t.Error(err)
			}
			w.Header().Set("Content-Type", "application/ocsp-response")
			_, _ = w.Write(answer.DER)
		}))
		t.Cleanup(server.Close)
		certificate := b.person(a, request(usage))
		args := []string{"ocsp", "-issuer", "tsp.pem", "-cert", "leaf.pem", "-url", server.URL, "-CAfile", "root.pem", "-verify_other", "above.pem"}
		answer := b.ok(args...)
		if !strings.Contains(answer, "Response verify OK") || !strings.Contains(answer, "leaf.pem: good") || strings.Contains(answer, "no nonce") {
			t.Errorf("%s", answer)
		}
		if err := a.Revoke(t.Context(), ca.Superseded, certificate.Serial); err != nil {
			t.Fatal(err)
		}
		answer = b.ok(args...)
		if !strings.Contains(answer, "Response verify OK") || !strings.Contains(answer, "leaf.pem: revoked") || !strings.Contains(answer, "Reason: superseded") {
			t.Errorf("%s", answer)
		}
		// With another root, the signature of the response is not trusted.
		other := chain(t, newAuthority(t, map[ca.Preset]ca.Preset{ca.G3: ca.EC, ca.G4: ca.G3, ca.EC: ca.G4}[preset]), usage)
		b.write("root.pem", bundle.PEM(other[2].DER))
		answer, _ = b.run(args...)
		if !strings.Contains(answer, "Response Verify Failure") {
			t.Errorf("%s", answer)
		}
	})
}

// TestOpenSSLSign signs and verifies with the key and certificate of a person.
func TestOpenSSLSign(t *testing.T) {
	t.Parallel()
	for _, preset := range ca.Presets() {
		for _, padding := range []string{"pkcs1", "pss"} {
			t.Run(string(preset)+"/"+padding, func(t *testing.T) {
				t.Parallel()
				b := openssl(t)
				a := newAuthority(t, preset)
				certificate := b.person(a, request(ca.Nonrepudiation))
				unpack(t, b, a, certificate, ca.Nonrepudiation)
				b.write("text", []byte("I hereby sign.\n"))
				b.ok("cms", "-sign", "-binary", "-in", "text", "-signer", "unpacked.pem", "-certfile", "above.pem", "-md", "sha256",
					"-keyopt", "rsa_padding_mode:"+padding, "-outform", "DER", "-out", "signed.p7s")
				args := []string{
					"cms", "-verify", "-binary", "-inform", "DER", "-in", "signed.p7s", "-content", "text", "-CAfile", "root.pem", "-out", "copy",
				}
				if preset == ca.G4 {
					b.fails("unsuitable certificate purpose", args...)
					args = append(args, "-purpose", "any")
				}
				b.ok(args...)
				b.write("text", []byte("I hereby don't sign.\n"))
				b.fails("Verification failure", args...)
			})
		}
	}
}

// unpack writes a PKCS#12 file and reads it with OpenSSL.
func unpack(t *testing.T, b bench, a *ca.Authority, certificate ca.Certificate, usage ca.Usage) {
	t.Helper()
	var above [][]byte
	for _, authority := range chain(t, a, usage) {
		above = append(above, authority.DER)
	}
	bag, err := bundle.PKCS12(rsaKey(), certificate.DER, above, "12345678")
	if err != nil {
		t.Fatal(err)
	}
	b.write("token.p12", bag)
	b.fails("Mac verify error: invalid password?", "pkcs12", "-in", "token.p12", "-passin", "pass:87654321", "-noenc")
	b.ok("pkcs12", "-in", "token.p12", "-passin", "pass:12345678", "-noenc", "-out", "unpacked.pem")
	if n := bytes.Count(b.read("unpacked.pem"), []byte("BEGIN CERTIFICATE")); n != 4 {
		t.Errorf("%d certificates in the PKCS#12, want 4", n)
	}
}

func TestOpenSSLEncrypt(t *testing.T) {
	t.Parallel()
	for _, preset := range ca.Presets() {
		for name, options := range map[string][]string{"pkcs1": nil, "oaep": {"-keyopt", "rsa_padding_mode:oaep"}} {
			t.Run(string(preset)+"/"+name, func(t *testing.T) {
				t.Parallel()
				b := openssl(t)
				a := newAuthority(t, preset)
				certificate := b.person(a, request(ca.Encryption))
				unpack(t, b, a, certificate, ca.Encryption)
				b.write("text", []byte("Only the recipient can read this.\n"))
				args := append([]string{
					"cms", "-encrypt", "-binary", "-aes256", "-in", "text", "-outform", "DER", "-out", "sealed.p7m", "-recip", "leaf.pem",
				}, options...)
				b.ok(args...)
				open := []string{"cms", "-decrypt", "-binary", "-inform", "DER", "-in", "sealed.p7m", "-recip", "leaf.pem", "-inkey", "unpacked.pem", "-out", "opened"}
				b.ok(open...)
				if !bytes.Equal(b.read("opened"), b.read("text")) {
					t.Error("something else comes out")
				}
				// Another person cannot decrypt it.
				other := b
				other.dir = t.TempDir()
				r := request(ca.Encryption)
				r.Subject.Identifier = "0000000022"
				other.person(a, r)
				other.write("sealed.p7m", b.read("sealed.p7m"))
				other.fails("Error decrypting CMS", "cms", "-decrypt", "-inform", "DER", "-in", "sealed.p7m", "-recip", "leaf.pem", "-inkey", "key.pem", "-out", "opened")
			})
		}
	}
}

func TestOpenSSLBundles(t *testing.T) {
	t.Parallel()
	b := openssl(t)
	a := newAuthority(t, ca.G3)
	b.person(a, request(ca.Authentication))
	var all [][]byte
	for _, authority := range chain(t, a, ca.Authentication) {
		all = append(all, authority.DER)
	}
	der, err := bundle.P7B(all...)
	if err != nil {
		t.Fatal(err)
	}
	text, err := bundle.P7BInPEM(all...)
	if err != nil {
		t.Fatal(err)
	}
	b.write("chain.p7b", der)
	b.write("chain.pem", text)
	for _, args := range [][]string{{"-inform", "DER", "-in", "chain.p7b"}, {"-in", "chain.pem"}} {
		output := b.ok(append([]string{"pkcs7", "-print_certs"}, args...)...)
		at := -1
		for _, der := range all {
			body := strings.TrimSpace(string(bundle.PEM(der)))
			found := strings.Index(output, body)
			if found <= at {
				t.Errorf("a certificate is missing or out of order:\n%s", output)
			}
			at = found
		}
	}
}

// TestOpenSSLRequest reads PKCS#10 requests that OpenSSL made.
func TestOpenSSLRequest(t *testing.T) {
	t.Parallel()
	b := openssl(t)
	for algorithm, refused := range map[string]string{
		"-algorithm RSA -pkeyopt rsa_keygen_bits:2048":     "",
		"-algorithm EC -pkeyopt ec_paramgen_curve:P-384":   "",
		"-algorithm EC -pkeyopt ec_paramgen_curve:P-521":   "",
		"-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048": "the key is marked id-RSASSA-PSS",
		"-algorithm ED25519":                               "must be RSA or ECDSA",
		"-algorithm RSA -pkeyopt rsa_keygen_bits:1024":     "RSA key of 1024 bits",
	} {
		b.ok(append([]string{"genpkey", "-out", "new.pem"}, strings.Fields(algorithm)...)...)
		b.ok("req", "-new", "-key", "new.pem", "-subj", "/CN=ignored", "-out", "new.csr")
		key, err := ca.ParseCertificateRequest(b.read("new.csr"))
		if (err == nil) != (refused == "") || err != nil && !strings.Contains(err.Error(), refused) {
			t.Errorf("%s: error %v, want %q", algorithm, err, refused)
		}
		if err == nil {
			r := request(ca.Encryption)
			r.PublicKey = key
			issue(t, newAuthority(t, ca.G3), r)
		}
	}
}

// TestOpenSSLExpired: a certificate is expired after its notAfter.
func TestOpenSSLExpired(t *testing.T) {
	t.Parallel()
	b := openssl(t)
	a := newAuthority(t, ca.G3)
	r := request(ca.Authentication)
	r.NotBefore, r.Validity = time.Now().Add(-72*time.Hour), ca.Validity{Days: 2}
	b.person(a, r)
	b.fails("certificate has expired", "verify", "-CAfile", "root.pem", "-untrusted", "above.pem", "leaf.pem")
}
