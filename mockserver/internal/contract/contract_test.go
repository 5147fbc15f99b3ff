package contract_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
)

func orderOperation(tb testing.TB) *contract.Operation {
	tb.Helper()
	c, err := contract.CertCentral()
	if err != nil {
		tb.Fatal(err)
	}
	op := c.Operation(http.MethodPost, "/order/certificate/pkio_organisation_person")
	if op == nil {
		tb.Fatal("the contract has no order operation")
	}
	return op
}

func vendorOrder(tb testing.TB) string {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "openapi", "examples",
		"orderPkioOrganisationPerson.vendor_new_individual.request.json"))
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}

func check(tb testing.TB, op *contract.Operation, contentType, body string) (*contract.Body, *contract.Violations) {
	tb.Helper()
	r := httptest.NewRequest(op.Method, "/x", http.NoBody)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	checked, _, refused := op.CheckRequest(r, []byte(body), true)
	if refused != nil {
		return nil, refused
	}
	bound, ok := checked.Body.(*contract.Body)
	if !ok || r.Body != http.NoBody {
		tb.Fatalf("the checked body is %T, the one that was sent %T", checked.Body, r.Body)
	}
	return bound, nil
}

// TestOrderBodies covers the violations that kin-openapi does not find, and each kind of message.
func TestOrderBodies(t *testing.T) {
	t.Parallel()
	order := vendorOrder(t)
	swap := func(pairs ...string) string {
		for i := 0; i < len(pairs); i += 2 {
			if !strings.Contains(order, pairs[i]) {
				t.Fatalf("the vendor's order has no %s", pairs[i])
			}
		}
		return strings.NewReplacer(pairs...).Replace(order)
	}
	for name, tc := range map[string]struct {
		body string
		want []string
	}{
		"as it is":         {order, nil},
		"unknown member":   {swap(`"csa_agreed_to"`, `"color": {"a": [1.5]}, "csa_agreed_to"`), nil},
		"case variant":     {swap(`"payment_method"`, `"PAYMENT_METHOD"`), []string{"missing_field|payment_method"}},
		"id of 2^63":       {swap(`"1920073"`, `9223372036854775808`), []string{"invalid_field|organization.id"}},
		"id as integer":    {swap(`"1920073"`, `1920073`), nil},
		"id as word":       {swap(`"1920073"`, `"abc"`), []string{"invalid_field|organization.id"}},
		"years 1.0":        {swap(`"years": 1`, `"years": 1.0`), []string{"invalid_field|order_validity.years"}},
		"years 1e0":        {swap(`"years": 1`, `"years": 1e0`), []string{"invalid_field|order_validity.years"}},
		"id 1e0":           {swap(`"1920073"`, `1.92e6`), []string{"invalid_field|organization.id"}},
		"email":            {swap(`"email": "john.doe@example.com"`, `"email": "nope"`), []string{"invalid_field|certificate.individual.email", "invalid_field|organization.contacts[0].email"}},
		"null":             {swap(`"STANDARD"`, `null`), []string{"missing_field|ship_info.method"}},
		"agreement":        {swap(`"csa_agreed_to": true`, `"csa_agreed_to": false`), []string{"invalid_field|csa_agreed_to"}},
		"wrong type":       {`[]`, []string{"invalid_field|body"}},
		"null body":        {`null`, []string{"invalid_field|body"}},
		"empty object":     {`{}`, []string{"missing_field|certificate", "missing_field|csa_agreed_to", "missing_field|cs_provisioning_method", "missing_field|organization", "missing_field|payment_method"}},
		"duplicate member": {swap(`"csa_agreed_to": true`, `"csa_agreed_to": true, "csa_agreed_to": true`), []string{"bad_request_format"}},
		"trailing data":    {order + "x", []string{"bad_request_format"}},
		"second value":     {order + "{}", []string{"bad_request_format"}},
		"invalid UTF-8":    {swap(`John`, "J\xffhn"), []string{"bad_request_format"}},
		"lone surrogate":   {swap(`John`, `J\ud800hn`), []string{"bad_request_format"}},
		"escapes":          {swap(`John`, `J\u006fhn`), nil},
		"too deep":         {`{"a":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`, []string{"bad_request_format"}},
		"much too deep":    {strings.Repeat("[", 20000), []string{"bad_request_format"}},
		"empty":            {" \n", []string{"bad_request_format"}},
		"trailing comma":   {swap(`"zip": "3030"`, `"zip": "3030",`), []string{"bad_request_format"}},
		"cut off":          {order[:len(order)/2], []string{"bad_request_format"}},
		// A condition must not hide other violations (behaviour.md, Errors).
		"card, method and email": {
			swap(`"payment_method": "balance"`, `"payment_method": "card"`, `"STANDARD"`, `"FAST"`, `"email": "john.doe@example.com",`, ``),
			[]string{
				"missing_field|certificate.individual.email", "invalid_field|ship_info.method",
				"missing_field|credit_card", "missing_field|billing_address",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, refused := check(t, orderOperation(t), "application/json", tc.body)
			var got []string
			if refused != nil {
				for _, violation := range refused.List {
					got = append(got, violation.Code)
					t.Log(violation.Message)
				}
			}
			if strings.Join(got, " ") != strings.Join(tc.want, " ") {
				t.Errorf("codes\n got %v\nwant %v", got, tc.want)
			}
			if (body != nil) != (tc.want == nil) {
				t.Errorf("body is %v", body)
			}
		})
	}
}

