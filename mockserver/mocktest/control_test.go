package mocktest_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

const ordering = "orderPkioOrganisationPerson"

// refused holds that an error is a refusal with this code.
func refused(t *testing.T, err error, code string) {
	t.Helper()
	if answer, ok := errors.AsType[*certcentral.Error](err); !ok || !answer.Has(code) {
		t.Errorf("got %v, want %s", err, code)
	}
}

func place(t testing.TB, mock *mocktest.Server) int64 {
	t.Helper()
	placed, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder())
	if err != nil {
		t.Fatal(err)
	}
	return placed.ID
}

func status(t testing.TB, mock *mocktest.Server, id int64) certcentral.OrderStatus {
	t.Helper()
	order, err := mock.Client.Orders.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return order.Status
}

// TestSet changes settings one after the other; each stays when the next one changes.
func TestSet(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithQuickKeys())
	mock.Set(t, mocktest.Balance("0.00"), mocktest.NegativeBalanceLimit("0"))
	_, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder())
	refused(t, err, "insufficient_funds")

	mock.Set(t, mocktest.NegativeBalanceLimit(mockserver.Unlimited))
	mock.Set(t, mocktest.Life(mockserver.LifeManual))
	if got := status(t, mock, place(t, mock)); got != certcentral.OrderPending {
		t.Errorf("with a manual life: %s", got)
	}
	mock.Set(t, mocktest.Approval(mockserver.ApprovalOn))
	if got := status(t, mock, place(t, mock)); got != certcentral.OrderNeedsApproval {
		t.Errorf("with approvals: %s", got)
	}
	mock.Set(t, mocktest.RateLimit(mockserver.RateLimit{Requests: 1, Window: time.Hour}))
	_, _ = mock.Client.Orders.Get(t.Context(), 843668399)
	_, err = mock.Client.Orders.Get(t.Context(), 843668399)
	refused(t, err, "request_limit_exceeded")
	mock.Set(t, mocktest.RateLimit())
	if got := status(t, mock, 843668399); got != certcentral.OrderPending {
		t.Errorf("without a limit: %s", got)
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithQuickKeys())
	later := time.Now().UTC().Truncate(time.Second).AddDate(1, 0, 0)
	mock.Clock(t).Freeze(later)
	if got := mock.Clock(t).Now(); !got.Equal(later) {
		t.Errorf("frozen: got %v, want %v", got, later)
	}
	mock.Clock(t).Advance("P2D")
	if got, want := mock.Clock(t).Now(), later.AddDate(0, 0, 2); !got.Equal(want) {
		t.Errorf("advanced: got %v, want %v", got, want)
	}
	mock.Clock(t).Set(later.AddDate(1, 0, 0))
	if got := mock.Clock(t).Now(); got.Before(later.AddDate(1, 0, 0)) {
		t.Errorf("set: got %v", got)
	}
	mock.Clock(t).Follow()
	if got := mock.Clock(t).Now(); !got.Before(later) {
		t.Errorf("followed: got %v", got)
	}
}

// TestFail shows what a client sees of a fault: the second of three requests goes wrong.
func TestFail(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		fault  mocktest.Fault
		status int
		header string // and its value
		value  string
		kind   error
	}{
		"respond":          {mocktest.On("getOrder").Respond(503), 503, "Content-Length", "0", certcentral.ErrUnavailable},
		"header":           {mocktest.On("getOrder").Respond(503).Header("X-Why", "test"), 503, "X-Why", "test", certcentral.ErrUnavailable},
		"catalogue":        {mocktest.On("getOrder").Catalogue("access_denied|missing_permission"), 403, "Content-Type", "application/json", certcentral.ErrForbidden},
		"gateway":          {mocktest.On("getOrder").Catalogue("html_502"), 502, "Content-Type", "text/html", certcentral.ErrUnavailable},
		"retry after":      {mocktest.On("getOrder").Respond(429).RetryAfter(7), 429, "Retry-After", "7", certcentral.ErrRateLimited},
		"retry at":         {mocktest.On("getOrder").Respond(429).RetryAt(later()), 429, "Retry-After", "Tue, 06 May 2031 07:08:09 GMT", certcentral.ErrRateLimited},
		"retry after text": {mocktest.On("getOrder").Respond(503).RetryAfterText("soon"), 503, "Retry-After", "soon", certcentral.ErrUnavailable},
		"content type":     {mocktest.On("getOrder").Respond(500).Body("<p>").ContentType("text/html"), 500, "Content-Type", "text/html", certcentral.ErrUnavailable},
		"all":              {mocktest.On().Respond(500), 500, "X-Mock-Fault", "fault-1", certcentral.ErrUnavailable},
		"delay":            {mocktest.On("getOrder").Delay(time.Millisecond).Respond(500), 500, "X-Mock-Fault", "fault-1", certcentral.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := mocktest.Start(t, mockserver.WithQuickKeys())
			id := place(t, mock)
			rule := mock.Fail(t, one.fault.After(1).Times(1))
			status(t, mock, id)
			var answer *http.Response
			_, err := mock.Client.Orders.Get(t.Context(), id, certcentral.WithResponseInto(&answer))
			if !errors.Is(err, one.kind) || answer.StatusCode != one.status || answer.Header.Get(one.header) != one.value {
				t.Errorf("got %v with %v", err, answer.Header)
			}
			status(t, mock, id)
			if got := rule.Hits(t); got != 1 {
				t.Errorf("hits: %d", got)
			}
			if calls := mock.Journal(t, mocktest.Operation("getOrder")); len(calls) != 3 || *calls[1].Fault != rule.ID {
				t.Errorf("journal: %+v", calls)
			}
			rule.Delete(t)
			if left := mock.Faults(t); len(left) != 0 {
				t.Errorf("left: %+v", left)
			}
		})
	}
}

