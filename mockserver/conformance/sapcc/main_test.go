// Package sapcc tests the mock with github.com/sapcc/go-certcentral, a client for the real service
// that is independent of this project. It is a module of its own, so that a program that imports
// the mock does not depend on that client.
//
// The address in that client is a constant, https://www.digicert.com/services/v2. So the mock
// serves TLS with a certificate for that name, and a proxy on the loopback interface forwards each
// connection to the mock.
package sapcc

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver"
)

const (
	vendorUS = "www.digicert.com"        // the only address of go-certcentral
	vendorEU = "certcentral.digicert.eu" // the default of the client of this project
)

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "sapcc")
	if err != nil {
		return failed(err)
	}
	defer os.RemoveAll(dir)
	// A response that does not match the contract becomes a 500, so the test fails.
	mock, err := mockserver.New(mockserver.WithResponseCheck(nil), mockserver.WithQuickKeys())
	if err != nil {
		return failed(err)
	}
	certificate, err := throwAwayCertificate(filepath.Join(dir, "ca.pem"))
	if err != nil {
		return failed(err)
	}
	server := httptest.NewUnstartedServer(mock)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	defer server.Close()
	proxy := httptest.NewServer(forwarder(server.Listener.Addr().String()))
	defer proxy.Close()

	// Go reads these variables once in a process, at the first request and the first certificate,
	// so they are set before both. A NO_PROXY of the environment must not bypass the proxy.
	for name, value := range map[string]string{
		"HTTPS_PROXY":   proxy.URL,
		"NO_PROXY":      "",
		"no_proxy":      "",
		"SSL_CERT_FILE": filepath.Join(dir, "ca.pem"),
		"SSL_CERT_DIR":  filepath.Join(dir, "nothing"),
	} {
		if err := os.Setenv(name, value); err != nil {
			return failed(err)
		}
	}
	return m.Run()
}

func failed(err error) int {
	fmt.Fprintln(os.Stderr, "sapcc:", err)
	return 1
}

// throwAwayCertificate makes a self-signed certificate and writes it to a file for SSL_CERT_FILE.
func throwAwayCertificate(file string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "TEST throw-away certificate"},
		DNSNames:              []string{vendorUS, vendorEU},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(24 * time.Hour),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, err
	}
	encoded := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if err := os.WriteFile(file, encoded, 0o600); err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// forwarder is a proxy that tunnels CONNECT for the two names of the vendor to target and refuses
// all others, so that no test sends data to another machine.
func forwarder(target string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Host != vendorUS+":443" && r.Host != vendorEU+":443" {
			http.Error(w, "only the vendor's API is forwarded", http.StatusForbidden)
			return
		}
		upstream, err := new(net.Dialer).DialContext(r.Context(), "tcp", target)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer upstream.Close()
		client, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer client.Close()
		if _, err := io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
			return
		}
		// If one side closes its connection, the other one is closed too.
		done := make(chan struct{}, 2)
		pipe := func(to io.Writer, from io.Reader) {
			_, _ = io.Copy(to, from)
			done <- struct{}{}
		}
		go pipe(upstream, buffered)
		go pipe(client, upstream)
		<-done
	}
}
