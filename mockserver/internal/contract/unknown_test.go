package contract_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
)

func controlOperation(tb testing.TB, method, path string) *contract.Operation {
	tb.Helper()
	c, err := contract.Control()
	if err != nil {
		tb.Fatal(err)
	}
	op := c.Operation(method, path)
	if op == nil {
		tb.Fatalf("the control contract has no %s %s", method, path)
	}
	return op
}

func codesOf(refused *contract.Violations) []string {
	var codes []string
	if refused != nil {
		for _, violation := range refused.List {
			codes = append(codes, violation.Code)
		}
	}
	return codes
}

func checkAll(op *contract.Operation, query, body, key string) (contract.Names, []string) {
	r := httptest.NewRequest(op.Method, "/x", http.NoBody)
	r.URL.RawQuery = query
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-DC-DEVKEY", key)
	_, remarks, refused := op.CheckRequest(r, []byte(body), true)
	ignored := remarks.Ignored
	return ignored, codesOf(refused)
}

// TestIgnored: unknown members and parameters are reported as ignored, for valid and for invalid
// requests (D-36).
func TestIgnored(t *testing.T) {
	t.Parallel()
	order := orderOperation(t)
	list := operation(t, http.MethodGet, "/order/certificate")
	me := operation(t, http.MethodGet, "/user/me")
	const key = "KEY-zeta"
	for _, tc := range []struct {
		op          *contract.Operation
		query, body string
		want        []string
		more        int
		refused     bool
	}{
		{op: order, body: vendorOrder(t)},
		{op: order, body: `{}`, refused: true},
		{op: order, body: `{"a":1,"b":{"c":2},"d":[{"e":3}],"organization":{"id":1,"f":4,"contacts":[{"g":5},{"g":6,"contact_type":"x"}]}}`, want: []string{"a", "b", "d", "organization.f", "organization.contacts[0].g", "organization.contacts[1].g"}, refused: true},
		{op: order, body: `{"order_validity":{"Years":1,"\u0061bc":2,"d\u0061ys":3}}`, want: []string{"order_validity.Years", "order_validity.abc"}, refused: true},
		{op: order, body: `{"organization":[{"a":1}],"payment_method":{"b":1}}`, refused: true}, // a value of the wrong type reports no members
		{op: order, body: `{"größe":1,"a b":2,"a\nb":3,"":4,"4539718260573914":5,"8642":6,"KEY-zeta":7,"x.KEY-zeta.y":8,"a1234":9}`, want: []string{"(redacted)"}, refused: true},
		{op: order, body: `{"a":1} x`, refused: true}, // a body that is not JSON reports no members
		{op: list, query: "limit=1&offset=2&sort=order_id&filters[status]=issued&filters[id][0]=1"},
		{op: list, query: "page=1&Size=2&page=3&color%5B0%5D=1", want: []string{"Size", "color[0]", "page"}},
		{op: list, query: "page=1&limit=0", want: []string{"page"}, refused: true},
		{op: list, query: "KEY-zeta=1&4539718260573914=1&a%00b=1", want: []string{"(redacted)"}},
		{op: list, body: `{"limit":1}`, want: []string{"limit"}},
		{op: me, query: "filters[x]=1&limit=1", want: []string{"filters[x]", "limit"}},
		{op: me, query: "a=1&b=%zz", want: []string{"query", "a"}},
		{op: me, query: "a;b", want: []string{"query"}},
		{op: me, body: ` {} `},
		{op: me, body: "null"},
		{op: me, body: `{"a":1,"b":[]}`, want: []string{"a", "b"}},
		{op: me, body: `[1]`, want: []string{"body"}},
		{op: me, body: `a=1`, want: []string{"body"}},
		{op: me, body: `{"a":1`, want: []string{"body"}},
	} {
		ignored, codes := checkAll(tc.op, tc.query, tc.body, key)
		if !slices.Equal(ignored.Names, tc.want) || ignored.More != tc.more || (codes != nil) != tc.refused {
			t.Errorf("%s ?%s %.200s:\n got %q +%d %v\nwant %q +%d", tc.op.ID, tc.query, tc.body, ignored.Names, ignored.More, codes, tc.want, tc.more)
		}
	}
}

// TestIgnoredManyNames: names after the twentieth are counted.
func TestIgnoredManyNames(t *testing.T) {
	t.Parallel()
	var members, query []string
	for i := range 30 {
		name := "m" + strings.Repeat("x", i)
		members, query = append(members, strconv.Quote(name)+":1"), append(query, name+"q=1")
	}
	body := "{" + strings.Join(members, ",") + "}"
	for _, tc := range []struct {
		query, body string
		more        int
	}{{"", body, 10}, {strings.Join(query, "&"), "", 10}, {strings.Join(query, "&"), body, 40}} {
		ignored, _ := checkAll(operation(t, http.MethodGet, "/user/me"), tc.query, tc.body, "")
		if len(ignored.Names) != 20 || ignored.More != tc.more {
			t.Errorf("got %d names +%d, want 20 +%d", len(ignored.Names), ignored.More, tc.more)
		}
	}
}

