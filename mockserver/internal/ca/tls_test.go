package ca_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
)

// TestClientCertificates: TLS accepts an authentication certificate of each preset as a client
// certificate, and refuses the other usages.
func TestClientCertificates(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, preset ca.Preset, usage ca.Usage) {
		a := newAuthority(t, preset)
		certificate, _ := issue(t, a, request(usage))
		roots := x509.NewCertPool()
		offered := tls.Certificate{Certificate: [][]byte{certificate.DER}, PrivateKey: rsaKey()}
		for _, authority := range chain(t, a, usage) {
			if authority.Root() {
				roots.AddCert(parse(t, authority.DER))
			} else {
				offered.Certificate = append(offered.Certificate, authority.DER)
			}
		}
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: roots}
		server.Config.ErrorLog = nil
		server.StartTLS()
		t.Cleanup(server.Close)
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			transport, ok := server.Client().Transport.(*http.Transport)
			if !ok {
				t.Fatal("no transport")
			}
			transport = transport.Clone()
			transport.TLSClientConfig.Certificates = []tls.Certificate{offered}
			transport.TLSClientConfig.MinVersion, transport.TLSClientConfig.MaxVersion = version, version
			t.Cleanup(transport.CloseIdleConnections)
			response, err := (&http.Client{Transport: transport}).Get(server.URL)
			if err == nil {
				response.Body.Close()
			}
			if (err == nil) != (usage == ca.Authentication) {
				t.Errorf("%s: %v", tls.VersionName(version), err)
			}
		}
	})
}
