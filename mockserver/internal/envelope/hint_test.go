package envelope_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/spec"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/envelope"
)

// TestHints holds that every remedy of the domain has a hint, and that every operation in a hint is
// in one of the contracts.
func TestHints(t *testing.T) {
	t.Parallel()
	operation := regexp.MustCompile(`\b(GET|PUT|POST|DELETE) (/\S*[^\s,;.])`)
	contracts := []*openapi3.T{load(t, spec.CertCentralJSON), load(t, spec.ControlJSON)}
	named := 0
	for _, remedy := range remedies(t) {
		const message = "the message"
		w := httptest.NewRecorder()
		envelope.WriteError(t.Context(), slog.New(slog.DiscardHandler), w, &domain.Error{Code: "code", Message: message, Remedy: remedy})
		var got api.ErrorEnvelope
		decode(t, w, &got)
		hint, found := strings.CutPrefix(got.Errors[0].Message, message+"; ")
		if !found {
			t.Errorf("%s: no hint in %q", remedy, got.Errors[0].Message)
		}
		for _, match := range operation.FindAllStringSubmatch(hint, -1) {
			named++
			if !declared(contracts, match[1], match[2]) {
				t.Errorf("%s: no contract has %s", remedy, match[0])
			}
		}
	}
	if named < 10 {
		t.Errorf("found only %d operations in the hints", named)
	}
}

func load(t *testing.T, text string) *openapi3.T {
	t.Helper()
	contract, err := openapi3.NewLoader().LoadFromData([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return contract
}

func declared(contracts []*openapi3.T, method, path string) bool {
	for _, contract := range contracts {
		if item := contract.Paths.Value(path); item != nil && item.GetOperation(method) != nil {
			return true
		}
	}
	return false
}

// remedies reads the values of the constants of type Remedy from the source of the domain.
func remedies(t *testing.T) []domain.Remedy {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../domain/errors.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var all []domain.Remedy
	ast.Inspect(file, func(node ast.Node) bool {
		constant, isValue := node.(*ast.ValueSpec)
		if !isValue {
			return true
		}
		name, isNamed := constant.Type.(*ast.Ident)
		if isNamed && name.Name == "Remedy" {
			text, err := strconv.Unquote(constant.Values[0].(*ast.BasicLit).Value) //nolint:forcetypeassert // a test may panic
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, domain.Remedy(text))
		}
		return true
	})
	if len(all) == 0 {
		t.Fatal("found no remedy")
	}
	return all
}
