package openapi_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

// A vendorAnswer is what members.yaml says of one operation: the members of the vendor's answer,
// those of them that the contract lists and the mock never sends, and those that the contract does
// not list, with the reasons.
type vendorAnswer struct {
	Has     []string          `json:"has"`
	Unsent  map[string]string `json:"unsent"`
	Omitted map[string]string `json:"omitted"`
}

func vendorAnswers(t *testing.T) map[string]vendorAnswer {
	t.Helper()
	data, err := json.Marshal(readYAML(t, "members.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]vendorAnswer{}
	if err := json.Unmarshal(data, &answers); err != nil {
		t.Fatal(err)
	}
	return answers
}

// TestMembers holds the answers of the contract against the members that the vendor's pages and
// recorded answers have (members.yaml). What is left out has a reason there.
func TestMembers(t *testing.T) {
	t.Parallel()
	answers := vendorAnswers(t)
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
	for name, reason := range answer.Unsent {
		switch {
		case !slices.Contains(answer.Has, name):
			t.Errorf("members.yaml: %s does not send %s, which it does not have; add it to has, or remove it", operation, name)
		case reason == "":
			t.Errorf("members.yaml: %s: say why the mock does not send %s", operation, name)
		}
	}
	for name := range answer.Omitted {
		t.Errorf("members.yaml: %s omits %s, which it does not have; add it to has, or remove it", operation, name)
	}
}

// TestUnsentMembers holds that members.yaml and the schemas agree on what the mock never sends: a
// schema says it to readers with x-mock-unsent. TestUnsent of the mock looks for these members in
// its answers.
func TestUnsentMembers(t *testing.T) {
	t.Parallel()
	answers := vendorAnswers(t)
	for _, c := range contracts(t) {
		if !c.vendor {
			continue
		}
		listed := map[any]bool{} // by the description, which tells two members apart
		for _, op := range c.operations() {
			for name := range answers[op.id].Unsent {
				marked := false
				for _, member := range c.along(c.success(op), strings.Split(name, ".")) {
					marked = marked || member["x-mock-unsent"] == true
					listed[member["description"]] = true
				}
				if !marked {
					t.Errorf("%s: the mock never sends %s; mark it with x-mock-unsent: true", op.id, name)
				}
			}
		}
		answered := c.answered()
		for _, name := range slices.Sorted(maps.Keys(answered)) {
			for member, schema := range members(answered[name], "properties") {
				if schema["x-mock-unsent"] == true && !listed[schema["description"]] {
					t.Errorf("%s.%s is marked with x-mock-unsent, and members.yaml has it of no operation; add it to unsent", name, member)
				}
				if schema["x-mock-unsent"] == true && slices.Contains(words(answered[name], "x-mock-required"), member) {
					t.Errorf("%s.%s is marked with x-mock-unsent, and x-mock-required", name, member)
				}
			}
		}
	}
}

// along returns the members that these names lead through, from a schema on.
func (c contract) along(schema object, names []string) []object {
	var all []object
	for _, name := range names {
		member, isList := strings.CutSuffix(name, "[]")
		property := child(child(schema, "properties"), member)
		all = append(all, property)
		schema = c.plain(property)
		if isList {
			schema = c.plain(child(schema, "items"))
		}
	}
	return all
}

// plain resolves a schema that is a reference, or a reference with a description beside it.
func (c contract) plain(schema object) object {
	schema = c.resolve(schema)
	if all := list(schema, "allOf"); len(all) == 1 {
		one, _ := all[0].(object)
		return c.resolve(one)
	}
	return schema
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
		if schema = c.plain(child(child(schema, "properties"), member)); schema == nil {
			return false
		}
		if isList {
			if schema = c.plain(child(schema, "items")); schema == nil {
				return false
			}
		}
	}
	return true
}
