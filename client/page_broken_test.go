package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// pages returns a handler that sends one page after the other. It refuses further requests, so that
// a client that does not stop fails the test.
func pages(bodies ...string) http.HandlerFunc {
	asked := 0 // an iterator requests one page at a time
	return func(w http.ResponseWriter, r *http.Request) {
		asked++
		if asked > len(bodies) {
			answerJSON(403, envelope("asked_once_too_often"))(w, r)
			return
		}
		answerJSON(200, bodies[asked-1])(w, r)
	}
}

// TestBrokenPages uses pages that contradict themselves or each other. Each iteration must end with
// an error, since a program must not believe that an incomplete list is complete.
func TestBrokenPages(t *testing.T) {
	t.Parallel()
	page := func(items, page string) string { return `{"users":[` + items + `],"page":` + page + `}` }
	const (
		one        = `{"id":1}`
		two        = `{"id":1},{"id":2}`
		unfit      = "the answer does not fit the contract: "
		onlyTotal  = `{"total":1}`
		noTotal    = `{"limit":1000,"offset":0}`
		noOffset   = `{"total":1,"limit":1000}`
		nullOffset = `{"total":1,"limit":1000,"offset":null}`
	)
	at := func(total, limit, offset int) string {
		return fmt.Sprintf(`{"total":%d,"limit":%d,"offset":%d}`, total, limit, offset)
	}
	for _, tt := range []struct {
		name   string
		bodies []string
		offset int64
		ids    []int64
		want   string
	}{
		{"without a page", []string{`{"users":[{"id":1}]}`}, 0, nil, unfit + "page is missing"},
		{"without a page or items", []string{`{"users":[]}`}, 0, nil, unfit + "page is missing"},
		{"a page that is null", []string{page(one, `null`)}, 0, nil, unfit + "page is missing"},
		{"a page that is no object", []string{page(one, `[]`)}, 0, nil, unfit + "page is of type array"},
		{"an empty page", []string{page(one, `{}`)}, 0, nil, unfit + "page.total is missing"},
		{"without a total", []string{page(one, noTotal)}, 0, nil, unfit + "page.total is missing"},
		{"with a total alone", []string{page(one, onlyTotal)}, 0, nil, unfit + "page.limit is missing"},
		{"without an offset", []string{page(one, noOffset)}, 0, nil, unfit + "page.offset is missing"},
		{"an offset that is null", []string{page(one, nullOffset)}, 0, nil, unfit + "page.offset is missing"},
		{"a total that is text", []string{page(one, `{"total":"1","limit":1,"offset":0}`)}, 0, nil, unfit + "page.total is of type string"},
		{"a total of 0", []string{page(one, at(0, 1000, 0))}, 0, nil, unfit + "page.total is 0, less than the 1 items up to here"},
		{"a total below what is there", []string{page(two, at(1, 1000, 0))}, 0, nil, unfit + "page.total is 1, less than the 2 items up to here"},
		{"a total below the offset", []string{page(one, at(3, 1000, 7))}, 7, nil, unfit + "page.total is 3, less than the 8 items up to here"},
		{"a negative total", []string{page(one, at(-1, 1000, 0))}, 0, nil, unfit + "page.total is negative"},
		{"a negative total of nothing", []string{page("", at(-1, 1000, 0))}, 0, nil, unfit + "page.total is negative"},
		{"a negative limit", []string{page(one, at(1, -1, 0))}, 0, nil, unfit + "page.limit is negative"},
		{"more than the limit", []string{page(two, at(2, 1, 0))}, 0, nil, unfit + "page.limit is 1, less than the 2 items here"},
		{"another offset", []string{page(one, at(9, 1000, 1))}, 0, nil, unfit + "page.offset is 1, not 0 as asked for"},
		{"a negative offset", []string{page(one, at(9, 1000, -1))}, 0, nil, unfit + "page.offset is -1, not 0 as asked for"},
		{"nothing of something", []string{page("", at(3, 1000, 0))}, 0, nil, unfit + "users is empty at offset 0, short of the total of 3"},
		{
			"a total that is never reached",
			[]string{page(two, at(3, 1000, 0)), page("", at(3, 1000, 2))},
			0,
			[]int64{1, 2},
			unfit + "users is empty at offset 2, short of the total of 3",
		},
		{
			"a total that falls",
			[]string{page(two, at(3, 1000, 0)), page("", at(0, 1000, 2))},
			0,
			[]int64{1, 2},
			"the page at offset 2 is empty, since the total fell from 3 to 0 while the list was read",
		},
		{
			"a page with its offset again",
			[]string{page(two, at(4, 1000, 0)), page(two, at(4, 1000, 0))},
			0,
			[]int64{1, 2},
			unfit + "page.offset is 0, not 2 as asked for",
		},
		{
			"a page again",
			[]string{page(two, at(4, 2, 0)), page(two, at(4, 2, 2))},
			0,
			[]int64{1, 2},
			"the page at offset 2 repeats what came before it",
		},
		{
			"a part of a page again",
			[]string{page(two, at(3, 2, 0)), page(one, at(3, 2, 2))},
			0,
			[]int64{1, 2},
			"the page at offset 2 repeats what came before it",
		},
		{
			"a page again, later",
			[]string{page(two, at(6, 2, 0)), page(`{"id":3},{"id":4}`, at(6, 2, 2)), page(`{"id":3},{"id":4}`, at(6, 2, 4))},
			0,
			[]int64{1, 2, 3, 4},
			"the page at offset 4 repeats what came before it",
		},
		{
			"the first page again after the second",
			[]string{page(two, at(6, 2, 0)), page(`{"id":3},{"id":4}`, at(6, 2, 2)), page(two, at(6, 2, 4))},
			0,
			[]int64{1, 2, 3, 4},
			"the page at offset 4 repeats what came before it",
		},
		{
			"parts of two pages again",
			[]string{page(two, at(6, 2, 0)), page(`{"id":3},{"id":4}`, at(6, 2, 2)), page(`{"id":4},{"id":1}`, at(6, 2, 4))},
			0,
			[]int64{1, 2, 3, 4},
			"the page at offset 4 repeats what came before it",
		},
		{
			"the second page without a page",
			[]string{page(two, at(4, 2, 0)), `{"users":[{"id":3}]}`},
			0,
			[]int64{1, 2},
			unfit + "page is missing",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, s := start(t, pages(tt.bodies...))
			ids, err := drain(t, c.Users.All(t.Context(), certcentral.UserListOptions{Offset: tt.offset}))
			if diff := cmp.Diff(tt.ids, ids); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
			if want := "listUsers: status 200: " + tt.want; err == nil || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
			if n := len(s.all()); n != len(tt.bodies) {
				t.Errorf("%d requests for %d pages", n, len(tt.bodies))
			}
		})
	}
}

