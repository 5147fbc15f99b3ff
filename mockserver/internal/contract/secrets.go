package contract

import (
	"net/http"
	"strings"
)

// The headers with the API key and with the control token, as the contracts name them.
const (
	KeyHeader   = "X-DC-DEVKEY"
	TokenHeader = "X-Mock-Token" //nolint:gosec // the name of a header, and no secret
)

// Secrets are the API key and the control token that a request carries. Either can be empty.
type Secrets struct{ key, token string }

// SecretsOf returns the secrets in the headers of a request.
func SecretsOf(header http.Header) Secrets {
	return Secrets{header.Get(KeyHeader), header.Get(TokenHeader)}
}

// In reports whether a text contains one of the secrets or a part of it, in upper or lower case. A
// secret of fewer than eight characters is only compared as a whole, because it can be a common
// word.
func (s Secrets) In(text string) bool { return reveals(text, s.key) || reveals(text, s.token) }

func reveals(text, secret string) bool {
	const minLength = 8
	if secret == "" {
		return false
	}
	text, secret = strings.ToLower(text), strings.ToLower(secret)
	return text == secret ||
		len(secret) >= minLength && strings.Contains(text, secret) ||
		len(text) >= minLength && strings.Contains(secret, text)
}
