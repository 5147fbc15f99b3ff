package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// TestRedactCauses pins that an error with a secret is replaced, and that any other error is kept.
func TestRedactCauses(t *testing.T) {
	t.Parallel()
	const key = "TEST_KEY_0123456789ABCDEF"
	r := newRedactor(NewSecret(key), NewSecret("333"))
	for name, cause := range map[string]error{
		"nothing":    nil,
		"an error":   io.ErrUnexpectedEOF,
		"a wrapper":  fmt.Errorf("read: %w", context.Canceled),
		"some":       errors.Join(io.EOF, context.Canceled),
		"no wrapper": hiding{text: "hidden"},
	} {
		if e := r.clean(&Error{cause: cause}); e.cause != cause { //nolint:errorlint // the very same
			t.Errorf("%s was replaced by %v", name, e.cause)
		}
	}
	for name, cause := range map[string]error{
		"an error":             fmt.Errorf("refused %s: %w", key, context.Canceled),
		"an error in another":  hiding{text: "hidden", inner: fmt.Errorf("%s: %w", key, context.Canceled)},
		"one of some":          errors.Join(io.EOF, fmt.Errorf("%s: %w", key, context.Canceled)),
		"a member of an error": hiding{text: "hidden", Request: key, inner: context.Canceled},
		"the security code":    fmt.Errorf("cvv 333: %w", context.Canceled),
	} {
		e := r.clean(&Error{Operation: "getOrder", cause: cause})
		if !errors.Is(e, context.Canceled) || errors.Is(e, io.ErrUnexpectedEOF) || errors.Unwrap(errors.Unwrap(e)) != nil {
			t.Errorf("%s matches otherwise: %v", name, e)
		}
		if text := fmt.Sprintf("%v %+v %#v", e.cause, e.cause, e.cause); strings.Contains(text, key) || strings.Contains(text, "333:") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// hiding is an error that wraps another one and does not repeat its text.
type hiding struct {
	text    string
	Request string
	inner   error
}

func (h hiding) Error() string { return h.text }
func (h hiding) Unwrap() error { return h.inner }

// TestRedactLine pins that secrets are replaced before a text is cut.
func TestRedactLine(t *testing.T) {
	t.Parallel()
	// If the text were cut first, half of the secret would remain at its end and not be found.
	if got := newRedactor(NewSecret("TEST_KEY_0123456789ABCDEF")).redactLine("0123456789 TEST_KEY_0123456789ABCDEF", 16); strings.Contains(got, "TEST") {
		t.Errorf("cut short: %q", got)
	}
}
