package client_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// ofUsers returns a handler that sends pages of the users 1 to total, with at most largest users
// each.
func ofUsers(total, largest int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		offset, _ := strconv.Atoi(r.FormValue("offset"))
		limit, _ := strconv.Atoi(r.FormValue("limit"))
		if limit == 0 || limit > largest {
			limit = largest
		}
		answerJSON(200, usersPage(offset, min(limit, max(0, total-offset)), total))(w, r)
	}
}

func usersPage(offset, n, total int) string {
	users := make([]string, 0, n)
	for i := range n {
		users = append(users, fmt.Sprintf(`{"id":%d}`, offset+i+1))
	}
	return fmt.Sprintf(`{"users":[%s],"page":{"total":%d,"limit":1000,"offset":%d}}`, strings.Join(users, ","), total, offset)
}

// drain collects ids up to the first error, and checks that the iteration ends there.
func drain(t *testing.T, seq iter.Seq2[certcentral.User, error]) (ids []int64, err error) {
	t.Helper()
	for user, e := range seq {
		if err != nil {
			t.Fatalf("the iteration went on after %v", err)
		}
		if e != nil {
			if user.ID != 0 {
				t.Errorf("user %d beside the error %v", user.ID, e)
			}
			err = e
			continue
		}
		ids = append(ids, user.ID)
	}
	return ids, err
}

