package ca_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/bundle"
	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
)

// These tests check that other programs refuse a wrong certificate, and that they refuse it for the
// expected reason.

// holder does the same as person, with another key than the shared one.
func (b bench) holder(a *ca.Authority, r ca.Request, key crypto.Signer) {
	b.t.Helper()
	r.PublicKey = key.Public()
	b.person(a, r)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		b.t.Fatal(err)
	}
	b.write("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// forgeCRL changes the signature of the first CRL, that of the issuing CA.
func (b bench) forgeCRL() {
	b.t.Helper()
	block, rest := pem.Decode(b.read("crls.pem"))
	block.Bytes[len(block.Bytes)-1] ^= 1
	b.write("crls.pem", append(pem.EncodeToMemory(block), rest...))
}

// otherRoot returns a root of another preset.
func otherRoot(t *testing.T, preset ca.Preset) []byte {
	t.Helper()
	other := map[ca.Preset]ca.Preset{ca.G3: ca.EC, ca.G4: ca.G3, ca.EC: ca.G4}[preset]
	return bundle.PEM(chain(t, newAuthority(t, other), ca.Authentication)[2].DER)
}

// TestOpenSSLPlain is TestOpenSSLVerify without is_rsassa_pss, as most orders have it.
func TestOpenSSLPlain(t *testing.T) {
	t.Parallel()
	signed := map[ca.Preset]string{ca.G3: "sha256WithRSAEncryption", ca.G4: "rsassaPss", ca.EC: "ecdsa-with-SHA384"}
	each(t, func(t *testing.T, preset ca.Preset, usage ca.Usage) {
		b := openssl(t)
		a := newAuthority(t, preset)
		for name, key := range map[string]crypto.Signer{"RSA": rsaKey(), "EC": ecKey()} {
			b.holder(a, request(usage), key)
			args := []string{
				"verify", "-x509_strict", "-crl_check_all", "-CRLfile", "crls.pem", "-CAfile", "root.pem", "-untrusted", "above.pem", "leaf.pem",
			}
			b.ok(args...)
			if text := b.ok("x509", "-in", "leaf.pem", "-noout", "-text"); strings.Count(text, "Signature Algorithm: "+signed[preset]) != 2 {
				t.Errorf("%s key: not signed with %s:\n%s", name, signed[preset], text)
			}
			b.forgeCRL()
			b.fails("CRL signature failure", args...)
			b.write("root.pem", otherRoot(t, preset))
			b.fails("unable to get local issuer certificate", args...)
		}
	})
}

// TestOpenSSLCurves signs and encrypts with elliptic-curve keys, whose key usage differs from that
// of RSA keys.
func TestOpenSSLCurves(t *testing.T) {
	t.Parallel()
	for _, preset := range ca.Presets() {
		t.Run(string(preset), func(t *testing.T) {
			t.Parallel()
			b := openssl(t)
			a := newAuthority(t, preset)
			b.write("text", []byte("I hereby sign.\n"))
			b.holder(a, request(ca.Nonrepudiation), ecKey())
			b.ok("cms", "-sign", "-binary", "-in", "text", "-signer", "leaf.pem", "-inkey", "key.pem", "-certfile", "above.pem",
				"-md", "sha256", "-outform", "DER", "-out", "signed.p7s")
			verify := []string{
				"cms", "-verify", "-binary", "-inform", "DER", "-in", "signed.p7s", "-content", "text", "-purpose", "any", "-out", "copy", "-CAfile", "root.pem",
			}
			b.ok(verify...)
			b.write("root.pem", otherRoot(t, preset))
			b.fails("unable to get local issuer certificate", verify...)

			b.holder(a, request(ca.Encryption), ecKey())
			b.ok("cms", "-encrypt", "-binary", "-aes256", "-in", "text", "-outform", "DER", "-out", "sealed.p7m", "-recip", "leaf.pem")
			b.ok("cms", "-decrypt", "-binary", "-inform", "DER", "-in", "sealed.p7m", "-recip", "leaf.pem", "-inkey", "key.pem", "-out", "opened")
			if !bytes.Equal(b.read("opened"), b.read("text")) {
				t.Error("something else comes out")
			}
		})
	}
}

// TestOpenSSLOtherKey: a message cannot be decrypted with the certificate of the recipient and
// another private key.
func TestOpenSSLOtherKey(t *testing.T) {
	t.Parallel()
	b := openssl(t)
	b.holder(newAuthority(t, ca.G3), request(ca.Encryption), newKey(ca.RSA2048))
	b.write("text", bytes.Repeat([]byte("Only the recipient can read this.\n"), 100))
	b.ok("cms", "-encrypt", "-binary", "-aes256", "-in", "text", "-outform", "DER", "-out", "sealed.p7m", "-recip", "leaf.pem")
	decrypt := []string{"cms", "-decrypt", "-binary", "-inform", "DER", "-in", "sealed.p7m", "-out", "opened", "-inkey", "key.pem"}
	b.ok(decrypt...)
	if !bytes.Equal(b.read("opened"), b.read("text")) {
		t.Error("something else comes out")
	}
	stranger, err := x509.MarshalPKCS8PrivateKey(newKey(ca.RSA2048))
	if err != nil {
		t.Fatal(err)
	}
	b.write("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: stranger}))
	if output, err := b.run(decrypt...); err == nil && bytes.Equal(b.read("opened"), b.read("text")) {
		t.Errorf("another person's key decrypts it:\n%s", output)
	}
}

// TestGnuTLSRefuses a chain under another root, and a chain without its intermediates.
func TestGnuTLSRefuses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, preset ca.Preset, usage ca.Usage) {
		b := newBench(t, "certtool", "gnutls-bin")
		b.person(newAuthority(t, preset), request(usage))
		verify := []string{"--verify", "--infile", "chain.pem", "--load-ca-certificate", "root.pem"}
		b.write("chain.pem", append(b.read("leaf.pem"), b.read("above.pem")...))
		b.ok(verify...)
		good := b.read("root.pem")
		b.write("root.pem", otherRoot(t, preset))
		b.fails("issuer is unknown", verify...)
		b.write("root.pem", good)
		b.write("chain.pem", b.read("leaf.pem"))
		b.fails("issuer is unknown", verify...)
	})
}

