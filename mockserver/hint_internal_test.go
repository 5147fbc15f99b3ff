package mockserver

import (
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/transport"
)

// TestHints: each hint of the domain has words, in one of the APIs.
func TestHints(t *testing.T) {
	t.Parallel()
	all := domain.Hints()
	for _, hint := range all {
		if (transport.Hints()[hint] == "") == (control.Hints()[hint] == "") {
			t.Errorf("%q has words in both APIs, or in none", hint)
		}
	}
	if words := len(transport.Hints()) + len(control.Hints()); words != len(all) {
		t.Errorf("%d hints, %d of them with words", len(all), words)
	}
}
