package client_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// reflectedCVV has no digits, since a time or an address in the text could contain them by chance.
const reflectedCVV = "zqxw"

// everyPrint returns an error, and each error that it wraps, printed in every way.
func everyPrint(t *testing.T, err error) string {
	t.Helper()
	var b strings.Builder
	var add func(error)
	add = func(err error) {
		fmt.Fprintf(&b, "%s\n%v\n%+v\n%#v\n%q\n", err, err, err, err, err)
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("failed", "err", err)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("failed", "err", err)
		b.WriteString(log.String())
		if encoded, err := json.Marshal(err); err == nil {
			b.Write(encoded)
		}
		if e, ok := err.(*certcentral.Error); ok { //nolint:errorlint // each error of the chain on its own
			fmt.Fprintf(&b, "%+v %#v %+v", *e, *e, e.Errors)
		}
		switch wrapper := err.(type) { //nolint:errorlint // the same
		case interface{ Unwrap() error }:
			if inner := wrapper.Unwrap(); inner != nil {
				add(inner)
			}
		case interface{ Unwrap() []error }:
			for _, inner := range wrapper.Unwrap() {
				add(inner)
			}
		}
	}
	add(err)
	return strings.ToLower(b.String())
}

// TestReflectedSecrets repeats the API key and the card of an order in every text of an answer,
// plainly and escaped.
func TestReflectedSecrets(t *testing.T) {
	t.Parallel()
	order := ourOrder()
	card := testCard()
	card.CVV = certcentral.NewSecret(reflectedCVV)
	order.Payment = certcentral.PayByCard(card, testBilling)

	spelled := map[string]func(string) string{
		"plain":     func(s string) string { return s },
		"lower":     strings.ToLower,
		"percent":   func(s string) string { return spell(s, "%%%02X") },
		"twice":     func(s string) string { return spell(s, "%%25%02X") },
		"JSON":      func(s string) string { return spell(s, `\u00%02x`) },
		"HTML":      func(s string) string { return spell(s, "&#%d;") },
		"HTML, hex": func(s string) string { return spell(s, "&#x%x;") },
	}
	for name, write := range spelled {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, secret := range []string{testKey, testCardNumber, reflectedCVV} {
				text := write(secret)
				quoted := strings.Trim(toJSON(t, text), `"`)
				for _, status := range []int{200, 201, 302, 400, 503} {
					for _, header := range []http.Header{
						{"Content-Type": {"application/json"}},
						{"Content-Type": {"text/html"}},
						{"Content-Type": {"text/" + secret}},
						{"Content-Type": {"application/json"}, "Location": {"https://" + secret + ".example/" + text}},
						{"Content-Type": {text}, "X-Request-Id": {text}},
						{"Content-Type": {"application/json"}, "X-Request-Id": {strings.Repeat("-", 120) + text}},
					} {
						for _, body := range []string{
							"", text, `{"errors":[{"code":"invalid|` + quoted + `","message":"` + quoted + `"}]}`,
							`{"errors":[{"code":"` + strings.Repeat("-", 150) + quoted + `"}]}`,
							`{"id":"` + quoted + `"}`, `{"id":` + "4111111111111111.5" + `}`,
							"<title>" + text + "</title>", "<title>" + strings.Repeat("-", 70) + text + "</title>",
							`{"` + quoted + `":[]}`,
						} {
							c := newClient(t, certcentral.WithHTTPClient(&http.Client{
								Transport: roundTripper(func(*http.Request) (*http.Response, error) {
									resp := response(status, "", body)
									resp.Header = header.Clone()
									return resp, nil
								}),
							}))
							_, err := c.Orders.PlacePKIoOrganisationPerson(t.Context(), order)
							checkRedacted(t, err, secret, text)
							if secret == testKey {
								_, err := c.Orders.Get(t.Context(), 1)
								checkRedacted(t, err, secret, text)
								_, err = c.Certificates.Download(t.Context(), 1)
								checkRedacted(t, err, secret, text)
							}
						}
					}
				}
			}
		})
	}
}

// spell formats every byte of a text.
func spell(s, format string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, format, s[i])
	}
	return b.String()
}

func checkRedacted(t *testing.T, err error, secrets ...string) {
	t.Helper()
	if err == nil {
		t.Error("no error")
		return
	}
	all := everyPrint(t, err)
	for _, secret := range secrets {
		if strings.Contains(all, strings.ToLower(secret)) {
			t.Errorf("%s is told by: %s", secret, all)
		}
	}
}