// TestUnknown: the control API refuses unknown members and parameters, and lists the known ones.
func TestUnknown(t *testing.T) {
	t.Parallel()
	account := controlOperation(t, http.MethodPut, "/_mock/account")
	key := controlOperation(t, http.MethodPost, "/_mock/keys")
	health := controlOperation(t, http.MethodGet, "/_mock/healthz")
	file := controlOperation(t, http.MethodGet, "/_mock/ca/{file}")
	for _, tc := range []struct {
		op          *contract.Operation
		query, body string
		want        []string
	}{
		{op: account, body: `{"approval":"on","life":"manual"}`},
		{op: account, body: `{"approvals":"on"}`, want: []string{"unknown_field|approvals"}},
		{op: account, body: `{"life":"x","Life":"manual"}`, want: []string{"invalid_field|life", "unknown_field|Life"}},
		{op: account, body: `{"life":{"mode":"manual"}}`, want: []string{"invalid_field|life"}},
		{op: account, body: `[{"life":"manual"}]`, want: []string{"invalid_field|body"}},
		{op: account, query: "life=manual", body: `{"money":"1"}`, want: []string{"unknown_field|life", "unknown_field|money"}},
		{op: account, body: `{"4539718260573914":1}`, want: []string{"unknown_field|(redacted)"}},
		{op: key, body: `{"user":1}`, want: []string{"missing_field|user_id", "unknown_field|user"}},
		{op: health, query: "verbose", want: []string{"unknown_field|verbose"}},
		{op: health, query: "a=1&a=2&b=3", want: []string{"unknown_field|a", "unknown_field|b"}},
		{op: health, query: "%zz", want: []string{"invalid_field|query"}},
		{op: health, body: `{"a":{"b":1}}`, want: []string{"unknown_field|a"}},
		{op: health, body: `{}`},
		{op: health, body: "null"},
		{op: health, body: "\n"},
		{op: health, body: "a=1", want: []string{"invalid_field|body"}},
		{op: health, body: "true", want: []string{"invalid_field|body"}},
		{op: file, query: "filters[x]=1", want: []string{"invalid_field|file", "unknown_field|filters[x]"}},
	} {
		ignored, codes := checkAll(tc.op, tc.query, tc.body, "")
		if !slices.Equal(codes, tc.want) || !ignored.None() {
			t.Errorf("%s ?%s %s: got %v, want %v; ignored %v", tc.op.ID, tc.query, tc.body, codes, tc.want, ignored)
		}
	}
	_, refused := check(t, account, "application/json", `{"x":1}`)
	if want := "x is not known; known: approval, balance, life, multi_year_plans, negative_balance_limit, rate_limit, refunds, " +
		"required_validation, short_validity, token_chain, tolerance, validation"; refused.List[0].Message != want {
		t.Errorf("got %q, want %q", refused.List[0].Message, want)
	}
}

// TestManyErrors: the number of violations of a request is limited, and the others are counted.
func TestManyErrors(t *testing.T) {
	t.Parallel()
	var members []string
	for i := range 5000 {
		members = append(members, fmt.Sprintf(`"m%s":1`, strings.Repeat("x", i%60)+string(rune('a'+i%26))+string(rune('a'+i/26%26))+string(rune('a'+i/676))))
	}
	users := "[" + strings.TrimSuffix(strings.Repeat("{},", 50), ",") + "]"
	validations := "[" + strings.TrimSuffix(strings.Repeat(`{"verified_users":`+users+`},`, 10), ",") + "]"
	for name, tc := range map[string]struct {
		op   *contract.Operation
		body string
		more string
	}{
		"unknown members": {controlOperation(t, http.MethodPut, "/_mock/account"), "{" + strings.Join(members, ",") + "}", "4900 more errors are left out"},
		"missing members": {
			operation(t, http.MethodPost, "/organization/{organization_id}/validation"), `{"validations":` + validations + `}`,
			"2411 more errors are left out", // one more is the path parameter
		},
	} {
		_, refused := check(t, tc.op, "application/json", tc.body)
		if refused == nil || len(refused.List) != 101 {
			t.Errorf("%s: got %v", name, refused)
			continue
		}
		if last := refused.List[100]; last.Code != "too_many_errors" || last.Message != tc.more {
			t.Errorf("%s: got %+v, want %q", name, last, tc.more)
		}
	}
}

// TestTooManyItems: an array that is too long gets one violation, and none for the items above the
// maximum.
func TestTooManyItems(t *testing.T) {
	t.Parallel()
	good := `{"contact_type":"technical_contact","user_id":1}`
	for _, extra := range []int{1, 2, 1000} {
		body := `{"name":"N","address":"A","city":"C","state":"S","zip":"Z","country":"nl","telephone":"1","contacts":[` +
			strings.Repeat(good+",", 100) + strings.TrimSuffix(strings.Repeat(`{"more":1},`, extra), ",") + `]}`
		ignored, codes := checkAll(operation(t, http.MethodPost, "/organization"), "", body, "")
		if want := []string{"invalid_field|contacts"}; !slices.Equal(codes, want) || !ignored.None() {
			t.Errorf("%d too many: got %v, ignored %v, want %v", extra, codes, ignored, want)
		}
	}
}

