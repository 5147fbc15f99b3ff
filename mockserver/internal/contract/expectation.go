package contract

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// expectation describes the values that a schema accepts. It only uses the schema, so it cannot
// repeat a value of the request.
func expectation(schema *openapi3.Schema) string {
	if schema == nil {
		return "is not allowed"
	}
	if text := errorMessage(schema); text != "" {
		return text
	}
	if len(schema.AllOf) == 1 {
		return expectation(schema.AllOf[0].Value)
	}
	if len(schema.Enum) > 0 {
		return "must be " + choices(schema.Enum)
	}
	switch {
	case schema.Type.Is(openapi3.TypeInteger), schema.Type.Is(openapi3.TypeNumber):
		return "must be " + article(schema) + number(schema)
	case schema.Type.Is(openapi3.TypeString):
		return "must be a string" + length(schema) + textOf(schema).inWords(schema.MinLength > 0)
	case schema.Type.Is(openapi3.TypeBoolean):
		return "must be true or false" + orNull(schema)
	case schema.Type.Is(openapi3.TypeArray):
		return "must be an array" + bounds(schema.MinItems, schema.MaxItems, "items")
	case schema.Type.Is(openapi3.TypeObject), len(schema.Properties) > 0:
		return "must be an object"
	default:
		return "is not allowed"
	}
}

// wrongType returns the message for a value of the wrong type. It is empty if the type is right, or
// if the expectation of the schema names the type itself. A message about the form of a text does
// not help a client that sends a number.
func wrongType(schema *openapi3.Schema, value any) string {
	if schema == nil || errorMessage(schema) == "" && errorMessage(bare(schema)) == "" && len(bare(schema).Enum) == 0 {
		return ""
	}
	var is string
	switch value := value.(type) {
	case string:
		is = openapi3.TypeString
	case bool:
		is = openapi3.TypeBoolean
	case map[string]any:
		is = openapi3.TypeObject
	case []any:
		is = openapi3.TypeArray
	case json.Number:
		is = openapi3.TypeNumber
		if !strings.ContainsAny(string(value), ".eE") {
			is = openapi3.TypeInteger
		}
	}
	schema = bare(schema)
	among := ""
	if len(schema.Enum) > 0 {
		among = ", " + choices(schema.Enum)
	}
	switch {
	case schema.Type.Is(openapi3.TypeString) && is != openapi3.TypeString:
		return "must be a string" + among
	case schema.Type.Is(openapi3.TypeBoolean) && is != openapi3.TypeBoolean:
		return "must be true or false" + orNull(schema)
	case schema.Type.Is(openapi3.TypeArray) && is != openapi3.TypeArray:
		return "must be an array"
	case schema.Type.Is(openapi3.TypeObject) && is != openapi3.TypeObject:
		return "must be an object"
	case schema.Type.Is(openapi3.TypeInteger) && is != openapi3.TypeInteger && is != openapi3.TypeNumber:
		return "must be an integer" + among
	default:
		return ""
	}
}

// errorMessage returns the message that the contract defines for a schema (x-error-message).
func errorMessage(schema *openapi3.Schema) string {
	text, _ := schema.Extensions["x-error-message"].(string)
	return text
}

func choices(values []any) string {
	words := make([]string, len(values))
	for i, value := range values {
		word, err := json.Marshal(value)
		if err != nil {
			return "one of the documented values"
		}
		words[i] = string(word)
	}
	if len(words) == 1 {
		return words[0]
	}
	return "one of " + strings.Join(words, ", ")
}

func article(schema *openapi3.Schema) string {
	if schema.Type.Is(openapi3.TypeInteger) {
		return "an integer"
	}
	return "a number"
}

func number(schema *openapi3.Schema) string {
	switch {
	case schema.Min != nil && schema.Max != nil:
		return " from " + decimal(*schema.Min) + " to " + decimal(*schema.Max)
	case schema.Min != nil:
		return " of at least " + decimal(*schema.Min)
	case schema.Max != nil:
		return " of at most " + decimal(*schema.Max)
	default:
		return ""
	}
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func length(schema *openapi3.Schema) string {
	return bounds(schema.MinLength, schema.MaxLength, "characters")
}

// bounds returns the allowed number of items or characters, or nothing if any number is allowed.
func bounds(least uint64, most *uint64, what string) string {
	switch {
	case least > 0 && most != nil:
		return " of " + strconv.FormatUint(least, 10) + " to " + strconv.FormatUint(*most, 10) + " " + what
	case most != nil:
		return " of at most " + strconv.FormatUint(*most, 10) + " " + what
	case least > 0:
		return " of at least " + strconv.FormatUint(least, 10) + " " + what
	default:
		return ""
	}
}

func orNull(schema *openapi3.Schema) string {
	if schema.Nullable {
		return ", or null"
	}
	return ""
}
