package ca_test

import (
	"encoding/pem"
	"slices"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/bundle"
	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
)

// GnuTLS and NSS verify the certificates too. Both are independent of OpenSSL.

func TestGnuTLS(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, preset ca.Preset, usage ca.Usage) {
		b := newBench(t, "certtool", "gnutls-bin")
		a := newAuthority(t, preset)
		certificate := b.person(a, request(usage))
		b.write("chain.pem", append(b.read("leaf.pem"), b.read("above.pem")...))
		verify := []string{"--verify", "--infile", "chain.pem", "--load-ca-certificate", "root.pem"}
		withCRLs := append(slices.Clone(verify), "--load-crl", "crls.pem")
		b.ok(verify...)
		b.ok(withCRLs...)
		if err := a.Revoke(t.Context(), ca.Superseded, certificate.Serial); err != nil {
			t.Fatal(err)
		}
		b.crls(a, usage)
		b.fails("certificate chain is revoked", withCRLs...)

		bag, err := bundle.PKCS12(rsaKey(), certificate.DER, nil, "12345678")
		if err != nil {
			t.Fatal(err)
		}
		b.write("token.p12", bag)
		if info := b.ok("--p12-info", "--inder", "--infile", "token.p12", "--password", "12345678"); !strings.Contains(info, "BEGIN CERTIFICATE") {
			t.Errorf("no certificate in the PKCS#12:\n%s", info)
		}
	})
}

func TestNSS(t *testing.T) {
	t.Parallel()
	const (
		client = "C"
		signer = "S"
		reader = "R"
	)
	good := map[string]string{
		"g3/authentication": client + signer, "g3/nonrepudiation": signer, "g3/encryption": reader,
		"ec/authentication": client + signer, "ec/nonrepudiation": signer, "ec/encryption": reader,
		"g4/authentication": client, "g4/nonrepudiation": "", "g4/encryption": "",
	}
	each(t, func(t *testing.T, preset ca.Preset, usage ca.Usage) {
		b := newBench(t, "certutil", "libnss3-tools")
		a := newAuthority(t, preset)
		certificate := b.person(a, request(usage))
		b.ok("-N", "-d", "sql:.", "--empty-password")
		for _, authority := range chain(t, a, usage) {
			trust := ",,"
			if authority.Root() {
				trust = "CT,C,C"
			}
			b.write(authority.Name+".pem", bundle.PEM(authority.DER))
			b.ok("-A", "-d", "sql:.", "-n", authority.Name, "-t", trust, "-i", authority.Name+".pem")
		}
		b.ok("-A", "-d", "sql:.", "-n", "leaf", "-t", ",,", "-i", "leaf.pem")
		for _, purpose := range []string{client, signer, reader} {
			args := []string{"-V", "-d", "sql:.", "-n", "leaf", "-u", purpose}
			if strings.Contains(good[string(preset)+"/"+string(usage)], purpose) {
				b.ok(args...)
			} else {
				b.fails("is invalid", args...)
			}
		}
		nssPKCS12(t, b, certificate)
		// NSS checks revocation last, so only a purpose that it accepts is tested.
		if purposes := good[string(preset)+"/"+string(usage)]; purposes != "" {
			nssRevoked(t, b, a, usage, certificate, purposes[:1])
		}
	})
}

func nssPKCS12(t *testing.T, b bench, certificate ca.Certificate) {
	t.Helper()
	bag, err := bundle.PKCS12(rsaKey(), certificate.DER, nil, "12345678")
	if err != nil {
		t.Fatal(err)
	}
	b.write("token.p12", bag)
	other := b
	other.tool = "pk12util"
	if info := other.ok("-l", "token.p12", "-W", "12345678"); !strings.Contains(info, "TEST-0000000021") {
		t.Errorf("no certificate in the PKCS#12:\n%s", info)
	}
}

func nssRevoked(t *testing.T, b bench, a *ca.Authority, usage ca.Usage, certificate ca.Certificate, purpose string) {
	t.Helper()
	if err := a.Revoke(t.Context(), ca.Superseded, certificate.Serial); err != nil {
		t.Fatal(err)
	}
	b.crls(a, usage)
	block, _ := pem.Decode(b.read("crls.pem")) // The first block is the CRL of the issuing CA.
	b.write("tsp.crl", block.Bytes)
	other := b
	other.tool = "crlutil"
	other.ok("-I", "-d", "sql:.", "-i", "tsp.crl")
	b.fails("revoked", "-V", "-d", "sql:.", "-n", "leaf", "-u", purpose)
}