// TestRetryAfter holds that the client reads the header: it does not wait for longer than three
// minutes, and would repeat the request after some seconds otherwise.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithQuickKeys())
	mock.Client = mock.ClientFor(t, mock.APIKey, certcentral.WithRetries(1))
	limited := mocktest.On("getCurrentUser").Catalogue("request_limit_exceeded")
	for n, fault := range []mocktest.Fault{limited.RetryAfter(200), limited.RetryAt(time.Now().Add(time.Hour))} {
		mock.Fail(t, fault)
		if _, err := mock.Client.Users.GetCurrent(t.Context()); !errors.Is(err, certcentral.ErrRateLimited) {
			t.Errorf("got %v", err)
		}
		if got := mock.Count(t); got != n+1 {
			t.Errorf("%d requests, want %d", got, n+1)
		}
	}
}

// TestCut cuts an order off before it is placed, and after it. The transport repeats a GET by
// itself, so it shows no cut.
func TestCut(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithQuickKeys())
	for n, fault := range []mocktest.Fault{mocktest.On(ordering).Cut("reset"), mocktest.On(ordering).LoseAnswer()} {
		mock.Fail(t, fault)
		_, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder())
		if !errors.Is(err, certcentral.ErrOutcomeUnknown) {
			t.Errorf("got %v", err)
		}
		calls := mock.Journal(t, mocktest.Operation(ordering))
		if len(calls) != n+1 || calls[n].Outcome != "cut" {
			t.Errorf("fault %d: %+v", n, calls)
		}
		placed := 0
		for range mock.Client.Orders.All(t.Context(), certcentral.OrderListOptions{}) {
			placed++
		}
		if placed != n {
			t.Errorf("fault %d: %d orders", n, placed)
		}
	}
}

// TestFaultMatches holds that only the requests that a fault matches go wrong.
func TestFaultMatches(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithQuickKeys())
	mock.Client = mock.ClientFor(t, mock.APIKey, certcentral.WithRetries(0))
	mock.Fail(t, mocktest.On(ordering).RequestBody("/certificate/individual/id", 22).Respond(500))
	first, second := place(t, mock), place(t, mock)
	mock.Fail(t, mocktest.On("getOrder").Order(second).Times(0).Respond(500))
	status(t, mock, first)
	if _, err := mock.Client.Orders.Get(t.Context(), second); err == nil {
		t.Error("the order that the fault names is answered")
	}
	mock.ClearFaults(t)
	status(t, mock, second)

	mock.Fail(t, mocktest.On(ordering).RequestBody("/certificate/individual/id", 21).Respond(500))
	if _, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder()); err == nil {
		t.Error("the body that the fault names is answered")
	}
	mock.Fail(t, mocktest.On("getOrder").Probability(0.5, 7).Times(0).Respond(500))
	failed := 0
	for range 100 {
		if _, err := mock.Client.Orders.Get(t.Context(), first); err != nil {
			failed++
		}
	}
	if failed < 20 || failed > 80 {
		t.Errorf("%d of 100 requests went wrong, want about half", failed)
	}
	mock.ClearJournal(t)
	if got := mock.Count(t); got != 0 {
		t.Errorf("%d calls in an empty journal", got)
	}
}

