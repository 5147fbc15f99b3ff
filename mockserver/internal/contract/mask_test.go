package contract_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/gen"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
)

func vendorOperation(tb testing.TB, method, path string) *contract.Operation {
	tb.Helper()
	c, err := contract.CertCentral()
	if err != nil {
		tb.Fatal(err)
	}
	op := c.Operation(method, path)
	if op == nil {
		tb.Fatalf("no operation %s %s", method, path)
	}
	return op
}

func placing(tb testing.TB) *contract.Operation {
	tb.Helper()
	return vendorOperation(tb, http.MethodPost, "/order/certificate/pkio_organisation_person")
}

// TestMaskRequest pins what is shown of a body.
func TestMaskRequest(t *testing.T) {
	t.Parallel()
	const key, card = "TEST_KEY_0123456789", "4539718260573919"
	for name, tc := range map[string]struct{ body, want string }{
		"a declared text":          {`{"comments": "please"}`, `{"comments":"please"}`},
		"an escaped name":          {`{"comm\u0065nts": "please"}`, `{"comments":"please"}`},
		"the wrong type":           {`{"comments": {"a": 1, "b": [1, 2]}, "organization": "x4", "certificate": [1, [2, 3]]}`, `{"comments":{"type":"object","length":2},"organization":{"type":"string","length":2},"certificate":{"type":"array","length":2}}`},
		"null":                     {`{"comments": null, "organization": null}`, `{"comments":null,"organization":null}`},
		"undeclared":               {`{"a": "päss", "b": 4539, "c": true, "d": null, "e": {"f": {"g": []}}, "h": [{}, []]}`, `{"a":{"type":"string","length":4},"b":{"type":"number","length":4},"c":{"type":"boolean"},"d":{"type":"null"},"e":{"type":"object","length":1},"h":{"type":"array","length":2}}`},
		"names that are none":      {`{"4539718260573919": 1, "` + key + `": 2, "a b": 3}`, `{"(redacted)":{"type":"number","length":1},"(redacted) 2":{"type":"number","length":1},"(redacted) 3":{"type":"number","length":1}}`},
		"a card":                   {`{"comments": "my card is 4539 7182-60573919", "credit_card": {"number": "` + card + `", "cvv": "8642"}}`, `{"comments":"my card is (redacted)","credit_card":{"number":"(redacted)","cvv":"(redacted)"}}`},
		"a card that is no number": {`{"comments": "1234-5678 9012 345", "credit_card": {"number": "123456789012345"}}`, `{"comments":"(redacted)","credit_card":{"number":"(redacted)"}}`},
		"numbers as secrets":       {`{"comments": "8642", "credit_card": {"number": ` + card + `, "cvv": {"code": 8642}}}`, `{"comments":"(redacted)","credit_card":{"number":"(redacted)","cvv":"(redacted)"}}`},
		"a card as a number":       {`{"payment_profile": {"id": ` + card + `}}`, `{"payment_profile":{"id":"(redacted)"}}`},
		"an unknown card":          {`{"comments": "4539\u0037182 6057 3919"}`, `{"comments":"(redacted)"}`},
		"the key":                  {`{"comments": "test_key_0123456789, TEST%5fKEY%5f0123456789"}`, `{"comments":"(redacted), (redacted)"}`},
		"a private key":            {`{"comments": "-----BEGIN PRIVATE KEY-----\nMC4C"}`, `{"comments":"(redacted)"}`},
		"escapes":                  {`{"comments": "a \"quoted\" \u00e9"}`, `{"comments":"a \"quoted\" é"}`},
	} {
		masker := contract.NewMasker(key)
		got, err := masker.MaskRequest([]byte("before "), []byte(tc.body), placing(t), false)
		if err != nil || string(got) != "before "+tc.want {
			t.Errorf("%s: got %s (%v), want %s", name, got, err, tc.want)
		}
		if !json.Valid(got[len("before "):]) {
			t.Errorf("%s: no JSON: %s", name, got)
		}
	}
	for _, body := range []string{"", "x", `{"comments": "a"`, `{} {}`, `{"a": 1, "a": 2}`, "{\"comments\": \"\xff\"}"} {
		masker := contract.NewMasker(key)
		if got, err := masker.MaskRequest(nil, []byte(body), placing(t), false); err == nil || len(got) > 0 {
			t.Errorf("%.20s: got %s", body, got)
		}
	}
}