func TestAll(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		handler http.HandlerFunc
		opts    certcentral.UserListOptions
		ids     []int64
		err     string
		queries []string
	}{
		{"none", ofUsers(0, 10), certcentral.UserListOptions{}, nil, "", []string{""}},
		{"one page", ofUsers(3, 10), certcentral.UserListOptions{}, []int64{1, 2, 3}, "", []string{""}},
		{
			"several pages", ofUsers(5, 10),
			certcentral.UserListOptions{Limit: 2},
			[]int64{1, 2, 3, 4, 5},
			"",
			[]string{"limit=2", "limit=2&offset=2", "limit=2&offset=4"},
		},
		{
			"full pages", ofUsers(4, 10),
			certcentral.UserListOptions{Limit: 2},
			[]int64{1, 2, 3, 4},
			"",
			[]string{"limit=2", "limit=2&offset=2"},
		},
		{
			"smaller pages than asked for", ofUsers(3, 2),
			certcentral.UserListOptions{Limit: 100},
			[]int64{1, 2, 3},
			"",
			[]string{"limit=100", "limit=100&offset=2"},
		},
		{
			"from an offset", ofUsers(5, 2),
			certcentral.UserListOptions{Offset: 2},
			[]int64{3, 4, 5},
			"",
			[]string{"offset=2", "offset=4"},
		},
		{"beyond the end", ofUsers(5, 2), certcentral.UserListOptions{Offset: 7}, nil, "", []string{"offset=7"}},
		{
			"a refusal", answerJSON(403, envelope("access_denied|missing_permission")),
			certcentral.UserListOptions{},
			nil,
			"listUsers: status 403: access_denied|missing_permission",
			[]string{""},
		},
		{
			"another answer than a list", answerJSON(200, `{}`),
			certcentral.UserListOptions{},
			nil,
			"listUsers: status 200: the answer does not fit the contract: users is missing",
			[]string{""},
		},
		{
			"an item without an id", answerJSON(200, `{"users":[{"id":1},{}],"page":{"total":2,"limit":2,"offset":0}}`),
			certcentral.UserListOptions{},
			nil, "listUsers: status 200: the answer does not fit the contract: users[1].id is missing",
			[]string{""},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, s := start(t, tt.handler)
			seq := c.Users.All(t.Context(), tt.opts)
			if n := len(s.all()); n != 0 {
				t.Errorf("%d requests before the iteration began", n)
			}
			ids, err := drain(t, seq)
			if diff := cmp.Diff(tt.ids, ids); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
			if (err == nil) != (tt.err == "") || err != nil && err.Error() != tt.err {
				t.Errorf("got %v, want %s", err, tt.err)
			}
			var queries []string
			for _, r := range s.all() {
				queries = append(queries, r.Query)
			}
			if diff := cmp.Diff(tt.queries, queries); diff != "" {
				t.Errorf("queries (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAllAgain iterates twice over the same iterator.
func TestAllAgain(t *testing.T) {
	t.Parallel()
	c, _ := start(t, ofUsers(3, 2))
	seq := c.Users.All(t.Context(), certcentral.UserListOptions{})
	for range 2 {
		if ids, err := drain(t, seq); err != nil || !slices.Equal(ids, []int64{1, 2, 3}) {
			t.Errorf("ids %v, %v", ids, err)
		}
	}
}

func TestAllStopsWhenTold(t *testing.T) {
	t.Parallel()
	c, s := start(t, ofUsers(10, 2))
	for user, err := range c.Users.All(t.Context(), certcentral.UserListOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		if user.ID == 3 {
			break
		}
	}
	if n := len(s.all()); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}

func TestAllHonoursTheContext(t *testing.T) {
	t.Parallel()
	c, s := start(t, ofUsers(10, 4))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var seen []int64
	var last error
	for user, err := range c.Users.All(ctx, certcentral.UserListOptions{}) {
		if last = err; err != nil {
			continue
		}
		if seen = append(seen, user.ID); user.ID == 2 {
			cancel()
		}
	}
	if !slices.Equal(seen, []int64{1, 2}) || !errors.Is(last, context.Canceled) {
		t.Errorf("users %v and %v", seen, last)
	}
	if want := "listUsers: context canceled"; last.Error() != want {
		t.Errorf("error text %q, want %q", last, want)
	}
	s.only(t)
}

// TestAllOfEverything pins that every iterator sends its filters with each page.
func TestAllOfEverything(t *testing.T) {
	t.Parallel()
	page := func(name string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			offset, _ := strconv.Atoi(r.FormValue("offset"))
			id := strconv.Itoa(offset + 1)
			item := `{"id":` + id + `,"order_id":` + id + `}`
			if name == "adjustments" {
				item = `{"id":"` + id + `","transaction_date":"2026-11-23 09:30:00"}`
			}
			answerJSON(200, fmt.Sprintf(`{%q:[%s],"page":{"total":2,"limit":1,"offset":%d}}`, name, item, offset))(w, r)
		}
	}
	for _, tt := range []struct {
		name string
		ids  func(context.Context, *certcentral.Client) (ids []int64, err error)
		want string // the query of the second request
	}{
		{"orders", func(ctx context.Context, c *certcentral.Client) (ids []int64, err error) {
			for order, e := range c.Orders.All(ctx, certcentral.OrderListOptions{Limit: 1, Status: certcentral.AnyOf(certcentral.OrderPending)}) {
				ids, err = append(ids, order.ID), errors.Join(err, e)
			}
			return ids, err
		}, "limit=1&offset=1&filters%5Bstatus%5D=pending"},
		{"organizations", func(ctx context.Context, c *certcentral.Client) (ids []int64, err error) {
			for o, e := range c.Organizations.All(ctx, certcentral.OrganizationListOptions{Limit: 1, Sort: "name"}) {
				ids, err = append(ids, o.ID), errors.Join(err, e)
			}
			return ids, err
		}, "limit=1&offset=1&sort=name"},
		{"profiles", func(ctx context.Context, c *certcentral.Client) (ids []int64, err error) {
			for p, e := range c.Finance.AllPaymentProfiles(ctx, certcentral.PaymentProfileListOptions{Limit: 1}) {
				ids, err = append(ids, p.ID), errors.Join(err, e)
			}
			return ids, err
		}, "limit=1&offset=1"},
		{"requests", func(ctx context.Context, c *certcentral.Client) (ids []int64, err error) {
			o := certcentral.RequestListOptions{Limit: 1, Status: certcentral.AnyOf(certcentral.RequestPending)}
			for r, e := range c.Requests.All(ctx, o) {
				ids, err = append(ids, r.ID), errors.Join(err, e)
			}
			return ids, err
		}, "limit=1&offset=1&filters%5Bstatus%5D=pending"},
		{"users", func(ctx context.Context, c *certcentral.Client) (ids []int64, err error) {
			for u, e := range c.Users.AllServiceUsers(ctx, certcentral.ServiceUserListOptions{Limit: 1}) {
				ids, err = append(ids, u.ID), errors.Join(err, e)
			}
			return ids, err
		}, "limit=1&offset=1"},
		{"orders", func(ctx context.Context, c *certcentral.Client) (ids []int64, err error) {
			for o, e := range c.Orders.AllByAlternativeID(ctx, "mine", certcentral.OrderAlternativeOptions{Limit: 1}) {
				ids, err = append(ids, o.OrderID), errors.Join(err, e)
			}
			return ids, err
		}, "limit=1&offset=1"},
		{"adjustments", func(ctx context.Context, c *certcentral.Client) (ids []int64, err error) {
			for a, e := range c.Finance.AllBalanceHistory(ctx, certcentral.BalanceHistoryOptions{Limit: 1}) {
				id, _ := strconv.ParseInt(a.ID, 10, 64)
				ids, err = append(ids, id), errors.Join(err, e)
			}
			return ids, err
		}, "limit=1&offset=1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, s := start(t, page(tt.name))
			ids, err := tt.ids(t.Context(), c)
			if err != nil || !slices.Equal(ids, []int64{1, 2}) {
				t.Errorf("ids %v, %v", ids, err)
			}
			if got := s.all()[1].Query; got != tt.want {
				t.Errorf("second query %s, want %s", got, tt.want)
			}
		})
	}
}