// TestMalformed: the error says where the body stops being JSON, and repeats no part of it.
func TestMalformed(t *testing.T) {
	t.Parallel()
	const prefix = "request body is not valid JSON: line 1, column "
	for body, want := range map[string]string{
		"{\"cvv\": 7x}":   "10: unexpected character after object value (expecting ',' or '}')",
		"{\"cvv\": '7'}":  "9: unexpected character at start of value",
		"{\"cvv\": tr ue": "11: unexpected character in literal true (expecting 'u')",
		"[\"\x01\"]":      "3: unexpected character in string (expecting non-control character)",
		"[1,]":            "3: a comma with nothing after it",
		"[1":              "3: it ends too early",
	} {
		_, refused := check(t, orderOperation(t), "application/json", body)
		if refused == nil || refused.List[0].Message != prefix+want {
			t.Errorf("%s: got %+v, want %q", body, refused, want)
		}
	}
}

// TestNoBody: a missing body is refused as missing, with every media type.
func TestNoBody(t *testing.T) {
	t.Parallel()
	for _, contentType := range []string{"", "application/json", "application/x-www-form-urlencoded"} {
		_, refused := check(t, orderOperation(t), contentType, "")
		if refused == nil || refused.List[0].Code != "bad_request_format" {
			t.Errorf("%q: got %+v", contentType, refused)
		}
	}
}

func TestMediaTypes(t *testing.T) {
	t.Parallel()
	order := vendorOrder(t)
	for contentType, want := range map[string]int{
		"application/json":                0,
		"application/json; charset=utf-8": 0,
		"Application/JSON":                0,
		"application/xml":                 http.StatusUnsupportedMediaType,
		"text/json":                       http.StatusUnsupportedMediaType,
		"":                                http.StatusUnsupportedMediaType,
		"application/vnd.api+json":        http.StatusUnsupportedMediaType,
		";":                               http.StatusUnsupportedMediaType,
	} {
		_, refused := check(t, orderOperation(t), contentType, order)
		got := 0
		if refused != nil {
			got = refused.Status
		}
		if got != want {
			t.Errorf("%q: got %d, want %d", contentType, got, want)
		}
	}
}

// FuzzOrderBody: an invalid body always gets a reason, gets the same response twice, and no value
// of it is repeated.
func FuzzOrderBody(f *testing.F) {
	order := vendorOrder(f)
	f.Add(order)
	f.Add(`{"credit_card":{"number":"4111111111111111"}}`)
	f.Add(`[1.0]`)
	op := orderOperation(f)
	f.Fuzz(func(t *testing.T, body string) {
		checked, first := check(t, op, "application/json", body)
		_, second := check(t, op, "application/json", body)
		if (checked == nil) != (first != nil) {
			t.Fatal("a body is either checked or refused")
		}
		if first == nil {
			return
		}
		if len(first.List) == 0 || first.Error() != second.Error() {
			t.Fatalf("unstable or empty refusal: %v, then %v", first, second)
		}
		for i, violation := range first.List {
			if violation.Code == "" || violation.Message != second.List[i].Message {
				t.Fatalf("unstable message: %+v, then %+v", violation, second.List[i])
			}
			if violation.Code == "invalid_field|body" && !strings.Contains(violation.Message, "object") {
				t.Fatalf("a violation without its place: %+v", violation)
			}
		}
	})
}

func BenchmarkCheckOrder(b *testing.B) {
	op := orderOperation(b)
	body := []byte(vendorOrder(b))
	r := httptest.NewRequest(op.Method, "/x", http.NoBody)
	r.Header.Set("Content-Type", "application/json")
	b.ReportAllocs()
	for b.Loop() {
		if _, _, refused := op.CheckRequest(r, body, true); refused != nil {
			b.Fatal(refused)
		}
	}
}
