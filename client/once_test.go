package client_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// A quickClock passes pauses at once. After the number of pauses in limit, if that is not 0, the
// context of the call counts as ended.
type quickClock struct {
	mu     sync.Mutex
	now    time.Time
	pauses []time.Duration
	limit  int
	slept  func(time.Duration)
}

func (c *quickClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *quickClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	c.now = c.now.Add(d)
	c.pauses = append(c.pauses, d)
	if c.limit > 0 && len(c.pauses) >= c.limit {
		return context.DeadlineExceeded
	}
	if c.slept != nil {
		c.slept(d)
	}
	return nil
}

// faulty starts a mock whose requests go wrong.
func faulty(t *testing.T, faults ...mocktest.Fault) *mocktest.Server {
	t.Helper()
	mock := mocktest.Start(t, mockserver.WithQuickKeys())
	for _, fault := range faults {
		mock.Fail(t, fault)
	}
	return mock
}

// onceClient returns a client of the mock that passes pauses at once, and gives up a request after
// half a second without an answer.
func onceClient(t *testing.T, mock *mocktest.Server, clock certcentral.Clock) *certcentral.Client {
	t.Helper()
	transport := &http.Transport{ResponseHeaderTimeout: 500 * time.Millisecond}
	t.Cleanup(transport.CloseIdleConnections)
	return mock.ClientFor(t, mock.APIKey, certcentral.WithClock(clock),
		certcentral.WithHTTPClient(&http.Client{Transport: transport}))
}

const (
	opPlace  = "orderPkioOrganisationPerson"
	opLook   = "listAlternateOrders"
	wrongKey = "access_denied|access_denied_invalid_key"
)