// TestIgnoredIsRead: ignored members must be strict JSON too (D-47).
func TestIgnoredIsRead(t *testing.T) {
	t.Parallel()
	order := vendorOrder(t)
	for name, tc := range map[string]struct {
		value string
		want  string // in the message; empty for a valid body
	}{
		"nested":           {`{"a":[1.5e3,{"b":null}],"c":"\ud83d\ude00"}`, ""},
		"99 levels":        {strings.Repeat("[", 98) + strings.Repeat("]", 98), ""},
		"a value inside":   {strings.Repeat("[", 98) + "1" + strings.Repeat("]", 98), ""},
		"101 levels":       {strings.Repeat("[", 101) + strings.Repeat("]", 101), "deeper than 100 levels"},
		"101 objects":      {strings.Repeat(`{"a":`, 101) + "1" + strings.Repeat("}", 101), "deeper than 100 levels"},
		"duplicate member": {`{"a":{"b":1,"\u0062":2}}`, "a member stands twice"},
		"invalid UTF-8":    {"[\"\xff\"]", "invalid UTF-8"},
		"invalid name":     {"{\"\xff\":1}", "invalid UTF-8"},
		"lone surrogate":   {`["\ud800"]`, "invalid escape"},
		"comma":            {`[1,]`, "a comma with nothing after it"},
		"no number":        {`[01]`, "unexpected character"},
		"no literal":       {`[nul]`, "unexpected character"},
		"not closed":       {`{"a":[`, ": "},
	} {
		for _, where := range []string{`"zz":`, `"organization_contact":{"zz":`, `"csa_agreed_to":`} {
			text := where + tc.value
			if strings.Contains(where, "{") {
				text += "}"
			}
			var wantCode string
			body := strings.Replace(order, `"payment_method"`, text+`,"payment_method"`, 1)
			if where == `"csa_agreed_to":` { // the value has the wrong type
				body = strings.Replace(order, `"csa_agreed_to": true`, text, 1)
				wantCode = "invalid_field|csa_agreed_to"
			}
			_, refused := check(t, orderOperation(t), "application/json", body)
			switch {
			case tc.want != "":
				if refused == nil || refused.List[0].Code != "bad_request_format" || !strings.Contains(refused.List[0].Message, tc.want) {
					t.Errorf("%s in %s: got %+v, want %q", name, where, refused, tc.want)
				}
			case wantCode != "":
				if codes := codesOf(refused); !slices.Equal(codes, []string{wantCode}) {
					t.Errorf("%s in %s: got %v, want %s", name, where, codes, wantCode)
				}
			case strings.Contains(where, "{"): // a contact without its members
				if refused == nil || refused.List[0].Code == "bad_request_format" {
					t.Errorf("%s in %s: got %+v", name, where, refused)
				}
			case refused != nil:
				t.Errorf("%s in %s: %v", name, where, refused)
			}
		}
	}
}

// TestPlainName: which names are plain.
func TestPlainName(t *testing.T) {
	t.Parallel()
	const key = "KEY-zeta-7d0c41"
	sent := contract.SecretsOf(http.Header{http.CanonicalHeaderKey(contract.KeyHeader): {key}})
	for name, want := range map[string]bool{
		"a": true, "_a": true, "auto_renew": true, "autoRenew": true, "X-Y": true, "a.b": true, "filters[x][10]": true, "sha256": true, "x509v3": true,
		strings.Repeat("a", 64): true,
		"":                      false, "1a": false, "-a": false, "[a]": false, "a b": false, "a,b": false, "a\tb": false, "é": false, "a/b": false,
		strings.Repeat("a", 65): false, "a1234": false, "a12b34c567": false, "4539718260573914": false, "8642": false,
		key: false, "x" + key: false, "zeta-7d0c": false, "zeta": true,
	} {
		if got := contract.PlainName(name, sent); got != name && got != contract.Redacted || (got == name) != want {
			t.Errorf("%q: got %q", name, got)
		}
	}
}

// BenchmarkIgnored measures a body of 1 MiB that is mostly ignored. The allocated bytes matter: a
// tree of the whole body would be many times its size.
func BenchmarkIgnored(b *testing.B) {
	op, order := orderOperation(b), vendorOrder(b)
	for name, value := range map[string]string{
		"numbers": `"zz": [` + strings.Repeat("1,", 1<<19-2000) + `1]`,
		"objects": `"zz": [` + strings.Repeat(`{},`, 349_000) + `{}]`,
		"type":    `"comments": [` + strings.Repeat(`[],`, 348_000) + `[]]`,
		"items":   `"custom_fields": [` + strings.Repeat(`{},`, 348_000) + `{}]`,
	} {
		b.Run(name, func(b *testing.B) {
			body := []byte(strings.Replace(order, `"payment_method"`, value+`,"payment_method"`, 1))
			r := httptest.NewRequest(op.Method, "/x", http.NoBody)
			r.Header.Set("Content-Type", "application/json")
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				_, _, _ = op.CheckRequest(r, body, true)
			}
		})
	}
}
