package contract

import (
	"encoding/json"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// TestExpectation: the text for each kind of schema.
func TestExpectation(t *testing.T) {
	t.Parallel()
	ownText := openapi3.NewStringSchema()
	ownText.Extensions = map[string]any{"x-error-message": "is wrong"}
	for _, tc := range []struct {
		schema *openapi3.Schema
		want   string
	}{
		{nil, "is not allowed"},
		{&openapi3.Schema{}, "is not allowed"},
		{ownText, "is wrong"},
		{openapi3.NewAllOfSchema(openapi3.NewIntegerSchema()), "must be an integer"},
		{openapi3.NewStringSchema().WithEnum("a", "b"), `must be one of "a", "b"`},
		{openapi3.NewIntegerSchema().WithEnum(1), "must be 1"},
		{openapi3.NewIntegerSchema().WithMin(1).WithMax(3), "must be an integer from 1 to 3"},
		{openapi3.NewIntegerSchema().WithMin(1), "must be an integer of at least 1"},
		{openapi3.NewFloat64Schema().WithMax(2.5), "must be a number of at most 2.5"},
		{openapi3.NewFloat64Schema(), "must be a number"},
		{openapi3.NewStringSchema().WithMinLength(1).WithMaxLength(3), "must be a string of 1 to 3 characters"},
		{openapi3.NewStringSchema().WithMaxLength(3), "must be a string of at most 3 characters"},
		{openapi3.NewStringSchema().WithMinLength(1), "must be a string of at least 1 characters"},
		{openapi3.NewStringSchema(), "must be a string"},
		{openapi3.NewBoolSchema(), "must be true or false"},
		{openapi3.NewBoolSchema().WithNullable(), "must be true or false, or null"},
		{openapi3.NewArraySchema().WithMinItems(2).WithMaxItems(4), "must be an array of 2 to 4 items"},
		{openapi3.NewObjectSchema(), "must be an object"},
		{(&openapi3.Schema{}).WithProperty("a", openapi3.NewStringSchema()), "must be an object"},
	} {
		if got := expectation(tc.schema); got != tc.want {
			t.Errorf("%q, want %q", got, tc.want)
		}
	}
}

// TestParameterValue: a text that is not of the type of its schema stays a string.
func TestParameterValue(t *testing.T) {
	t.Parallel()
	integer, boolean := openapi3.NewIntegerSchema(), openapi3.NewBoolSchema()
	for _, tc := range []struct {
		schema *openapi3.Schema
		text   string
		want   any
	}{
		{integer, "12", json.Number("12")},
		{integer, "-12", json.Number("-12")},
		{integer, "123456789012345678", json.Number("123456789012345678")}, // 18 digits fit in an int64
		{integer, "1234567890123456789", "1234567890123456789"},
		{integer, "", ""},
		{integer, "-", "-"},
		{integer, "--1", "--1"},
		{integer, "+1", "+1"},
		{integer, "1.5", "1.5"},
		{integer, "1e3", "1e3"},
		{boolean, "true", true},
		{boolean, "false", false},
		{boolean, "True", "True"},
		{boolean, "1", "1"},
		{openapi3.NewStringSchema(), "12", "12"},
		{openapi3.NewStringSchema(), "true", "true"},
	} {
		if got := parameterValue(tc.schema, tc.text); got != tc.want {
			t.Errorf("%q: %#v, want %#v", tc.text, got, tc.want)
		}
	}
}