// TestMaskResponse pins what is shown of an answer, and that the orders in it are found.
func TestMaskResponse(t *testing.T) {
	t.Parallel()
	vendor, err := contract.CertCentral()
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		op     *contract.Operation
		status int
		body   string
		want   string
		orders int
	}{
		"a placed order":      {placing(t), 201, `{"certificate_id": 1, "id": 843668399}`, `{"certificate_id":1,"id":843668399}`, 1},
		"orders":              {vendorOperation(t, http.MethodGet, "/order/certificate"), 200, `{"orders": [{"id": 1, "x": 1}, {"id": 2}], "page": {"total": 2}}`, `{"orders":[{"id":1,"x":{"type":"number","length":1}},{"id":2}],"page":{"total":2}}`, 2},
		"a key":               {vendorOperation(t, http.MethodPost, "/user"), 201, `{"id": 1, "api_key": "mock-00"}`, `{"id":1,"api_key":"(redacted)"}`, 0},
		"a refusal":           {placing(t), 400, `{"errors": [{"code": "a", "message": "TEST_KEY_0123456789"}]}`, `{"errors":[{"code":"a","message":"(redacted)"}]}`, 0},
		"an undeclared one":   {placing(t), 599, `{"errors": [{"code": "a", "message": "b", "pin": "1"}]}`, `{"errors":[{"code":"a","message":"b","pin":{"type":"string","length":1}}]}`, 0},
		"an undeclared reply": {placing(t), 299, `{"errors": []}`, `{"type":"object","length":1}`, 0},
		"no operation":        {nil, 404, `{"errors": []}`, `{"errors":[]}`, 0},
	} {
		masker := contract.NewMasker("TEST_KEY_0123456789")
		got, err := masker.MaskResponse(nil, []byte(tc.body), vendor, tc.op, tc.status)
		if err != nil || string(got) != tc.want || len(masker.Orders) != tc.orders {
			t.Errorf("%s: got %s with orders %v (%v), want %s", name, got, masker.Orders, err, tc.want)
		}
	}
}

// TestDecisions pins where the decision behind a violation is found.
func TestDecisions(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"":                              "D-07 D-23", // of the operation
		"credit_card.number":            "D-49",
		"credit_card.cvv":               "D-16", // of the card around it
		"organization.contacts[0].none": strings.Join(placing(t).Decisions("organization.contacts[0]"), " "),
		"certificate":                   "", // and not of the whole body
		"nothing":                       "",
	} {
		if got := strings.Join(placing(t).Decisions(path), " "); got != want {
			t.Errorf("%q: got %q, want %q", path, got, want)
		}
	}
	if len(placing(t).Decisions("organization.contacts[0]")) == 0 {
		t.Error("no decisions about contacts")
	}
	if got := vendorOperation(t, http.MethodGet, "/order/certificate/{order_id}").Decisions("order_id"); len(got) == 0 || got[0] != "D-38" {
		t.Errorf("a parameter: %v", got)
	}
}

// BenchmarkMaskRequest measures how long the vendor's sample takes.
func BenchmarkMaskRequest(b *testing.B) {
	op, body := placing(b), []byte(gen.ExampleOrder)
	var buffer []byte
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		masker := contract.NewMasker("bench-0123456789")
		out, err := masker.MaskRequest(buffer[:0], body, op, true)
		if err != nil {
			b.Fatal(err)
		}
		buffer = out
	}
}