// TestPlaceOnce pins what comes of an order under each fault, and how many orders there are
// afterwards.
func TestPlaceOnce(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		faults []mocktest.Fault
		limit  int // the pause at which the context ends
		found  bool
		kind   error // of the error
		code   string
		orders int
		later  int // orders after a second call without faults
	}{
		"no fault":                            {orders: 1, later: 1},
		"refused":                             {faults: []mocktest.Fault{mocktest.On(opPlace).Catalogue("insufficient_funds")}, code: "insufficient_funds", later: 1},
		"the key is refused":                  {faults: []mocktest.Fault{mocktest.On(opLook).Catalogue(wrongKey)}, kind: certcentral.ErrUnauthorized, later: 1},
		"lost before it was placed":           {faults: []mocktest.Fault{mocktest.On(opPlace).Cut("before_headers")}, orders: 1, later: 1},
		"lost after it was placed":            {faults: []mocktest.Fault{mocktest.On(opPlace).AfterServing().Cut("before_headers")}, found: true, orders: 1, later: 1},
		"reset before it was placed":          {faults: []mocktest.Fault{mocktest.On(opPlace).Cut("reset")}, orders: 1, later: 1},
		"reset after it was placed":           {faults: []mocktest.Fault{mocktest.On(opPlace).AfterServing().Cut("reset")}, found: true, orders: 1, later: 1},
		"cut in the headers":                  {faults: []mocktest.Fault{mocktest.On(opPlace).AfterServing().Cut("in_headers")}, found: true, orders: 1, later: 1},
		"cut in the body":                     {faults: []mocktest.Fault{mocktest.On(opPlace).AfterServing().Cut("in_body")}, found: true, orders: 1, later: 1},
		"truncated":                           {faults: []mocktest.Fault{mocktest.On(opPlace).AfterServing().Truncate(9)}, found: true, orders: 1, later: 1},
		"of another media type":               {faults: []mocktest.Fault{mocktest.On(opPlace).AfterServing().ContentType("text/html")}, found: true, orders: 1, later: 1},
		"slow":                                {faults: []mocktest.Fault{mocktest.On(opPlace).Delay(50 * time.Millisecond).Dribble(500)}, orders: 1, later: 1},
		"no answer":                           {faults: []mocktest.Fault{mocktest.On(opPlace).AfterServing().Hang()}, found: true, orders: 1, later: 1},
		"500 before":                          {faults: []mocktest.Fault{mocktest.On(opPlace).Catalogue("internal_error")}, orders: 1, later: 1},
		"500 after":                           {faults: []mocktest.Fault{mocktest.On(opPlace).AfterServing().Catalogue("internal_error")}, found: true, orders: 1, later: 1},
		"a gateway before":                    {faults: []mocktest.Fault{mocktest.On(opPlace).Catalogue("html_502")}, orders: 1, later: 1},
		"a gateway after":                     {faults: []mocktest.Fault{mocktest.On(opPlace).AfterServing().Catalogue("html_504")}, found: true, orders: 1, later: 1},
		"a gateway with status 200":           {faults: []mocktest.Fault{mocktest.On(opPlace).AfterServing().Respond(200).Body("<html>").ContentType("text/html")}, found: true, orders: 1, later: 1},
		"408 after":                           {faults: []mocktest.Fault{mocktest.On(opPlace).AfterServing().Respond(408)}, found: true, orders: 1, later: 1},
		"a storm of 429":                      {faults: []mocktest.Fault{mocktest.On(opPlace).Times(20).Catalogue("request_limit_exceeded")}, orders: 1, later: 1},
		"429 until the end":                   {faults: []mocktest.Fault{mocktest.On(opPlace).Times(5).Catalogue("request_limit_exceeded")}, limit: 5, kind: context.DeadlineExceeded, later: 1},
		"lost, and the look fails":            {faults: []mocktest.Fault{mocktest.On(opPlace).AfterServing().Cut("reset"), mocktest.On(opLook).After(1).Times(3).Catalogue("html_503")}, found: true, orders: 1, later: 1},
		"lost, and the look fails to the end": {faults: []mocktest.Fault{mocktest.On(opPlace).AfterServing().Cut("reset"), mocktest.On(opLook).After(1).Times(5).Cut("reset")}, limit: 4, kind: certcentral.ErrOutcomeUnknown, orders: 1, later: 1},
		"lost, and the key is refused":        {faults: []mocktest.Fault{mocktest.On(opPlace).AfterServing().Cut("reset"), mocktest.On(opLook).After(1).Catalogue(wrongKey)}, kind: certcentral.ErrOutcomeUnknown, orders: 1, later: 1},
		"not placed, and the end comes":       {faults: []mocktest.Fault{mocktest.On(opPlace).Cut("reset")}, limit: 3, kind: certcentral.ErrOutcomeUnknown, later: 1},
		"lost twice before it was placed":     {faults: []mocktest.Fault{mocktest.On(opPlace).Times(2).Cut("before_headers")}, orders: 1, later: 1},
		"the first look fails":                {faults: []mocktest.Fault{mocktest.On(opLook).Truncate(3)}, orders: 1, later: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := faulty(t, tt.faults...)
			cc := onceClient(t, mock, &quickClock{limit: tt.limit})
			request := ourOrder()
			request.AlternativeOrderID = certcentral.NewOrderID()
			result, err := cc.Orders.PlaceOnce(t.Context(), request)
			unknown := errors.Is(tt.kind, certcentral.ErrOutcomeUnknown)
			switch {
			case tt.kind != nil:
				if !errors.Is(err, tt.kind) || errors.Is(err, certcentral.ErrOutcomeUnknown) != unknown {
					t.Errorf("error %v", err)
				}
				if unknown && !strings.Contains(err.Error(), request.AlternativeOrderID) {
					t.Errorf("the error does not have the id: %v", err)
				}
			case tt.code != "":
				if refused, ok := errors.AsType[*certcentral.Error](err); !ok || !refused.Has(tt.code) || refused.OutcomeUnknown {
					t.Errorf("error %v", err)
				}
			case err != nil || result.Found != tt.found || result.OrderID == 0 || result.CertificateID == 0:
				t.Errorf("got %+v, %v", result, err)
			}
			if got := countOrders(t, mock); got != tt.orders {
				t.Errorf("%d orders, want %d", got, tt.orders)
			}
			mock.ClearFaults(t)
			again, err := onceClient(t, mock, &quickClock{}).Orders.PlaceOnce(t.Context(), request)
			if got := countOrders(t, mock); err != nil || got != tt.later || tt.orders == 1 && !again.Found {
				t.Errorf("another call: %+v, %v, and then %d orders, want %d", again, err, got, tt.later)
			}
		})
	}
}

