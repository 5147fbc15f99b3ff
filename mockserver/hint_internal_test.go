package mockserver

import (
	"regexp"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/pkio-tools/certcentral/gen/spec"
	"github.com/pkio-tools/certcentral/mockserver/internal/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/transport"
)

// TestHints checks that each hint of the domain has words in one of the APIs, and that the
// contracts have every operation in these words.
func TestHints(t *testing.T) {
	t.Parallel()
	all := domain.Hints()
	contracts := []*openapi3.T{contractOf(t, spec.CertCentralJSON), contractOf(t, spec.ControlJSON)}
	for _, hint := range all {
		words := transport.Hints()[hint] + control.Hints()[hint]
		if (transport.Hints()[hint] == "") == (control.Hints()[hint] == "") {
			t.Errorf("%q has words in both APIs, or in none", hint)
		}
		operations := regexp.MustCompile(`\b(GET|PUT|POST|DELETE) (/\S*[^\s,;.])`).FindAllStringSubmatch(words, -1)
		if len(operations) == 0 {
			t.Errorf("%q names no operation: %q", hint, words)
		}
		for _, operation := range operations {
			if !declares(contracts, operation[1], operation[2]) {
				t.Errorf("%q: no contract has %s", hint, operation[0])
			}
		}
	}
	if words := len(transport.Hints()) + len(control.Hints()); words != len(all) {
		t.Errorf("%d hints, %d of them with words", len(all), words)
	}
}

func contractOf(t *testing.T, text string) *openapi3.T {
	t.Helper()
	contract, err := openapi3.NewLoader().LoadFromData([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return contract
}

func declares(contracts []*openapi3.T, method, path string) bool {
	for _, contract := range contracts {
		if item := contract.Paths.Value(path); item != nil && item.GetOperation(method) != nil {
			return true
		}
	}
	return false
}