// TestMovingPages reads lists that change between two pages. This is not an error of the service.
func TestMovingPages(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		bodies []string
		ids    []int64
	}{
		"as many were added as a page holds": {[]string{
			`{"users":[{"id":2},{"id":1}],"page":{"total":3,"limit":2,"offset":0}}`,
			`{"users":[{"id":2},{"id":1}],"page":{"total":5,"limit":2,"offset":2}}`,
			`{"users":[{"id":9}],"page":{"total":5,"limit":2,"offset":4}}`,
		}, []int64{2, 1, 2, 1, 9}},
		"one was removed": {[]string{
			`{"users":[{"id":1},{"id":2}],"page":{"total":4,"limit":2,"offset":0}}`,
			`{"users":[{"id":4}],"page":{"total":3,"limit":2,"offset":2}}`,
		}, []int64{1, 2, 4}},
		"a limit of 0, as an example of the vendor prints": {[]string{
			`{"users":[{"id":1}],"page":{"total":1,"limit":0,"offset":0}}`,
		}, []int64{1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := start(t, pages(tt.bodies...))
			ids, err := drain(t, c.Users.All(t.Context(), certcentral.UserListOptions{}))
			if diff := cmp.Diff(tt.ids, ids); diff != "" || err != nil {
				t.Errorf("%v, ids (-want +got):\n%s", err, diff)
			}
		})
	}
}

// TestEveryListWantsItsPage removes the member page of each list, or gives it a total that is too
// small. The total of a list without pages must not be larger than the list.
func TestEveryListWantsItsPage(t *testing.T) {
	t.Parallel()
	const date = `"transaction_date":"2026-11-23 09:30:00"`
	items := map[string]string{
		"listPaymentProfiles": `"profiles":[{"id":1}]`,
		"listOrders":          `"orders":[{"id":1}]`,
		"listOrganizations":   `"organizations":[{"id":1}]`,
		"listUsers":           `"users":[{"id":1}]`,
		"listServiceUsers":    `"users":[{"id":1}]`,
		"listAlternateOrders": `"orders":[{"order_id":1}]`,
		"listRequests":        `"requests":[{"id":1}]`,
		"getBalanceHistory":   `"adjustments":[{"id":"1",` + date + `}]`,
		"listStatusChanges":   `"orders":[{"order_id":1}]`,
		"listOrderNotes":      `"notes":[{"id":1}]`,
		"listValidations":     `"validations":[{"type":"ov"}]`,
		"listProducts":        `"products":[{"name_id":"a"}]`,
		"listAPIRoles":        `"access_roles":[{"id":1,"name":"a"}]`,
		"getCertificateChain": `"intermediates":[{"pem":"a"}]`,
		"listIntermediates":   `"intermediates":[{"pem":"a","valid_from":"2022-01-03 00:00:00","valid_to":"2036-12-30 12:00:00"}]`,
		"listReissues":        `"certificates":[{"id":1}]`,
		"listContainers":      `"containers":[{"id":1}]`,
	}
	// The balance history has no member page in the vendor's sample (D-68); the other lists have no
	// pages.
	unpaged := map[string]bool{
		"getBalanceHistory": true, "listStatusChanges": true, "listOrderNotes": true, "listValidations": true,
		"listProducts": true, "listAPIRoles": true, "getCertificateChain": true, "listIntermediates": true, "listReissues": true,
		"listContainers": true,
	}
	seen := 0
	for _, read := range reads {
		item, ok := items[read.operation]
		if !ok {
			continue
		}
		seen++
		get := func(page string) error {
			_, err := read.call(t.Context(), offline(t, 200, "application/json", "{"+item+page+"}"))
			return err
		}
		if err := get(`,"page":{"total":1,"limit":1000,"offset":0}`); err != nil {
			t.Errorf("%s: %v", read.operation, err)
		}
		if err := get(""); (err == nil) != unpaged[read.operation] {
			t.Errorf("%s without a page: %v", read.operation, err)
		}
		for _, total := range []string{"0", "-1"} {
			if err := get(`,"page":{"total":` + total + `,"limit":1000,"offset":0}`); err == nil {
				t.Errorf("%s with a total of %s: no error", read.operation, total)
			}
		}
		if err := get(`,"page":{"total":2,"limit":1000,"offset":0}`); (err != nil) != (unpaged[read.operation] && read.operation != "getBalanceHistory") {
			t.Errorf("%s with a total of 2: %v", read.operation, err)
		}
	}
	if seen != len(items) {
		t.Errorf("%d lists, want %d", seen, len(items))
	}
}