func countOrders(t *testing.T, mock *mocktest.Server) int {
	t.Helper()
	page, err := mock.Client.Orders.List(t.Context(), certcentral.OrderListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return len(page.Items)
}

// TestPlaceOnceQuietPeriod pins that no order is placed within the quiet period after a lost one,
// nor within that of an earlier call.
func TestPlaceOnceQuietPeriod(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		faults []mocktest.Fault
		opts   []certcentral.OnceOption
		quiet  time.Duration // the sum of the pauses is at least that, and not much more
	}{
		"after a lost order": {faults: []mocktest.Fault{mocktest.On(opPlace).Cut("reset")}, quiet: certcentral.DefaultQuietPeriod},
		"of a given length": {
			faults: []mocktest.Fault{mocktest.On(opPlace).Cut("reset")}, opts: []certcentral.OnceOption{certcentral.WithQuietPeriod(30 * time.Second)},
			quiet: 30 * time.Second,
		},
		"of an earlier call": {opts: []certcentral.OnceOption{certcentral.WithResume()}, quiet: certcentral.DefaultQuietPeriod},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := faulty(t, tt.faults...)
			clock := new(quickClock)
			request := ourOrder()
			request.AlternativeOrderID = "renewal-2026-ada"
			result, err := onceClient(t, mock, clock).Orders.PlaceOnce(t.Context(), request, tt.opts...)
			if err != nil || result.Found {
				t.Fatalf("got %+v, %v", result, err)
			}
			var total time.Duration
			for _, pause := range clock.pauses {
				total += pause
			}
			if total < tt.quiet || total > tt.quiet+time.Minute {
				t.Errorf("placed after %s, the quiet period is %s; pauses %v", total, tt.quiet, clock.pauses)
			}
			if clock.pauses[0] != time.Second || clock.pauses[len(clock.pauses)-1] > time.Minute {
				t.Errorf("pauses %v", clock.pauses)
			}
		})
	}
}

// TestPlaceOnceDuplicates pins that two orders with one id are an error that names them.
func TestPlaceOnceDuplicates(t *testing.T) {
	t.Parallel()
	mock := faulty(t)
	request := ourOrder()
	request.AlternativeOrderID = "twice"
	for range 2 {
		if _, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), request); err != nil {
			t.Fatal(err)
		}
	}
	_, err := mock.Client.Orders.PlaceOnce(t.Context(), request)
	if twice, ok := errors.AsType[*certcentral.DuplicateOrderError](err); !ok || len(twice.Orders) != 2 ||
		!strings.Contains(err.Error(), "2 orders have the alternative id twice: [843668399 843668400]") {
		t.Errorf("error %v", err)
	}
}

// TestOnceArguments pins what is refused before anything is sent.
func TestOnceArguments(t *testing.T) {
	t.Parallel()
	mock := faulty(t)
	orders := mock.Client.Orders
	unnamed, disagreed := ourOrder(), ourOrder()
	disagreed.AlternativeOrderID, disagreed.AgreedToCSA = "a", false
	named := ourOrder()
	named.AlternativeOrderID = "a"
	for path, call := range map[string]func() error{
		"alternative_order_id": func() error { _, err := orders.PlaceOnce(t.Context(), unnamed); return err },
		"csa_agreed_to":        func() error { _, err := orders.PlaceOnce(t.Context(), disagreed); return err },
		"opts[0]":              func() error { _, err := orders.PlaceOnce(t.Context(), named, nil); return err },
		"WithQuietPeriod": func() error {
			_, err := orders.PlaceOnce(t.Context(), named, certcentral.WithQuietPeriod(-1))
			return err
		},
		"X-Request-Id": func() error {
			_, err := orders.PlaceOnce(t.Context(), named, certcentral.WithRequestID(""))
			return err
		},
		"order_id": func() error { _, err := orders.RevokeOnce(t.Context(), 0, certcentral.RevokeOptions{}); return err },
		"number": func() error {
			_, err := orders.ReissueOnce(t.Context(), 1, 0, certcentral.ReissueOptions{})
			return err
		},
	} {
		if refused, ok := errors.AsType[*certcentral.ArgumentError](call()); !ok || refused.Path != path {
			t.Errorf("%s: %v", path, refused)
		}
	}
	if calls := mock.Journal(t); len(calls) != 0 {
		t.Errorf("%d requests were sent", len(calls))
	}
}

