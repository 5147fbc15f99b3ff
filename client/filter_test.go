package client_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// TestFilters pins the query parameters of the filters of orders.
func TestFilters(t *testing.T) {
	t.Parallel()
	day := certcentral.Date{Year: 2026, Month: time.November, Day: 1}
	leap := certcentral.Date{Year: 2028, Month: time.February, Day: 29}
	at := time.Date(2026, time.November, 1, 10, 0, 0, 0, time.FixedZone("", 3600))
	for _, tt := range []struct {
		name string
		opts certcentral.OrderListOptions
		want []string // the values of the parameter, in order
	}{
		{"id", certcentral.OrderListOptions{ID: certcentral.IDs(1, 2)}, []string{"1", "2"}},
		{"id", certcentral.OrderListOptions{ID: certcentral.IDsFrom(5)}, []string{">4"}},
		{"id", certcentral.OrderListOptions{ID: certcentral.IDsUpTo(5)}, []string{"<6"}},
		{"id", certcentral.OrderListOptions{
			ID: certcentral.IDsBetween(5, 9).Or(certcentral.IDs(3)).Or(certcentral.IDFilter{}),
		}, []string{"5...9", "3"}},
		{"organization_id", certcentral.OrderListOptions{OrganizationID: certcentral.IDs(3)}, []string{"3"}},
		{"user_id", certcentral.OrderListOptions{UserID: certcentral.IDs(3)}, []string{"3"}},
		{"container_id", certcentral.OrderListOptions{ContainerID: certcentral.IDs(3)}, []string{"3"}},
		{"certificate_id", certcentral.OrderListOptions{CertificateID: certcentral.IDs(3)}, []string{"3"}},
		{"metadata_id", certcentral.OrderListOptions{CustomFieldID: certcentral.IDs(3)}, []string{"3"}},
		{"status", certcentral.OrderListOptions{
			Status: certcentral.AnyOf(certcentral.OrderPending, certcentral.OrderIssued),
		}, []string{"pending", "issued"}},
		{"status", certcentral.OrderListOptions{
			Status: certcentral.AnyOf(certcentral.OrderPending).Or(certcentral.AnyOf[certcentral.OrderStatus]("frozen")),
		}, []string{"pending", "frozen"}},
		{"origin", certcentral.OrderListOptions{
			Origin: certcentral.AnyOf(certcentral.OriginCertCentral, certcentral.OriginMigrated),
		}, []string{"certcentral", "migrated"}},
		{"common_name", certcentral.OrderListOptions{
			CommonName: certcentral.Exactly("John Doe", "J%").Or(certcentral.Contains("Smith, J", "%")),
		}, []string{"John Doe", "J%", "%Smith, J", "%%"}},
		{"product_name_id", certcentral.OrderListOptions{ProductNameID: certcentral.Exactly("a")}, []string{"a"}},
		{"domain_name", certcentral.OrderListOptions{DomainName: certcentral.Exactly("a")}, []string{"a"}},
		{"email", certcentral.OrderListOptions{Email: certcentral.Contains("@a&b=c+d")}, []string{"%@a&b=c+d"}},
		{"serial_number", certcentral.OrderListOptions{SerialNumber: certcentral.Exactly("0A")}, []string{"0A"}},
		{"search", certcentral.OrderListOptions{Search: certcentral.Contains("doe")}, []string{"%doe"}},
		{"is_renewed", certcentral.OrderListOptions{IsRenewed: certcentral.Yes}, []string{"1"}},
		{"is_renewed", certcentral.OrderListOptions{IsRenewed: certcentral.No}, []string{"0"}},
		{"disable_renewal_notifications", certcentral.OrderListOptions{
			DisableRenewalNotifications: certcentral.No,
		}, []string{"0"}},
		{"date_created", certcentral.OrderListOptions{
			DateCreated: certcentral.On(day).Or(certcentral.On(leap)),
		}, []string{"2026-11-01", "2028-02-29"}},
		{"date_created", certcentral.OrderListOptions{DateCreated: certcentral.Since(day)}, []string{">2026-10-31"}},
		{"date_created", certcentral.OrderListOptions{DateCreated: certcentral.Until(leap)}, []string{"<2028-03-01"}},
		{"date_created", certcentral.OrderListOptions{
			DateCreated: certcentral.Between(day, day),
		}, []string{"2026-11-01...2026-11-01"}},
		{"valid_till", certcentral.OrderListOptions{ValidTill: certcentral.Since(at)}, []string{">2026-11-01T08:59:59Z"}},
		{"valid_till", certcentral.OrderListOptions{ValidTill: certcentral.Until(at)}, []string{"<2026-11-01T09:00:01Z"}},
		{"status_last_updated", certcentral.OrderListOptions{
			StatusLastUpdated: certcentral.Between(at.Add(time.Millisecond), at.Add(time.Millisecond)),
		}, []string{"2026-11-01T09:00:00Z...2026-11-01T09:00:01Z"}},
		{"status_last_updated", certcentral.OrderListOptions{
			StatusLastUpdated: certcentral.Between(at, at),
		}, []string{"2026-11-01T09:00:00Z...2026-11-01T09:00:00Z"}},
	} {
		t.Run(tt.name+" "+strings.Join(tt.want, " "), func(t *testing.T) {
			t.Parallel()
			c, s := start(t, answerJSON(200, `{"orders":[],`+emptyPage+`}`))
			if _, err := c.Orders.List(t.Context(), tt.opts); err != nil {
				t.Fatal(err)
			}
			got, err := url.ParseQuery(s.only(t).Query)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(url.Values{"filters[" + tt.name + "]": tt.want}, got); diff != "" {
				t.Errorf("query (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFilterMistakes makes filters that must be refused, since the service would match other items,
// or everything.
func TestFilterMistakes(t *testing.T) {
	t.Parallel()
	none := make([]int64, 0)
	noDay := certcentral.Date{Year: 2027, Month: time.February, Day: 29}
	day := certcentral.Date{Year: 2027, Month: time.February, Day: 28}
	late := time.Date(10000, time.January, 1, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		opts certcentral.OrderListOptions
		want string
	}{
		{certcentral.OrderListOptions{ID: certcentral.IDs(none...)}, "filters[id] has no value: to match everything, leave it out"},
		{certcentral.OrderListOptions{ID: certcentral.IDs(1, 0)}, "filters[id] must be positive"},
		{certcentral.OrderListOptions{ID: certcentral.IDs(1).Or(certcentral.IDs())}, "filters[id] has no value: to match everything, leave it out"},
		{certcentral.OrderListOptions{UserID: certcentral.IDsFrom(0)}, "filters[user_id] must be positive"},
		{certcentral.OrderListOptions{UserID: certcentral.IDsUpTo(-1)}, "filters[user_id] must be positive"},
		{certcentral.OrderListOptions{UserID: certcentral.IDsBetween(0, 1)}, "filters[user_id] must be positive"},
		{certcentral.OrderListOptions{UserID: certcentral.IDsBetween(2, 1)}, "filters[user_id] ends before it begins"},
		{
			certcentral.OrderListOptions{Status: certcentral.AnyOf[certcentral.OrderStatus]()},
			"filters[status] has no value: to match everything, leave it out",
		},
		{certcentral.OrderListOptions{Status: certcentral.AnyOf[certcentral.OrderStatus]("")}, "filters[status] is empty"},
		{certcentral.OrderListOptions{Email: certcentral.Exactly()}, "filters[email] has no value: to match everything, leave it out"},
		{certcentral.OrderListOptions{Email: certcentral.Exactly("")}, "filters[email] is empty"},
		{
			certcentral.OrderListOptions{Email: certcentral.Exactly("%doe")},
			"filters[email] begins with a percent sign, which the service reads as a part of a text: use Contains",
		},
		{certcentral.OrderListOptions{Email: certcentral.Contains("")}, "filters[email] is empty"},
		{
			certcentral.OrderListOptions{ValidTill: certcentral.On(certcentral.Date{})},
			"filters[valid_till] is not a day of the calendar",
		},
		{certcentral.OrderListOptions{ValidTill: certcentral.Since(noDay)}, "filters[valid_till] is not a day of the calendar"},
		{
			certcentral.OrderListOptions{ValidTill: certcentral.Between(day, noDay)},
			"filters[valid_till] is not a day of the calendar",
		},
		{
			certcentral.OrderListOptions{ValidTill: certcentral.Until(time.Time{})},
			"filters[valid_till] is not a time of a year from 1 to 9999",
		},
		{
			certcentral.OrderListOptions{ValidTill: certcentral.Since(late)},
			"filters[valid_till] is not a time of a year from 1 to 9999",
		},
		{
			certcentral.OrderListOptions{ValidTill: certcentral.Between(late.AddDate(-1, 0, 0), late.AddDate(-2, 0, 0))},
			"filters[valid_till] ends before it begins",
		},
	} {
		t.Run(tt.want, func(t *testing.T) {
			t.Parallel()
			c, s := start(t, answerJSON(200, `{"orders":[],`+emptyPage+`}`))
			_, err := c.Orders.List(t.Context(), tt.opts)
			var argument *certcentral.ArgumentError
			if !errors.As(err, &argument) || err.Error() != "listOrders: "+tt.want {
				t.Errorf("got  %v\nwant listOrders: %s", err, tt.want)
			}
			if n := len(s.all()); n != 0 {
				t.Errorf("%d requests were sent", n)
			}
		})
	}
}

// TestFiltersOfOtherLists pins the query parameters of the other lists.
func TestFiltersOfOtherLists(t *testing.T) {
	t.Parallel()
	c, s := start(t, func(w http.ResponseWriter, r *http.Request) {
		answerJSON(200, `{"organizations":[],"users":[],"requests":[],`+emptyPageFor(r)+`}`)(w, r)
	})
	ctx := t.Context()
	for _, tt := range []struct {
		call func() error
		want string
	}{
		{func() error {
			_, err := c.Organizations.List(ctx, certcentral.OrganizationListOptions{
				ContainerID: 4, IncludeValidations: true, ValidationPending: certcentral.Yes,
				ForContainerID: certcentral.IDs(4), Search: certcentral.Contains("B.V."),
			})
			return err
		}, "container_id=4&filters[container_id_for_organization]=4&filters[search]=%B.V.&filters[validation]=pending&include_validation=true"},
		{func() error {
			_, err := c.Organizations.List(ctx, certcentral.OrganizationListOptions{ValidationPending: certcentral.No})
			return err
		}, "filters[validation]=not_pending"},
		{func() error {
			_, err := c.Organizations.GetWithValidations(ctx, 1)
			if err == nil {
				return errors.New("an organization without an id")
			}
			return nil
		}, "include_validation=true"},
		{func() error {
			_, err := c.Users.List(ctx, certcentral.UserListOptions{
				Sort: "last_name,-id", ContainerID: 4, Role: certcentral.RoleManager, Search: certcentral.Exactly("doe"),
			})
			return err
		}, "access_role_id=4&container_id=4&filters[search]=doe&sort=last_name,-id"},
		{func() error {
			_, err := c.Users.ListServiceUsers(ctx, certcentral.ServiceUserListOptions{
				Sort: "last_name,-id", ContainerID: 4, Role: certcentral.RoleManager,
				Status: certcentral.AnyOf(certcentral.UserActive, certcentral.UserInactive), Search: certcentral.Exactly("doe"),
			})
			return err
		}, "access_role_id=4&container_id=4&filters[search]=doe&filters[status]=active&filters[status]=inactive&sort=last_name,-id"},
		{func() error {
			_, err := c.Requests.List(ctx, certcentral.RequestListOptions{
				Limit: 1, Offset: 2, Sort: "-date",
				Status:  certcentral.AnyOf(certcentral.RequestPending, certcentral.RequestSubmitted),
				Type:    certcentral.AnyOf(certcentral.RequestNew),
				OrderID: certcentral.IDs(3),
			})
			return err
		}, "filters[order_id]=3&filters[status]=pending&filters[status]=submitted&filters[type]=new_request&limit=1&offset=2&sort=-date"},
	} {
		if err := tt.call(); err != nil {
			t.Fatal(err)
		}
		all := s.all()
		values, err := url.ParseQuery(all[len(all)-1].Query)
		if err != nil {
			t.Fatal(err)
		}
		got, err := url.PathUnescape(strings.ReplaceAll(values.Encode(), "+", " "))
		if err != nil {
			t.Fatal(err)
		}
		if got != tt.want {
			t.Errorf("query\n got %s\nwant %s", got, tt.want)
		}
	}
}

// FuzzTextFilter checks that every text reaches the service unchanged, or is refused.
func FuzzTextFilter(f *testing.F) {
	for _, text := range []string{"John Doe", "%", "a&filters[id]=1", "a+b", "a,b", "a;b", "ä", "\x00", "...", "\x8a"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		query := ""
		c := newClient(t, certcentral.WithHTTPClient(&http.Client{
			Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				query = r.URL.RawQuery
				return response(200, "application/json", `{"orders":[],`+emptyPage+`}`), nil
			}),
		}))
		o := certcentral.OrderListOptions{Search: certcentral.Contains(text)}
		_, err := c.Orders.List(t.Context(), o)
		if refused := text == "" || !utf8.ValidString(text); refused != (err != nil) {
			t.Errorf("%q: %v", text, err)
		}
		if err != nil {
			return
		}
		got, err := url.ParseQuery(query)
		if diff := cmp.Diff(url.Values{"filters[search]": {"%" + text}}, got); diff != "" || err != nil {
			t.Errorf("%q: %v, query (-want +got):\n%s", text, err, diff)
		}
	})
}
