package contract_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
)

func operation(tb testing.TB, method, path string) *contract.Operation {
	tb.Helper()
	c, err := contract.CertCentral()
	if err != nil {
		tb.Fatal(err)
	}
	op := c.Operation(method, path)
	if op == nil {
		tb.Fatalf("the contract has no %s %s", method, path)
	}
	return op
}

// TestQueries: the query that the generated code gets, and the refused ones (D-39).
func TestQueries(t *testing.T) {
	t.Parallel()
	orders, changes := "/order/certificate", "/order/certificate/status-changes"
	for _, tc := range []struct {
		path, query string
		want        url.Values // the query for the generated code; nil: as in the request
		refused     []string
	}{
		{path: orders, query: "filters[status]=pending&filters[status]=issued"},
		{path: orders, query: "filters%5Bstatus%5D=pending"},
		{
			path: orders, query: "filters[status][1]=pending&limit=5&filters[status][0]=issued",
			want: url.Values{"filters[status]": {"issued", "pending"}, "limit": {"5"}},
		},
		{
			path: orders, query: "filters[status][10]=pending&filters[status][9]=issued&filters[status]=canceled&filters%5Bid%5D%5B0%5D=%3E1",
			want: url.Values{"filters[status]": {"canceled", "issued", "pending"}, "filters[id]": {">1"}},
		},
		{
			path: orders, query: "filters[status][0]=pending&filters[status][0]=issued",
			want: url.Values{"filters[status]": {"pending", "issued"}},
		},
		{path: orders, query: "filters[status][0]=gone", refused: []string{"invalid_field|filters[status]"}},
		{path: orders, query: "filters[status]=pending&filters[status]=gone&filters[status]=past", refused: []string{"invalid_field|filters[status]"}},
		{path: orders, query: "filters[status]=&limit=&offset=&sort=", want: url.Values{}},
		{path: orders, query: "filters[status]=&filters[status][0]=issued", want: url.Values{"filters[status]": {"issued"}}},
		{path: orders, query: "limit=5&limit=", want: url.Values{"limit": {"5"}}},
		{path: changes, query: "minutes=&seconds=5&filters[status_last_updated]=", want: url.Values{"seconds": {"5"}}},
		{path: "/organization", query: "container_id=0&include_validation=", want: url.Values{}},
		{path: "/user", query: "access_role_id=00&container_id=4", want: url.Values{"container_id": {"4"}}},
		{path: orders, query: "filters[hue][0]=red", refused: []string{"invalid_field|filters[hue]"}},
		{
			path: orders, query: "filters[status][]=pending&filters%5Bstatus%5D%5B%5D=issued&limit=5",
			want: url.Values{"filters[status]": {"pending", "issued"}, "limit": {"5"}},
		},
		{path: orders, query: "filters[status][x]=pending", refused: []string{"invalid_field|filters[status][x]"}},
		{path: orders, query: "filters[status][-1]=pending", refused: []string{"invalid_field|filters[status][-1]"}},
		{path: orders, query: "filters[status][0][1]=pending", refused: []string{"invalid_field|filters[status][0]"}},
		{path: orders, query: "filters[][0]=pending", refused: []string{"invalid_field|filters[]"}},
		{path: orders, query: "filters[0]=pending", refused: []string{"invalid_field|filters[0]"}},
		{path: orders, query: "filters=pending", refused: []string{"invalid_field|filters"}},
		{path: orders, query: "filters[st%00atus]=pending", refused: []string{"invalid_field|filters"}},
		{path: orders, query: "limit=1&limit=1", refused: []string{"invalid_field|limit"}},
		{path: orders, query: "filters[id]=1&filters[id]=%zz", refused: []string{"invalid_field|query"}},
		{path: orders, query: strings.Repeat("filters[id]=1&", 50)},
		{path: orders, query: strings.Repeat("filters[id]=1&", 51), refused: []string{"invalid_field|filters[id]"}},
		{path: orders, query: "filters[valid_till]=>2026-06-01&filters[date_created]=2026-11-01+10:00...2026-11-02T10:00:00Z"},
		{path: orders, query: "filters[valid_till]=2026-6-1", want: url.Values{"filters[valid_till]": {"2026-06-01"}}},
		{path: orders, query: "filters[valid_till]=2026-13-1", refused: []string{"invalid_field|filters[valid_till]"}},
		{
			path: orders, query: "filters[date_created]=>2026-6-1T7:4&filters[date_created]=<2026-6-10 07:4:09Z",
			want: url.Values{"filters[date_created]": {">2026-06-01T07:04", "<2026-06-10 07:04:09Z"}},
		},
		{
			path: changes, query: "filters[status_last_updated]=2026-11-22+7:4:9...2026-11-28+19:5:3",
			want: url.Values{"filters[status_last_updated]": {"2026-11-22 07:04:09...2026-11-28 19:05:03"}},
		},
		{path: orders, query: "sort=-date_created,+order_id, status"},
		{path: orders, query: "sort=--date_created", refused: []string{"invalid_field|sort"}},
		{path: orders, query: "unknown=1&page=2&a=b"},
		{path: "/user", query: "status=gone"},                                           // users have no such filter
		{path: orders, query: "status=gone", refused: []string{"invalid_field|status"}}, // only the list of requests has a parameter status
		{path: orders, query: "filter[status]=canceled", refused: []string{"invalid_field|filter[status]"}},
		{path: orders, query: "Filters[Status]=canceled", refused: []string{"invalid_field|Filters[Status]"}},
		{path: orders, query: "filters.status=canceled", refused: []string{"invalid_field|filters.status"}},
		{path: orders, query: "filter_status=canceled", refused: []string{"invalid_field|filter_status"}},
		{path: orders, query: "statsu=canceled", refused: []string{"invalid_field|statsu"}},
		{path: orders, query: "Limit=5", refused: []string{"invalid_field|Limit"}},
		{path: orders, query: "offest=5", refused: []string{"invalid_field|offest"}},
		{path: orders, query: "sort[]=status", refused: []string{"invalid_field|sort[]"}},
		{path: "/organization", query: "containerId=4&includeValidation=true", refused: []string{"invalid_field|containerId", "invalid_field|includeValidation"}},
		// A filter with one value accepts it with an index too. Two values are refused in both
		// forms.
		{
			path: changes, query: "filters[status_last_updated][0]=2026-11-01...2026-11-02",
			want: url.Values{"filters[status_last_updated]": {"2026-11-01...2026-11-02"}},
		},
		{
			path: changes, query: "filters[status_last_updated][0]=2026-11-01...2026-11-02&filters[status_last_updated][1]=2026-11-01...2026-11-02",
			refused: []string{"invalid_field|filters[status_last_updated]"},
		},
		{path: "/request", query: "status=gone&filters[order_id]=x", refused: []string{"invalid_field|status", "invalid_field|filters[order_id]"}},
		{path: "/user/api-only", query: "access_role_id=x&filters[status]=gone", refused: []string{"invalid_field|access_role_id", "invalid_field|filters[status]"}},
		{path: "/user", query: "filters[status]=active", refused: []string{"invalid_field|filters[status]"}},
		{
			path: "/organization", query: "include_validation=True&filters[validation]=not_pending",
			want: url.Values{"include_validation": {"true"}, "filters[validation]": {"not_pending"}},
		},
	} {
		t.Run(tc.path+"?"+tc.query[:min(80, len(tc.query))], func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/x?"+strings.ReplaceAll(tc.query, " ", "%20"), http.NoBody)
			sent := r.URL.String()
			checked, _, refused := operation(t, http.MethodGet, tc.path).CheckRequest(r, nil, true)
			if r.URL.String() != sent {
				t.Errorf("the request that was sent is now %s", r.URL)
			}
			var codes []string
			if refused != nil {
				for _, violation := range refused.List {
					codes = append(codes, violation.Code)
				}
			}
			if !slices.Equal(codes, tc.refused) {
				t.Fatalf("got %v, want %v", codes, tc.refused)
			}
			if refused != nil {
				return
			}
			want := r.URL.Query()
			if tc.want != nil {
				want = tc.want
			}
			if got := checked.URL.Query(); got.Encode() != want.Encode() {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

// TestFlags: a boolean parameter must be true or false, or a spelling that is tolerated.
func TestFlags(t *testing.T) {
	t.Parallel()
	op := operation(t, http.MethodGet, "/order/certificate/{order_id}")
	for text, want := range map[string]bool{"true": true, "False": true, "1": true, "": true, "TRUE": false, "yes": false} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/x?include_caa_status="+text, http.NoBody)
		r.SetPathValue("order_id", "1")
		if _, _, refused := op.CheckRequest(r, nil, true); (refused == nil) != want {
			t.Errorf("%q: got %v", text, refused)
		}
	}
}

// TestCSV: which operations can respond with CSV, and the form of such a response.
func TestCSV(t *testing.T) {
	t.Parallel()
	c, err := contract.CertCentral()
	if err != nil {
		t.Fatal(err)
	}
	var offering []string
	for _, op := range c.Operations() {
		if op.OffersCSV {
			offering = append(offering, op.ID)
		}
	}
	if want := []string{"listOrders", "listOrganizations", "listRequests", "listUsers"}; !slices.Equal(offering, want) {
		t.Errorf("CSV is offered by %v, want %v", offering, want)
	}
	header := http.Header{"Content-Type": {"text/csv"}}
	for i, tc := range []struct {
		path, body string
		want       bool
	}{
		{"/user", "id,status\n1,active\n", true},
		{"/user", "id,status\n", true},
		{"/user", "id\n\"a\nb\"\n", true},
		{"/user", "", false},
		{"/user", "id,status\n1\n", false},
		{"/user", "id,id\n1,1\n", false},
		{"/user", "id,\n1,1\n", false},
		{"/user", "id\n\"1\n", false},
		{"/account", "id\n1\n", false}, // the contract has no CSV there
	} {
		err := operation(t, http.MethodGet, tc.path).CheckResponse(http.StatusOK, header, []byte(tc.body))
		if (err == nil) != tc.want {
			t.Error(strconv.Itoa(i)+": got", err)
		}
	}
	refusal := `{"errors":[{"code":"a","message":"b"}]}`
	if operation(t, http.MethodGet, "/user").CheckResponse(http.StatusBadRequest, header, []byte(refusal)) == nil {
		t.Error("a refusal may be CSV")
	}
}