// TestReissueOnce pins how many reissues there are after each fault.
func TestReissueOnce(t *testing.T) {
	t.Parallel()
	on := mocktest.On("reissueCertificate")
	for name, tt := range map[string]struct {
		faults   []mocktest.Fault
		approval mockserver.Approval
		found    bool
	}{
		"no fault":                      {},
		"lost before":                   {faults: []mocktest.Fault{on.Cut("reset")}},
		"lost after":                    {faults: []mocktest.Fault{on.AfterServing().Cut("reset")}, found: true},
		"a gateway after":               {faults: []mocktest.Fault{on.AfterServing().Catalogue("html_502")}, found: true},
		"429":                           {faults: []mocktest.Fault{on.Catalogue("request_limit_exceeded")}},
		"with an approval":              {approval: mockserver.ApprovalOn},
		"lost after, with an approval":  {faults: []mocktest.Fault{on.AfterServing().Cut("reset")}, approval: mockserver.ApprovalOn, found: true},
		"lost before, with an approval": {faults: []mocktest.Fault{on.Cut("before_headers")}, approval: mockserver.ApprovalOn},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := faulty(t, tt.faults...)
			cc := onceClient(t, mock, new(quickClock))
			placed, err := cc.Orders.PlacePKIoOrganisationPerson(t.Context(), ourOrder())
			if err != nil {
				t.Fatal(err)
			}
			mock.Settle(t)
			if tt.approval != "" {
				mock.Set(t, mocktest.Approval(tt.approval))
			}
			for call, found := range []bool{tt.found, true} {
				result, err := cc.Orders.ReissueOnce(t.Context(), placed.ID, 1, certcentral.ReissueOptions{})
				waits := tt.approval == mockserver.ApprovalOn
				if err != nil || result.Found != found || result.NeedsApproval != waits || (result.CertificateID == 0) != waits {
					t.Errorf("call %d: %+v, %v", call+1, result, err)
				}
			}
			mock.Settle(t)
			made, err := cc.Orders.Reissues(t.Context(), placed.ID)
			if tt.approval == "" {
				if err != nil || len(made) != 1 {
					t.Errorf("%d reissues, want 1, %v", len(made), err)
				}
				if second, err := cc.Orders.ReissueOnce(t.Context(), placed.ID, 2, certcentral.ReissueOptions{}); err != nil || second.Found {
					t.Errorf("the second reissue: %+v, %v", second, err)
				}
			}
		})
	}
}

// TestRevokeOnce pins that an order is revoked once after each fault.
func TestRevokeOnce(t *testing.T) {
	t.Parallel()
	on := mocktest.On("revokeOrderCertificates")
	for name, tt := range map[string]struct {
		faults      []mocktest.Fault
		approval    bool
		found       bool
		foundLater  bool
		wantRequest int
	}{
		"no fault":                     {foundLater: true},
		"lost before":                  {faults: []mocktest.Fault{on.Cut("reset")}, foundLater: true},
		"lost after":                   {faults: []mocktest.Fault{on.AfterServing().Cut("reset")}, found: true, foundLater: true},
		"500 after":                    {faults: []mocktest.Fault{on.AfterServing().Catalogue("internal_error")}, found: true, foundLater: true},
		"lost after, with an approval": {faults: []mocktest.Fault{on.AfterServing().Cut("reset")}, approval: true, found: true, wantRequest: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := faulty(t, tt.faults...)
			cc := onceClient(t, mock, new(quickClock))
			placed, err := cc.Orders.PlacePKIoOrganisationPerson(t.Context(), ourOrder())
			if err != nil {
				t.Fatal(err)
			}
			mock.Settle(t)
			options := certcentral.RevokeOptions{Reason: certcentral.ReasonSuperseded, SkipApproval: !tt.approval}
			result, err := cc.Orders.RevokeOnce(t.Context(), placed.ID, options)
			if err != nil || result.Found != tt.found || result.NeedsApproval != tt.approval {
				t.Errorf("got %+v, %v", result, err)
			}
			requests, err := cc.Requests.List(t.Context(), certcentral.RequestListOptions{Type: certcentral.AnyOf(certcentral.RequestRevoke)})
			if err != nil || len(requests.Items) != tt.wantRequest {
				t.Errorf("%d requests to revoke, %v", len(requests.Items), err)
			}
			if !tt.foundLater {
				return
			}
			if again, err := cc.Orders.RevokeOnce(t.Context(), placed.ID, options); err != nil || !again.Found || again.NeedsApproval {
				t.Errorf("again: %+v, %v", again, err)
			}
			if order, err := cc.Orders.Get(t.Context(), placed.ID); err != nil || order.Status != certcentral.OrderRevoked {
				t.Errorf("order %s, %v", order.Status, err)
			}
		})
	}
}
