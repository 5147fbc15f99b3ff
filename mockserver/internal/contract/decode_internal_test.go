package contract

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

// TestTree: the tree only contains what the contract has, so that a body of unknown members needs
// no more memory than its own size.
func TestTree(t *testing.T) {
	t.Parallel()
	c, err := CertCentral()
	if err != nil {
		t.Fatal(err)
	}
	many := strings.TrimSuffix(strings.Repeat(`{"user_id":1,"x":[1]},`, 1000), ",")
	body := `{"name":"N","zz":[1,{"a":2}],"address":[1,1,1],"city":{"a":{"b":1}},"organization_contact":[{"email":"x"}],
		"validations":[{"type":"ov","x":1,"verified_users":{"id":1}}],"contacts":[` + many + `],"skip_duplicate_org_check":1.5}`
	read, refused := decode([]byte(body), c.Operation(http.MethodPost, "/organization").shape, Secrets{})
	if refused != nil {
		t.Fatal(refused)
	}
	contacts := make([]any, 101) // the last one represents all items above the maximum
	for i := range 100 {
		contacts[i] = map[string]any{"user_id": json.Number("1")}
	}
	want := map[string]any{
		"name": "N", "address": []any{}, "city": map[string]any{}, "organization_contact": []any{},
		"validations": []any{map[string]any{"type": "ov", "verified_users": map[string]any{}}},
		"contacts":    contacts, "skip_duplicate_org_check": json.Number("1.5"),
	}
	if diff := cmp.Diff(any(want), read.tree); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if !read.odd {
		t.Error("a number with a fraction was not noticed")
	}
}

// TestWipe: a decoder that has read a card number and a key does not hand any part of them to the
// next body.
func TestWipe(t *testing.T) {
	t.Parallel()
	c, err := CertCentral()
	if err != nil {
		t.Fatal(err)
	}
	// The escapes make the decoder use its buffer.
	body := `{"\u006eame":"411111\u0031111111111","z\u007a":1,"contacts":[{"user_id":1.5}]}`
	d := &decoder{json: jsontext.NewDecoder(bytes.NewBufferString(body)), sent: Secrets{key: "KEY"}}
	if d.tree, err = d.value(c.Operation(http.MethodPost, "/organization").shape); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(d.text[:cap(d.text)]), "11111111") || cap(d.path) == 0 || !d.odd || len(d.ignored.Names) == 0 {
		t.Fatalf("the decoder keeps other things than this test looks for: %+v", d)
	}
	d.wipe()
	left := strings.Trim(string(d.text[:cap(d.text)]), "\x00") + strings.Join(d.path[:cap(d.path)], "") + d.sent.key
	if diff := cmp.Diff(decoded{}, d.decoded, cmp.AllowUnexported(decoded{})); diff != "" || left != "" || len(d.path) > 0 {
		t.Errorf("%q is left, and (-want +got):\n%s", left, diff)
	}
}

// TestShapes: each schema of a request can be read as a shape. None accepts both an object and an
// array, and every array has a maximum.
func TestShapes(t *testing.T) {
	t.Parallel()
	for _, load := range []func() (*Contract, error){CertCentral, Control} {
		c, err := load()
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range c.Operations() {
			if op.HasBody() && (!op.shape.object || len(op.shape.members) == 0) {
				t.Errorf("%s: the shape of the body has no members", op.ID)
			}
			walkShape(t, op.ID, op.shape)
		}
	}
}

func walkShape(t *testing.T, at string, s *shape) {
	t.Helper()
	if s.object && s.items != nil {
		t.Errorf("%s wants an object and an array", at)
	}
	if s.items != nil {
		if s.most == unlimited {
			t.Errorf("%s wants an array of any length", at)
		}
		walkShape(t, at+"[]", s.items)
	}
	for name, member := range s.members {
		if member.name != name {
			t.Errorf("%s.%s is called %s", at, name, member.name)
		}
		walkShape(t, at+"."+name, member.shape)
	}
}