// TestReflectedByTheTransport pins errors of net/http, and of another HTTP transport, that repeat
// the API key.
func TestReflectedByTheTransport(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"no HTTP":              "hello " + testKey + "\r\n\r\n",
		"a malformed status":   "HTTP/1.1 " + testKey + "\r\n\r\n",
		"a malformed header":   "HTTP/1.1 200 OK\r\n" + testKey + "\r\n\r\n",
		"a malformed length":   "HTTP/1.1 200 OK\r\nContent-Length: " + testKey + "\r\n\r\n",
		"a malformed encoding": "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + testKey + "\r\n\r\n",
		"a malformed location": "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: https://" + testKey + ".example:x/\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = conn.Write([]byte(raw))
				_ = conn.Close()
			}))
			t.Cleanup(srv.Close)
			c := newClient(t, certcentral.WithBaseURL(srv.URL))
			_, err := c.Orders.PlacePKIoOrganisationPerson(t.Context(), simpleOrder())
			checkRedacted(t, err, testKey)
			if !errors.Is(err, certcentral.ErrOutcomeUnknown) || !strings.Contains(err.Error(), "[redacted]") {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("a transport that dumps the request", func(t *testing.T) {
		t.Parallel()
		broken := errors.New("broken")
		c := newClient(t, certcentral.WithHTTPClient(&http.Client{
			Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				return nil, fmt.Errorf("%v: %w", r.Header, broken)
			}),
		}))
		_, err := c.Orders.Get(t.Context(), 1)
		checkRedacted(t, err, testKey)
		if !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
	})
}

// TestSecretsInTheRequest uses the API key as an argument of a call.
func TestSecretsInTheRequest(t *testing.T) {
	t.Parallel()
	c := offline(t, 404, "application/json", envelope("not_found|order"))
	_, err := c.Orders.Get(t.Context(), 1, certcentral.WithRequestID(testKey))
	checkRedacted(t, err, testKey)
	if e, ok := errors.AsType[*certcentral.Error](err); !ok || e.RequestID != "[redacted]" {
		t.Errorf("got %#v", err)
	}
	unreachable := newClient(t, certcentral.WithHTTPClient(&http.Client{
		Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("broken") }),
	}))
	_, err = unreachable.Orders.ByAlternativeID(t.Context(), testKey)
	checkRedacted(t, err, testKey) // the key is in the URL, which net/http repeats
	_, err = unreachable.Orders.List(t.Context(), certcentral.OrderListOptions{Email: certcentral.Exactly("voorbeeld@example.com")})
	checkRedacted(t, err, "voorbeeld") // and so is the name of a person in a filter
	if failed, ok := errors.AsType[*url.Error](err); !ok || !strings.HasSuffix(failed.URL, "/order/certificate") {
		t.Errorf("got %v", err)
	}
	for _, err := range []error{
		func() error {
			_, err := c.Orders.Get(t.Context(), 1, certcentral.WithRequestID(testKey+"\n"))
			return err
		}(),
		func() error { _, err := c.Orders.GetBySerialNumber(t.Context(), testKey); return err }(),
		func() error {
			_, err := c.Orders.List(t.Context(), certcentral.OrderListOptions{Email: certcentral.Exactly("%" + testKey)})
			return err
		}(),
	} {
		checkRedacted(t, err, testKey)
		if _, ok := errors.AsType[*certcentral.ArgumentError](err); !ok {
			t.Errorf("got %v", err)
		}
	}
}

// TestErrorIsPrinted pins an error printed with the verbs of fmt and by slog.
func TestErrorIsPrinted(t *testing.T) {
	t.Parallel()
	c := offline(t, 400, "application/json", `{"errors":[{"code":"invalid_field|`+testKey+`","message":"Ada Voorbeeld"},{"code":"b"}]}`)
	_, err := c.Orders.PlacePKIoOrganisationPerson(t.Context(), simpleOrder(), certcentral.WithRequestID("mine"))
	if got, want := fmt.Sprintf("%#v", err), `&client.Error{Operation:"orderPkioOrganisationPerson", Attempts:1, StatusCode:400, `+
		`Errors:[]client.ErrorDetail{{Code:"invalid_field|[redacted]"}, {Code:"b"}}, RequestID:"mine", Note:"", OutcomeUnknown:false, RetryAfter:0}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	})).Error("failed", "err", err)
	if got, want := log.String(), `level=ERROR msg=failed err.error="orderPkioOrganisationPerson: status 400: invalid_field|[redacted], b" `+
		`err.operation=orderPkioOrganisationPerson err.status=400 err.codes="[invalid_field|[redacted] b]" err.request_id=mine err.outcome_unknown=false`+"\n"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var none *certcentral.Error
	if got := fmt.Sprintf("%#v %s", none, none.LogValue()); got != "(*client.Error)(nil) <nil>" {
		t.Errorf("nil is %s", got)
	}
}
