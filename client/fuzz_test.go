package client_test

import (
	"encoding/csv"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
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

// FuzzCSV answers a list with any text. What is written is a beginning of it that ends with a whole
// record.
func FuzzCSV(f *testing.F) {
	for _, body := range []string{
		"id,note\n1,a\n", "id,note\r\n1,\"a\r\nb\"\r\n2,\"say \"\"no\"\"\"", "id\n\n1\n", "\xef\xbb\xbfid\n1\n", "id,note\n1\n", "id\n\"1", "", "\n", "id\n1\"2\n",
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var written strings.Builder
		n, err := offline(t, 200, "text/csv", body).Orders.WriteCSV(t.Context(), &written, certcentral.OrderListOptions{})
		if n != int64(written.Len()) || !strings.HasPrefix(body, written.String()) {
			t.Fatalf("%d bytes of %q were written: %q", n, body, written.String())
		}
		if failed, ok := errors.AsType[*certcentral.Error](err); err != nil && (!ok || failed.Operation != "listOrders") {
			t.Errorf("%q: the error is a %T: %v", body, err, err)
		}
		if _, malformed := csv.NewReader(strings.NewReader(written.String())).ReadAll(); malformed != nil {
			t.Errorf("what was written is not CSV: %v: %q", malformed, written.String())
		}
	})
}

// FuzzDo answers Client.Do with any content, for each kind of target.
func FuzzDo(f *testing.F) {
	f.Add(200, "application/json", `{"id":1,"name":"a"}`)
	f.Add(201, "application/problem+json; charset=utf-8", `[]`)
	f.Add(204, "", "")
	f.Add(200, "text/html", badGateway)
	f.Add(400, "application/json", envelope("invalid_field|name"))
	f.Add(200, "application/json", `{"id":"1"}`)
	f.Add(200, "application/json", `{} {}`)
	f.Fuzz(func(t *testing.T, status int, contentType, body string) {
		if status < 200 || status > 599 {
			t.Skip("net/http knows no such answer")
		}
		c := offline(t, status, contentType, body)
		var raw []byte
		var written strings.Builder
		var value struct {
			ID   int
			Name string
		}
		for _, out := range []any{nil, &raw, &written, &value, new(any)} {
			err := c.Do(t.Context(), http.MethodPost, "/some/thing", nil, out)
			if err == nil {
				if status > 299 || len(raw) > 0 && string(raw) != body {
					t.Errorf("status %d and %q: no error, %q", status, body, raw)
				}
				continue
			}
			failed, ok := errors.AsType[*certcentral.Error](err)
			if !ok || failed.StatusCode != status || failed.Operation != "POST /some/thing" {
				t.Fatalf("%T: the error is a %T: %v", out, err, err)
			}
			if text := err.Error(); len(text) > 2048 || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
				t.Errorf("%T: the error text is long or not printable: %q", out, text)
			}
			if unknown := status/100 != 4 || status == 408; errors.Is(err, certcentral.ErrOutcomeUnknown) != unknown {
				t.Errorf("%T: outcome unknown: %t, want %t: %v", out, !unknown, unknown, err)
			}
		}
	})
}

// FuzzRetryAfter answers with any Retry-After and any date.
func FuzzRetryAfter(f *testing.F) {
	const day = "Mon, 23 Nov 2026 09:30:00 GMT"
	for _, text := range []string{"17", "0", "99999999999999999999", "-1", "1.5", " 17 ", day, "Monday, 23-Nov-26 09:30:30 GMT", "soon", "+5", "٣"} {
		f.Add(text, day)
		f.Add(day, text)
	}
	f.Fuzz(func(t *testing.T, after, date string) {
		c := newClient(t, certcentral.WithHTTPClient(&http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			refused := response(429, "application/json", envelope("request_limit_exceeded"))
			refused.Header["Retry-After"], refused.Header["Date"] = []string{after}, []string{date}
			return refused, nil
		})}))
		_, err := c.Finance.GetBalance(t.Context())
		failed, ok := errors.AsType[*certcentral.Error](err)
		if !ok || failed.RetryAfter < 0 {
			t.Fatalf("Retry-After %q at %q: %#v", after, date, err)
		}
		if seconds, err := strconv.ParseUint(after, 10, 31); err == nil && failed.RetryAfter != time.Duration(seconds)*time.Second {
			t.Errorf("Retry-After %q: %v", after, failed.RetryAfter)
		}
	})
}
