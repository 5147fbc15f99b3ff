package openapi_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// A vendorAnswer is what members.yaml says of one operation.
type vendorAnswer struct {
	Has     []string          `json:"has"`
	Omitted map[string]string `json:"omitted"`
}

// TestMembers holds the answers of the contract against the members that the vendor's pages and
// recorded answers have (members.yaml). What is left out has a reason there.
func TestMembers(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(readYAML(t, "members.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]vendorAnswer{}
	if err := json.Unmarshal(data, &answers); err != nil {
		t.Fatal(err)
	}
	for _, c := range contracts(t) {
		if !c.vendor {
			continue
		}
		for _, op := range c.operations() {
			schema := c.success(op)
			answer, listed := answers[op.id]
			delete(answers, op.id)
			switch {
			case schema == nil && listed:
				t.Errorf("members.yaml: %s answers with no JSON; remove it", op.id)
			case schema != nil && !listed && op.id != "addOrderNote": // which is ours (D-59)
				t.Errorf("members.yaml lacks %s; list the members that its page shows", op.id)
			case schema != nil:
				c.compareMembers(t, op.id, schema, answer)
			}
		}
	}
	for id := range answers {
		t.Errorf("members.yaml: %s is no operation; remove it", id)
	}
}

func (c contract) compareMembers(t *testing.T, operation string, schema object, answer vendorAnswer) {
	t.Helper()
	if len(slices.Compact(slices.Sorted(slices.Values(answer.Has)))) != len(answer.Has) {
		t.Errorf("members.yaml: %s names a member twice", operation)
	}
	for _, name := range answer.Has {
		reason, omitted := answer.Omitted[name]
		delete(answer.Omitted, name)
		switch there := c.hasMember(schema, strings.Split(name, ".")); {
		case omitted && there:
			t.Errorf("members.yaml: %s has %s in the contract; remove it from omitted", operation, name)
		case omitted && reason == "":
			t.Errorf("members.yaml: %s: say why %s is omitted", operation, name)
		case !omitted && !there:
			t.Errorf("%s: the vendor's answer has %s, and the contract's does not; add it, or say in members.yaml why it is omitted", operation, name)
		}
	}
	for name := range answer.Omitted {
		t.Errorf("members.yaml: %s omits %s, which it does not have; add it to has, or remove it", operation, name)
	}
}

// success is the schema of what an operation succeeds with in JSON, or nil.
func (c contract) success(op operation) object {
	for _, status := range []string{"200", "201"} {
		response := c.resolve(child(child(op.node, "responses"), status))
		if media := child(child(response, "content"), "application/json"); media != nil {
			return c.resolve(child(media, "schema"))
		}
	}
	return nil
}

// hasMember follows the names of members from a schema on.
func (c contract) hasMember(schema object, names []string) bool {
	for _, name := range names {
		member, isList := strings.CutSuffix(name, "[]")
		if schema = c.resolve(child(child(schema, "properties"), member)); schema == nil {
			return false
		}
		if isList {
			if schema = c.resolve(child(schema, "items")); schema == nil {
				return false
			}
		}
	}
	return true
}
