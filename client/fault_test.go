package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// A method is a method of a service of the client.
type method struct {
	name string // such as Orders.Get
	call func(context.Context, *certcentral.Client) error
}

// everyMethod returns a call of each method of the client that sends a request. The services and
// their methods are found by reflection, so that a new one is in the table too.
func everyMethod(t *testing.T) []method {
	t.Helper()
	ids := map[string]int64{
		"Orders": 843668399, "Certificates": 845503702, "Organizations": 1920073, "Users": 4313912, "Requests": 1, "Containers": 4,
	}
	order := exampleOrder()
	order.AlternativeOrderID = "table-of-faults"
	var methods []method
	for i := range reflect.TypeFor[certcentral.Client]().NumField() {
		service := reflect.TypeFor[certcentral.Client]().Field(i)
		if !service.IsExported() {
			continue
		}
		for described := range service.Type.Methods() {
			arguments := map[reflect.Type]any{}
			for _, argument := range []any{
				ids[service.Name], 1, "0123456789ABCDEF0123456789ABCDEF01234567", order, certcentral.FormatPEM,
				certcentral.Last(time.Hour),
				certcentral.UserUpdateRequest{Email: "ada@example.org"},
				certcentral.ServiceUserCreateRequest{Limit: certcentral.LimitedTo(certcentral.KeyRoleOrders)},
			} {
				arguments[reflect.TypeOf(argument)] = argument
			}
			arguments[reflect.TypeFor[io.Writer]()] = io.Discard
			name := described.Name
			methods = append(methods, method{service.Name + "." + name, func(ctx context.Context, c *certcentral.Client) error {
				f := reflect.ValueOf(c).Elem().Field(i).MethodByName(name)
				in := []reflect.Value{reflect.ValueOf(ctx)}
				for k := 1; k < f.Type().NumIn(); k++ {
					switch argument, ok := arguments[f.Type().In(k)]; {
					case k == f.Type().NumIn()-1 && f.Type().IsVariadic():
					case ok:
						in = append(in, reflect.ValueOf(argument))
					default:
						in = append(in, reflect.Zero(f.Type().In(k)))
					}
				}
				return errorOf(f.Call(in))
			}})
		}
	}
	if len(methods) < len(api.OperationIDs()) {
		t.Fatalf("found %d methods for %d operations", len(methods), len(api.OperationIDs()))
	}
	return append(methods,
		method{"Do GET", func(ctx context.Context, c *certcentral.Client) error {
			return c.Do(ctx, http.MethodGet, "/user/me", nil, new(map[string]any))
		}},
		method{"Do PUT", func(ctx context.Context, c *certcentral.Client) error {
			return c.Do(ctx, http.MethodPut, "/user/4313912", map[string]string{"email": "ada@example.org"}, nil)
		}},
	)
}

// errorOf returns the error of a method, which is its last result, or the one of its iterator.
func errorOf(results []reflect.Value) error {
	last := results[len(results)-1]
	if last.Kind() == reflect.Func {
		for _, item := range last.Seq2() {
			if err, _ := reflect.TypeAssert[error](item); err != nil {
				return err
			}
		}
		return nil
	}
	err, _ := reflect.TypeAssert[error](last)
	return err
}

// isWait reports whether a method goes on after a look that has failed for a while.
func (m method) isWait() bool {
	return strings.HasSuffix(m.name, "Once") || strings.HasSuffix(m.name, ".Wait") || strings.HasSuffix(m.name, ".WaitIssued")
}

// faultClient returns a client that passes pauses at once. Each request has its own connection: on one
// that is kept alive net/http repeats some readings by itself.
func faultClient(t *testing.T, account *mocktest.Server, retries int, opts ...certcentral.Option) *certcentral.Client {
	t.Helper()
	opts = append(opts, certcentral.WithRetries(retries), certcentral.WithClock(&quickClock{limit: 8}),
		certcentral.WithHTTPClient(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}))
	return account.ClientFor(t, account.APIKey, opts...)
}