// TestNSSReasons: where NSS refuses a purpose, the reason is the key usage or the extended key
// usage. Otherwise it verifies the chain. For nonrepudiation and encryption in G4 it accepts no
// purpose, so it does not verify the chain.
func TestNSSReasons(t *testing.T) {
	t.Parallel()
	const (
		fine    = ""
		usage   = "Certificate key usage inadequate for attempted operation."
		purpose = "Certificate type not approved for application."
	)
	purposes := []string{"C", "S", "R"} // TLS client, e-mail signer and e-mail recipient
	g3 := map[ca.Usage][]string{
		ca.Authentication: {fine, fine, usage}, ca.Nonrepudiation: {usage, fine, usage}, ca.Encryption: {usage, usage, fine},
	}
	g4 := map[ca.Usage][]string{
		ca.Authentication: {fine, purpose, usage}, ca.Nonrepudiation: {usage, purpose, usage}, ca.Encryption: {usage, usage, purpose},
	}
	reasons := map[ca.Preset]map[ca.Usage][]string{ca.G3: g3, ca.G4: g4, ca.EC: g3}
	each(t, func(t *testing.T, preset ca.Preset, of ca.Usage) {
		b := newBench(t, "certutil", "libnss3-tools")
		a := newAuthority(t, preset)
		b.person(a, request(of))
		b.ok("-N", "-d", "sql:.", "--empty-password")
		cas := chain(t, a, of)
		for _, authority := range cas {
			b.write("ca.pem", bundle.PEM(authority.DER))
			b.ok("-A", "-d", "sql:.", "-n", authority.Name, "-t", map[bool]string{true: "CT,C,C", false: ",,"}[authority.Root()], "-i", "ca.pem")
		}
		b.ok("-A", "-d", "sql:.", "-n", "leaf", "-t", ",,", "-i", "leaf.pem")
		for _, trusted := range []bool{true, false} {
			for i, reason := range reasons[preset][of] {
				verify := []string{"-V", "-d", "sql:.", "-n", "leaf", "-u", purposes[i]}
				switch {
				case reason != fine:
					b.fails(reason, verify...)
				case trusted:
					b.ok(verify...)
				default:
					b.fails("Peer's Certificate issuer is not recognized.", verify...)
				}
			}
			if trusted {
				b.ok("-D", "-d", "sql:.", "-n", cas[len(cas)-1].Name)
			}
		}
	})
}