// TestHistoryWithoutAPage reads a balance history without the member page, as in the vendor's
// sample. It must be shorter than a full page.
func TestHistoryWithoutAPage(t *testing.T) {
	t.Parallel()
	handler := answerJSON(200, `{"adjustments":[{"id":"1","transaction_date":"2026-11-23 09:30:00"}]}`)
	for _, tt := range []struct {
		opts  certcentral.BalanceHistoryOptions
		whole bool
	}{
		{certcentral.BalanceHistoryOptions{}, true},
		{certcentral.BalanceHistoryOptions{Limit: 2}, true},
		{certcentral.BalanceHistoryOptions{Limit: 1}, false},
		{certcentral.BalanceHistoryOptions{Offset: 1}, false},
	} {
		c, s := start(t, handler)
		n := 0
		var last error
		for _, err := range c.Finance.AllBalanceHistory(t.Context(), tt.opts) {
			if last = err; err == nil {
				n++
			}
		}
		if (last == nil) != tt.whole || tt.whole && n != 1 || len(s.all()) != 1 {
			t.Errorf("%+v: %d adjustments and %v after %d requests", tt.opts, n, last, len(s.all()))
		}
	}
}

// TestStatusChangesOfNothing reads {}, which means that no state has changed, and refuses other
// answers without orders.
func TestStatusChangesOfNothing(t *testing.T) {
	t.Parallel()
	for body, fine := range map[string]bool{
		`{}`: true, ` { } `: true, `{"orders":[]}`: true,
		`{"orders":null}`: false, `{"message":"Endpoint request timed out"}`: false, `{"errors":[]}`: false, `null`: false,
		`[]`: false, `""`: false, `0`: false, `false`: false,
	} {
		changes, err := offline(t, 200, "application/json", body).Orders.StatusChanges(t.Context(), certcentral.Last(1))
		if (err == nil) != fine || fine && (changes == nil || len(changes) != 0) {
			t.Errorf("%s: %v, %v", body, changes, err)
		}
	}
}

// TestLookingForAnOrder answers the search of the package comment with incomplete answers. The
// client must not return an empty page.
func TestLookingForAnOrder(t *testing.T) {
	t.Parallel()
	for i, body := range []string{
		`{"orders":[]}`, `{}`, `null`, `[]`, `{"orders":null,` + emptyPage + `}`,
		`{"errors":[{"code":"access_denied"}]}`,
		`{"orders":[],"errors":[{"code":"access_denied"}],` + emptyPage + `}`,
		`{"orders":[],"errors":"broken",` + emptyPage + `}`,
		`{"orders":[],"page":{"total":1,"limit":1000,"offset":0}}`,
		`{"orders":[],"page":{"total":0,"limit":1000,"offset":5}}`,
	} {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			c := offline(t, 200, "application/json", body)
			page, err := c.Orders.ByAlternativeID(t.Context(), "mine")
			if err == nil {
				t.Errorf("%s passes for %+v", body, page)
			}
			if err := first(c.Orders.AllByAlternativeID(t.Context(), "mine", certcentral.OrderAlternativeOptions{})); err == nil {
				t.Errorf("%s passes for the end of the list", body)
			}
			if errors.Is(err, certcentral.ErrNotFound) {
				t.Errorf("%s passes for not found: %v", body, err)
			}
		})
	}
}

func first[T any](seq func(func(T, error) bool)) (err error) {
	for _, err = range seq {
		break
	}
	return err
}
