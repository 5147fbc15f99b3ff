package contract

import (
	"net/http"
	"testing"
)

// TestSecretsIn: a part of a secret counts from eight characters on, in upper or lower case.
func TestSecretsIn(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text, secret string
		want         bool
	}{
		{"", "", false},
		{"text", "", false},
		{"key", "key", true},
		{"my.sevenab.name", "sevenab", false},
		{"my.eightabc.name", "eightabc", true},
		{"sevenab", "a-sevenab-key", false},
		{"eightabc", "a-eightabc-key", true},
		{"other", "eightabc", false},
		{"tested", "test", false},
		{"long-enough!", "long-enough", true},
		{"my.EightABC.name", "eightabC", true},
		{"KEY", "key", true},
	} {
		for _, header := range []string{KeyHeader, TokenHeader} {
			if got := SecretsOf(http.Header{http.CanonicalHeaderKey(header): {tc.secret}}).In(tc.text); got != tc.want {
				t.Errorf("%q with %q in %s: %t", tc.text, tc.secret, header, got)
			}
		}
	}
}
