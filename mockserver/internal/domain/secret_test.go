package domain_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// verbs are all verbs of fmt, with the flags that change the output.
func verbs() []string {
	return []string{
		"%v", "%+v", "%#v", "%s", "%q", "%+q", "%#q", "%x", "%X", "% x", "%#x", "% X", "%d", "%b", "%o", "%O", "%c", "%U", "%#U",
		"%t", "%e", "%E", "%f", "%F", "%g", "%G", "%p", "%w", "%z", "%T", "%!",
	}
}

// prints are the forms in which a value can get into a log or an answer.
func prints(t *testing.T, value any) map[string]string {
	t.Helper()
	forms := map[string]string{"Sprint": fmt.Sprint(value), "Sprintln": fmt.Sprintln(value)}
	for _, verb := range verbs() {
		forms[verb] = fmt.Sprintf(verb, value)
	}
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	forms["JSON"] = string(text)
	if text, err = xml.Marshal(value); err == nil { // XML has no maps
		forms["XML"] = string(text)
	}
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"slog text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"slog JSON": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var log bytes.Buffer
		logger := slog.New(handler(&log))
		logger.Info("message", "value", value, slog.Group("group", "value", value))
		logger.With("value", value).Info("message")
		forms[name] = log.String()
	}
	return forms
}

// looks are the texts that the bytes of a key have in these forms.
func looks(key []byte) []string {
	all := []string{string(key), base64.StdEncoding.EncodeToString(key)}
	for _, verb := range []string{"%v", "%#v", "%x", "%X", "% x", "% X", "%b", "%o", "%O", "%c", "%U", "%#U", "%t", "%e", "%z"} {
		look := strings.TrimPrefix(fmt.Sprintf(verb, key), "[]byte")
		all = append(all, strings.Trim(look, "[]{}"))
	}
	return all
}

// TestKeysAreNotPrinted checks that no form of printing or encoding shows the key of a token, also as
// part of another value. Only Reveal returns the bytes.
func TestKeysAreNotPrinted(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	id := a.in(situation{steps: leading(domain.TokenDelivered)}).ID
	_, certificate := a.tokenOf(id)
	token, key := certificate.Token, keyOf(certificate.ID)
	initCode, pin := a.codes(id)
	opened, err := a.redeem(id, initCode, pin)
	if err != nil || !bytes.Equal(keyIn(token), key) || !bytes.Equal(keyFrom(opened), key) {
		t.Fatalf("there is no key to be seen: %v", err)
	}
	for what, value := range map[string]any{
		"a key":                        token.Key,
		"a pointer to a key":           &token.Key,
		"a key that is not exported":   struct{ key domain.PrivateKey }{token.Key},
		"a token that is not exported": struct{ token *domain.Token }{&token},
		"a token":                      token,
		"a pointer to one":             &token,
		"tokens":                       []domain.Token{token},
		"tokens by name":               map[string]domain.Token{"a": token},
		"tokens in an array":           [1]domain.Token{token},
		"a certificate":                certificate,
		"a pointer to it":              &certificate,
		"certificates":                 []domain.Certificate{certificate},
		"pointers to them":             []*domain.Certificate{&certificate},
		"changes":                      domain.Changes{Certificates: []domain.Certificate{certificate}},
		"a pointer to changes":         &domain.Changes{Certificates: []domain.Certificate{certificate}},
		"what opened a token":          opened,
		"a pointer to what opened":     &opened,
		"any of them":                  []any{token, &token, certificate, &certificate},
		"a struct of somebody else":    struct{ Certificate domain.Certificate }{certificate},
	} {
		var telling []string
		for form, text := range prints(t, value) {
			if slices.ContainsFunc(looks(key), func(look string) bool { return strings.Contains(text, look) }) {
				telling = append(telling, form)
			}
		}
		slices.Sort(telling)
		if len(telling) > 0 {
			t.Errorf("%s tells the key as %v", what, telling)
		}
	}
}

// TestPINsAreNotKept checks that an account does not store the codes of its tokens, and that no refusal
// repeats a wrong code.
func TestPINsAreNotKept(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	id := a.in(situation{steps: leading(domain.TokenDelivered)}).ID
	initCode, pin := a.codes(id)
	const wrong = "31415926"
	for _, codes := range [][2]string{{wrong, pin}, {initCode, wrong}, {initCode, wrong}, {initCode, pin}, {initCode, pin}} {
		opened, err := a.redeem(id, codes[0], codes[1])
		for _, refusal := range []error{err, opened.Refusal} {
			if refusal != nil && (strings.Contains(refusal.Error(), wrong) || strings.Contains(refusal.Error(), initCode) || strings.Contains(refusal.Error(), pin)) {
				t.Errorf("the refusal repeats a code: %v", refusal)
			}
		}
	}
	everything := fmt.Sprintf("%#v", a.snapshot())
	for _, code := range []string{wrong, initCode, pin} {
		if strings.Contains(everything, code) {
			t.Errorf("the account holds %s", code)
		}
	}
}
