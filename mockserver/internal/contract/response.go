package contract

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// answers holds the part of a contract about responses.
type answers struct {
	responses map[string]map[int]*openapi3.Response // by operation id and status
	err       error                                 // the error of parsing
}

func newAnswers(rules string) *answers {
	doc, err := parse(rules)
	if err != nil {
		return &answers{err: fmt.Errorf("parse contract: %w", err)}
	}
	a := &answers{
		responses: map[string]map[int]*openapi3.Response{},
	}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			a.responses[op.OperationID] = map[int]*openapi3.Response{}
			for code, ref := range op.Responses.Map() {
				if status, err := strconv.Atoi(code); err == nil {
					a.responses[op.OperationID][status] = ref.Value
				}
			}
		}
	}
	return a
}

// CheckResponse returns an error if a response does not match the contract. It is stricter than a
// client: an undeclared member is an error too.
func (op *Operation) CheckResponse(status int, header http.Header, body []byte) error {
	answers := op.contract.answers()
	if answers.err != nil {
		return answers.err
	}
	response := answers.responses[op.ID][status]
	if response == nil {
		return fmt.Errorf("%s: status %d is not declared, only %v", op.ID, status, op.Statuses())
	}
	if response.Content[csvType] != nil && slices.Equal(header.Values("Content-Type"), []string{csvType}) {
		if err := checkCSV(body); err != nil {
			return fmt.Errorf("%s: status %d: %w", op.ID, status, err)
		}
		return nil
	}
	if kind := header.Get("Content-Type"); kind != mediaType && response.Content[kind] != nil {
		if len(body) == 0 {
			return fmt.Errorf("%s: status %d: the file is empty", op.ID, status)
		}
		return nil // the contract does not describe the content of a file
	}
	content := response.Content[mediaType]
	if content == nil {
		if len(body) > 0 {
			return fmt.Errorf("%s: status %d has a body of the type %q, which is not declared", op.ID, status, header.Get("Content-Type"))
		}
		return nil
	}
	if err := checkJSON(content.Schema.Value, header, body); err != nil {
		return fmt.Errorf("%s: status %d: %w", op.ID, status, err)
	}
	return nil
}

func checkJSON(schema *openapi3.Schema, header http.Header, body []byte) error {
	if got := header.Values("Content-Type"); !slices.Equal(got, []string{mediaType}) {
		return fmt.Errorf("content type is %q, not exactly %q", got, mediaType)
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return fmt.Errorf("body is not JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("body has data after the end of its JSON")
	}
	if err := schema.VisitJSON(value, openapi3.VisitAsResponse(), openapi3.MultiErrors(), openapi3.DisableSchemaErrorDetails()); err != nil {
		return err
	}
	if extra := undeclared(schema, value, nil); len(extra) > 0 {
		return fmt.Errorf("members that are not declared: %s", strings.Join(extra, ", "))
	}
	return nil
}

// checkCSV checks that the first line has column names, all different, and that each further line
// has as many values.
func checkCSV(body []byte) error {
	lines, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		return fmt.Errorf("body is not CSV: %w", err)
	}
	if len(lines) == 0 {
		return errors.New("body has no line of names")
	}
	names := slices.Sorted(slices.Values(lines[0]))
	if len(slices.Compact(names)) < len(lines[0]) || names[0] == "" {
		return errors.New("the line of names has an empty one, or one twice")
	}
	return nil
}

// undeclared returns the paths of the members that a schema does not declare.
func undeclared(schema *openapi3.Schema, value any, path []string) []string {
	schema = described(schema, value)
	if freeForm(schema) {
		return nil
	}
	if len(schema.Properties) == 0 && schema.Items == nil {
		return nil // an object of any members, or any value
	}
	var extra []string
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			at := join(path, name)
			if ref := schema.Properties[name]; ref != nil {
				extra = append(extra, undeclared(ref.Value, member, at)...)
			} else if others := schema.AdditionalProperties.Schema; others != nil {
				extra = append(extra, undeclared(others.Value, member, at)...)
			} else {
				extra = append(extra, render(at))
			}
		}
	case []any:
		for _, item := range value {
			extra = append(extra, undeclared(schema.Items.Value, item, join(path, "0"))...)
		}
	}
	slices.Sort(extra)
	return extra
}

// described returns the schema that a valid value is described by: the one of a reference with a
// description of its own, or the alternative that fits.
func described(schema *openapi3.Schema, value any) *openapi3.Schema {
	if len(schema.AllOf) == 1 {
		schema = schema.AllOf[0].Value
	}
	for _, ref := range schema.OneOf {
		if ref.Value.VisitJSON(value, openapi3.VisitAsResponse(), openapi3.FailFast()) == nil {
			return described(ref.Value, value)
		}
	}
	return schema
}