// TestEveryMethodUnderFaults is a table of all methods of the client and all kinds of faults: the
// kinds of the error, how often the request was sent, and how many orders there are afterwards. Each
// row is run with retries and without.
func TestEveryMethodUnderFaults(t *testing.T) {
	t.Parallel()
	on := mocktest.On()
	const unknown, failed = "OutcomeUnknown", "OutcomeUnknown Unavailable"
	moved := time.Date(2030, time.March, 1, 9, 0, 0, 0, time.UTC) // by the clock of the accounts

	methods := everyMethod(t)
	const unharmed = "as without a fault"
	results, bodies := map[string]string{}, map[string]bool{} // the error without a fault, and whether the first answer is a success with a body
	withoutAttempts := regexp.MustCompile(`\d attempts: `)
	mock := mocktest.Start(t, mockserver.WithLife(mockserver.LifeManual))
	for _, m := range methods {
		account := faultAccount(t, mock, m, 0, moved)
		record := func(next certcentral.Doer) certcentral.Doer {
			return certcentral.DoerFunc(func(r *http.Request) (*http.Response, error) {
				resp, err := next.Do(r)
				if _, ok := bodies[m.name]; !ok && err == nil {
					bodies[m.name] = resp.StatusCode < 300 && resp.ContentLength != 0
				}
				return resp, err
			})
		}
		results[m.name] = fmt.Sprint(m.call(t.Context(), faultClient(t, account, 0, certcentral.WithMiddleware(record))))
	}
	soon := time.Now().Add(time.Minute) // the mock's header Date is of the machine
	for name, tt := range map[string]struct {
		fault        mocktest.Fault
		read, change string // the kinds of the error of a method that reads, and of one that changes
		repeated     bool   // by WithRetries, if the method only reads
		ends         bool   // a wait ends with the error of its look
		carriedOut   bool   // although the answer is an error
		harmless     bool   // the answer comes, as without the fault
		inBody       bool   // the fault is in the body of a success
	}{
		"slow":                         {fault: on.Delay(5 * time.Millisecond).Dribble(1_000_000), harmless: true},
		"cut before it is served":      {fault: on.Cut("before_headers"), read: "NotAnswered", change: unknown, repeated: true},
		"cut after it is served":       {fault: on.LoseAnswer(), read: "NotAnswered", change: unknown, repeated: true, carriedOut: true},
		"reset before it is served":    {fault: on.Cut("reset"), read: "NotAnswered", change: unknown, repeated: true},
		"reset after it is served":     {fault: on.AfterServing().Cut("reset"), read: "NotAnswered", change: unknown, repeated: true, carriedOut: true},
		"cut in the headers":           {fault: on.AfterServing().Cut("in_headers"), read: "NotAnswered", change: unknown, repeated: true, carriedOut: true},
		"cut in the body":              {fault: on.AfterServing().Cut("in_body"), inBody: true, read: "NotAnswered", change: unknown, repeated: true, carriedOut: true},
		"truncated":                    {fault: on.AfterServing().Truncate(9), inBody: true, read: "NotAnswered", change: unknown, repeated: true, carriedOut: true},
		"refused":                      {fault: on.Respond(400).Error("refused", "No."), read: "InvalidRequest", change: "InvalidRequest", ends: true},
		"a wrong key":                  {fault: on.Catalogue(wrongKey), read: "Unauthorized", change: "Unauthorized", ends: true},
		"not found":                    {fault: on.Respond(404), read: "NotFound", change: "NotFound", ends: true},
		"408":                          {fault: on.Respond(408), change: unknown, repeated: true},
		"429":                          {fault: on.Catalogue("request_limit_exceeded"), read: "RateLimited", change: "RateLimited", repeated: true},
		"429 for seconds":              {fault: on.Respond(429).RetryAfter(30), read: "RateLimited", change: "RateLimited", repeated: true},
		"429 until a time":             {fault: on.Respond(429).RetryAt(soon), read: "RateLimited", change: "RateLimited", repeated: true},
		"500 before it is served":      {fault: on.Catalogue("internal_error"), read: "Unavailable", change: failed, repeated: true},
		"500 after it is served":       {fault: on.AfterServing().Catalogue("internal_error"), read: "Unavailable", change: failed, repeated: true, carriedOut: true},
		"501":                          {fault: on.Respond(501).Error("not_implemented", "No."), read: "Unavailable", change: failed},
		"a gateway before it":          {fault: on.Catalogue("html_502"), read: "Unavailable", change: failed, repeated: true},
		"a gateway after it is served": {fault: on.AfterServing().Catalogue("html_504"), read: "Unavailable", change: failed, repeated: true, carriedOut: true},
		"a gateway without a service":  {fault: on.Catalogue("html_503"), read: "Unavailable", change: failed, repeated: true},
		"a page of a gateway as success": {
			fault: on.AfterServing().Respond(200).Body("<html>Sign in</html>").ContentType("text/html"), change: unknown, carriedOut: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := mocktest.Start(t, mockserver.WithLife(mockserver.LifeManual))
			for _, m := range methods {
				if tt.inBody && !bodies[m.name] {
					continue
				}
				for _, retries := range []int{0, 3} {
					account := faultAccount(t, mock, m, retries, moved)
					times := 1 + min(retries, 1)
					rule := account.Fail(t, tt.fault.Times(int32(times)))
					err := m.call(t.Context(), faultClient(t, account, retries))
					hits := rule.Hits(t)
					account.ClearFaults(t)

					e, _ := errors.AsType[*certcentral.Error](err)
					changing := e != nil && changes(t, e.Operation) && !m.isWait()
					kinds, sent := tt.read, 1
					switch {
					case tt.harmless: // a method may send several requests
						kinds, sent = unharmed, hits
					case changing:
						kinds = tt.change
					case retries > 0 && tt.repeated, m.isWait() && !tt.ends:
						kinds, sent = unharmed, times
					}
					got := kindsOf(err)
					if withoutAttempts.ReplaceAllString(fmt.Sprint(err), "") == results[m.name] {
						got = unharmed
					}
					if got != kinds || hits != sent {
						t.Errorf("%s with %d retries: %v, of the kinds %q, want %q; %d requests failed, want %d", m.name, retries, err, got, kinds, hits, sent)
					}
					orders := 1
					if m.name == "Orders.PlacePKIoOrganisationPerson" && (tt.carriedOut || tt.harmless) ||
						m.name == "Orders.PlaceOnce" && !tt.ends {
						orders = 2
					}
					if now := countOrders(t, account); now != orders {
						t.Errorf("%s with %d retries: %d orders, want %d", m.name, retries, now, orders)
					}
				}
			}
		})
	}
}

// faultAccount returns an account for a method with one order, and with its clock set.
func faultAccount(t *testing.T, mock *mocktest.Server, m method, retries int, at time.Time) *mocktest.Server {
	t.Helper()
	account := mock.For(t, fmt.Sprintf("%s-%d", strings.ReplaceAll(m.name, " ", "-"), retries))
	account.Clock(t).Set(at)
	if _, err := account.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), exampleOrder()); err != nil {
		t.Fatal(err)
	}
	return account
}