// TestFaultCopies holds that a fault made of another one leaves that one as it was.
func TestFaultCopies(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithQuickKeys())
	mock.Client = mock.ClientFor(t, mock.APIKey, certcentral.WithRetries(0))
	base := mocktest.On("getOrder").Respond(501)
	_ = base.Respond(502).Header("X-A", "b").After(5)
	mock.Fail(t, base)
	if _, err := mock.Client.Orders.Get(t.Context(), 1); err == nil || !strings.Contains(err.Error(), "501") {
		t.Errorf("got %v", err)
	}
}

func TestJournal(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithQuickKeys())
	id := place(t, mock)
	_, _ = mock.Client.Orders.Get(t.Context(), 1)
	status(t, mock, id)
	all := mock.Journal(t)
	if len(all) != 3 || *all[0].Operation != ordering || *all[0].Status != 201 {
		t.Fatalf("journal: %+v", all)
	}
	for name, one := range map[string]struct {
		filters []mocktest.Filter
		want    int
	}{
		"operation":  {[]mocktest.Filter{mocktest.Operation("getOrder")}, 2},
		"operations": {[]mocktest.Filter{mocktest.Operation("getOrder", ordering)}, 3},
		"status":     {[]mocktest.Filter{mocktest.Status("404")}, 1},
		"class":      {[]mocktest.Filter{mocktest.Status("2xx")}, 2},
		"order":      {[]mocktest.Filter{mocktest.Order(id)}, 2},
		"code":       {[]mocktest.Filter{mocktest.Code("not_found|order")}, 1},
		"text":       {[]mocktest.Filter{mocktest.Text("Jefferson")}, 2},
		"since":      {[]mocktest.Filter{mocktest.Since(all[0].ID)}, 2},
		"both":       {[]mocktest.Filter{mocktest.Operation("getOrder"), mocktest.Order(id)}, 1},
	} {
		if got := mock.Count(t, one.filters...); got != one.want {
			t.Errorf("%s: %d calls, want %d: %+v", name, got, one.want, mock.Journal(t, one.filters...))
		}
	}
	if got := mock.Wait(t, 2, time.Second, mocktest.Operation("getOrder")); len(got) != 2 {
		t.Errorf("wait: %+v", got)
	}
}

// TestJournalIsWhole holds that the journal does not stop at the number of calls that the control
// API returns by itself.
func TestJournalIsWhole(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	asked(mock, 120)
	if got := len(mock.Journal(t)); got != 120 {
		t.Errorf("%d calls", got)
	}
	if got := len(mock.Journal(t, mocktest.Limit(7))); got != 7 {
		t.Errorf("%d calls with a limit", got)
	}
}

// inProcess places an order whose certificate is made.
func inProcess(t testing.TB, mock *mocktest.Server) int64 {
	t.Helper()
	id := place(t, mock)
	mock.Move(t, id, certcentral.OrderProcessing)
	mock.Settle(t)
	return id
}

func TestTokenAndMoves(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithQuickKeys())
	mock.Set(t, mocktest.Life(mockserver.LifeManual))
	id := place(t, mock)
	mock.Move(t, id, certcentral.OrderIssued)
	mock.Settle(t)
	second := inProcess(t, mock)
	mock.Token(t, second).Deliver()
	if got := mock.Token(t, second).Status(); got != "delivered" {
		t.Errorf("token: %s", got)
	}
	content, pin := mock.Token(t, second).Redeem()
	if len(content) == 0 || pin == "" {
		t.Errorf("redeemed %d bytes with a PIN of %d", len(content), len(pin))
	}
	mock.MoveValidation(t, 1920073, "ov", "expired")
	if got := status(t, mock, id); got != certcentral.OrderIssued {
		t.Errorf("moved: %s", got)
	}
	third := inProcess(t, mock)
	mock.Token(t, third).Deliver()
	mock.Token(t, third).Lock()
	if got := mock.Token(t, third).Status(); got != "locked" {
		t.Errorf("token: %s", got)
	}
	mock.Token(t, id).Lose(mocktest.Reason("On the train."))
	if got := mock.Token(t, id).Status(); got != "lost" {
		t.Errorf("token: %s", got)
	}
}

// TestAccounts steers another account, another user and a fresh start.
func TestAccounts(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithQuickKeys())
	other := mock.For(t, "other")
	other.Set(t, mocktest.Balance("0"), mocktest.NegativeBalanceLimit("0"))
	_, err := other.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder())
	refused(t, err, "insufficient_funds")
	id := place(t, mock)

	user := mock.For(t, mock.Key(t, 4313912, 0))
	if got := status(t, user, id); got == "" {
		t.Error("the user does not see the order of the account")
	}
	mock.Reset(t)
	if _, err := mock.Client.Orders.Get(t.Context(), id); !errors.Is(err, certcentral.ErrNotFound) {
		t.Errorf("after the reset: %v", err)
	}
}
