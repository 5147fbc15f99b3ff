package contract

import (
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// TestEqualIndexes: values with the same index always have the same order.
func TestEqualIndexes(t *testing.T) {
	t.Parallel()
	q, err := parseQuery("filters[x][2]=f&filters[x][1]=e&filters[x][01]=d&filters[x][001]=c&filters[x][0001]=b&filters[x][00001]=a")
	if err != nil {
		t.Fatal(err)
	}
	if got := q.values["filters[x]"]; !q.changed || !slices.Equal(got, []string{"a", "b", "c", "d", "e", "f"}) {
		t.Errorf("values %q", got)
	}
}

// TestRequiredParameter: a required parameter that is missing is a violation. The contracts require
// parameters of the path only, which the router always has.
func TestRequiredParameter(t *testing.T) {
	t.Parallel()
	parameter := openapi3.NewQueryParameter("name").WithSchema(openapi3.NewStringSchema())
	if violation := checkParameter(parameter, nil); violation != nil {
		t.Errorf("optional: %v", violation)
	}
	if violation := checkParameter(parameter.WithRequired(true), nil); violation == nil || violation.Code != "missing_field|name" {
		t.Errorf("required: %v", violation)
	}
}
