package client_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	certcentral "github.com/pkio-tools/certcentral/client"
)

func TestSecret(t *testing.T) {
	t.Parallel()
	s := certcentral.NewSecret(testCardNumber)
	if s.Reveal() != testCardNumber || s.IsZero() {
		t.Errorf("reveals %q, zero: %t", s.Reveal(), s.IsZero())
	}
	var zero certcentral.Secret
	if zero.Reveal() != "" || !zero.IsZero() || !certcentral.NewSecret("").IsZero() {
		t.Error("the zero secret is not zero")
	}
	if !s.Equal(certcentral.NewSecret(testCardNumber)) || s.Equal(zero) || !zero.Equal(certcentral.Secret{}) {
		t.Error("Equal is wrong")
	}
	if s.String() != "[redacted]" || s.GoString() != "[redacted]" || s.LogValue().String() != "[redacted]" {
		t.Errorf("prints %s, %#v and %v", s, s, s.LogValue())
	}
	if text, err := s.MarshalText(); err != nil || string(text) != "[redacted]" {
		t.Errorf("text %s, %v", text, err)
	}
}

// TestSecretsAreNeverPrinted prints every type that holds a secret in many ways.
func TestSecretsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	order := ourOrder()
	order.Payment = certcentral.PayByCard(testCard(), testBilling)
	values := map[string]any{
		"secret":           certcentral.NewSecret(testCardNumber),
		"pointer":          new(certcentral.NewSecret(testCardNumber)),
		"card":             testCard(),
		"pointer to card":  new(testCard()),
		"payment":          order.Payment,
		"order":            order,
		"pointer to order": &order,
		"unexported field": struct{ card certcentral.Card }{testCard()},
		"list":             []any{map[string]certcentral.Secret{"a": certcentral.NewSecret(testCardNumber)}},
		"client":           newClient(t),
		"client's value":   *newClient(t),
		"services":         []any{newClient(t).Orders, *newClient(t).Orders, newClient(t).Finance},
		"option":           certcentral.WithAPIKey(testKey),
		"service user":     certcentral.CreatedServiceUser{APIKey: certcentral.NewSecret(testKey)},
		"option of a call": certcentral.WithRequestID("id"),
	}
	for name, v := range values {
		for way, text := range printed(t, v) {
			for _, secret := range []string{testCardNumber, testKey} {
				if strings.Contains(text, secret) {
					t.Errorf("%s, printed by %s, holds %s: %s", name, way, secret, text)
				}
			}
		}
	}

	// The memory addresses in the text could contain a real security code by chance, so this one is
	// longer.
	const long = "cvv-cvv-cvv"
	card := testCard()
	card.CVV = certcentral.NewSecret(long)
	order.Payment = certcentral.PayByCard(card, testBilling)
	for way, text := range printed(t, order) {
		if strings.Contains(text, long) {
			t.Errorf("the security code, printed by %s: %s", way, text)
		}
	}
}

func printed(t *testing.T, v any) map[string]string {
	t.Helper()
	out := map[string]string{"fmt.Sprint": fmt.Sprint(v)}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%c", "%U", "%e", "%b", "%o", "%p", "%10.4v"} {
		out[format] = fmt.Sprintf(format, v)
	}
	var b bytes.Buffer
	slog.New(slog.NewTextHandler(&b, nil)).Info("order", "value", v)
	slog.New(slog.NewJSONHandler(&b, nil)).Info("order", "value", v)
	slog.New(slog.NewJSONHandler(&b, nil)).Info("order", slog.Group("g", "value", v))
	out["slog"] = b.String()
	if encoded, err := json.Marshal(v); err == nil {
		out["json"] = string(encoded)
	}
	// The printers of test libraries print unexported fields.
	out["cmp.Diff"] = cmp.Diff(v, nil, cmp.Exporter(func(reflect.Type) bool { return true }))
	return out
}

// TestErrorsHoldNoSecrets uses answers that repeat the whole request in different places.
func TestErrorsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	order := ourOrder()
	order.Payment = certcentral.PayByCard(testCard(), testBilling)
	echo := testKey + " " + testCardNumber + " ada@example.org Voorbeeld"
	for _, status := range []int{200, 201, 302, 400, 403, 404, 500, 502} {
		for _, contentType := range []string{"application/json", "text/html", "text/plain", ""} {
			for _, body := range []string{
				echo,
				"<html><title>" + echo + "</title><body>" + echo + "</body></html>",
				`{"id":` + toJSON(t, echo) + `}`,
				`{"errors":[{"code":"invalid_field|x","message":` + toJSON(t, echo) + `}]}`,
				`{"errors":` + toJSON(t, echo) + `}`,
			} {
				c := offline(t, status, contentType, body)
				_, err := c.Orders.PlacePKIoOrganisationPerson(t.Context(), order)
				if err == nil {
					t.Fatalf("status %d: no error", status)
				}
				for secret := range strings.FieldsSeq(echo) {
					if strings.Contains(fmt.Sprintf("%v %+v %s %q", err, err, err, err), secret) {
						t.Errorf("status %d, %s, body %s: the error holds %s: %v", status, contentType, body, secret, err)
					}
				}
			}
		}
	}
}

// TestDownloadErrorsHoldNoSecrets does the same for downloads, whose only secret is the API key.
func TestDownloadErrorsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 302, 400, 403, 500} {
		for _, contentType := range []string{"application/x-pem-file", "application/json", "text/html", ""} {
			for _, body := range []string{
				testKey,
				"<html><title>" + testKey + "</title></html>",
				`{"errors":[{"code":"invalid_key|x","message":` + toJSON(t, testKey) + `}]}`,
				"-----BEGIN CERTIFICATE-----\n" + testKey + "\n-----END CERTIFICATE-----\n",
				"-----BEGIN " + testKey + "-----\nMAA=\n-----END " + testKey + "-----\n",
			} {
				for _, download := range downloads {
					_, err := download.call(t.Context(), offline(t, status, contentType, body))
					if text := fmt.Sprintf("%v %+v %q", err, err, err); strings.Contains(text, testKey) {
						t.Errorf("status %d, %s, body %s: the error of %s holds the key: %v", status, contentType, body, download.operation, err)
					}
				}
			}
		}
	}
}
