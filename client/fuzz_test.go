package client_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/gen/api"
)

// FuzzAnswers answers every operation with any content. A call must return a value or a well-formed
// error. If an order has no usable answer, its outcome must be unknown.
func FuzzAnswers(f *testing.F) {
	examples, err := filepath.Glob(filepath.Join("..", "openapi", "examples", "*.response.json"))
	if err != nil || len(examples) == 0 {
		f.Fatalf("no examples: %v", err)
	}
	for _, name := range examples {
		body, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		status := 200
		if strings.HasPrefix(filepath.Base(name), "error.") {
			status = 400
		}
		f.Add(status, "application/json", string(body))
	}
	f.Add(502, "text/html", badGateway)
	f.Add(302, "", "")
	f.Add(204, "", "")
	f.Add(201, "application/json", `{"id":`)
	f.Add(200, "application/x-pem-file", string(newChain(f, 2).pem()))
	f.Add(200, "application/x-pem-file", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n")
	f.Add(200, "application/x-pkcs7-certificates", "-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n")
	f.Add(200, "application/zip", "PK\x03\x04")

	f.Fuzz(func(t *testing.T, status int, contentType, body string) {
		if status < 200 || status > 599 {
			t.Skip("net/http knows no such answer")
		}
		c := offline(t, status, contentType, body)
		for _, read := range slices.Concat(reads, downloads) {
			_, err := read.call(t.Context(), c)
			if err == nil {
				contract, _ := api.OperationByID(read.operation)
				if !slices.ContainsFunc(contract.Success, func(s api.Success) bool { return s.Status == status }) {
					t.Errorf("%s: no error for status %d", read.operation, status)
				}
				continue
			}
			checkFuzzed(t, err, read.operation, status)
		}
	})
}

func checkFuzzed(t *testing.T, err error, operation string, status int) {
	t.Helper()
	var e *certcentral.Error
	if !errors.As(err, &e) {
		t.Fatalf("%s: %v is not an *Error", operation, err)
	}
	if e.StatusCode != status || e.Operation != operation {
		t.Errorf("%s: status %d and operation %s, want status %d", operation, e.StatusCode, e.Operation, status)
	}
	text := e.Error()
	if !strings.HasPrefix(text, operation+": status ") || len(text) > 2048 {
		t.Errorf("%s: %d bytes of error text: %s", operation, len(text), text)
	}
	if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		t.Errorf("%s: the error text is not printable: %q", operation, text)
	}
	refused := status/100 == 4 && status != 408
	if want := changes(t, operation) && !refused; errors.Is(err, certcentral.ErrOutcomeUnknown) != want {
		t.Errorf("%s: outcome unknown: %t, want %t: %v", operation, !want, want, err)
	}
}
