package domain_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

var update = flag.Bool("update", false, "write the table and the drawing of an order's life anew")

// statuses are all states of an order, the one after the other as an order lives through them.
func statuses() []domain.Status {
	return []domain.Status{
		domain.StatusNeedsApproval, domain.StatusPending, domain.StatusProcessing, domain.StatusWaitingPickup, domain.StatusIssued,
		domain.StatusReissuePending, domain.StatusRejected, domain.StatusCanceled, domain.StatusRevoked, domain.StatusExpired,
	}
}

// TestTransitionsGolden keeps the table where a reviewer sees it change.
func TestTransitionsGolden(t *testing.T) {
	t.Parallel()
	var table bytes.Buffer
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "from\tto\tevent")
	for _, transition := range domain.Transitions() {
		fmt.Fprintf(w, "%s\t%s\t%s\n", transition.From, transition.To, transition.Event)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/transitions.golden", table.String())
}

// TestLifeDrawing keeps the drawing in the documentation of the contract in step with the table.
func TestLifeDrawing(t *testing.T) {
	t.Parallel()
	var drawing strings.Builder
	fmt.Fprintln(&drawing, "stateDiagram-v2")
	fmt.Fprintf(&drawing, "    [*] --> %s: order placed, approval needed\n", domain.StatusNeedsApproval)
	fmt.Fprintf(&drawing, "    [*] --> %s: order placed\n", domain.StatusPending)
	for _, transition := range domain.Transitions() {
		fmt.Fprintf(&drawing, "    %s --> %s: %s\n", transition.From, transition.To, transition.Event)
	}
	var finished []string
	for _, status := range statuses() {
		if len(status.Next()) == 0 {
			fmt.Fprintf(&drawing, "    %s --> [*]\n", status)
		}
		if !status.Unfinished() {
			finished = append(finished, "`"+string(status)+"`")
		}
	}
	const path = "../../../openapi/LIFE.md"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := between(t, string(page), "```mermaid\n", "```\n", drawing.String())
	text = between(t, text, "<!-- finished -->\n", "<!-- end -->\n", strings.Join(finished, ", ")+"\n")
	golden(t, path, text)
}

// between replaces what stands between two marks, the only part of a page that is not written by hand.
func between(t *testing.T, page, from, to, text string) string {
	t.Helper()
	before, rest, found := strings.Cut(page, from)
	_, after, ended := strings.Cut(rest, to)
	if !found || !ended {
		t.Fatalf("no %q with a %q after it", from, to)
	}
	return before + from + text + to + after
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got), -update writes it anew:\n%s", path, diff)
	}
}

// TestMoveOrder moves an order from every state to every state.
func TestMoveOrder(t *testing.T) {
	t.Parallel()
	later := today().Add(time.Hour)
	for _, from := range statuses() {
		for _, to := range statuses() {
			a := openAccount(t, unlimited())
			id := a.mustPlace(today(), anOrder()).ID
			a.setStatus(id, from)
			var moved domain.Order
			err := a.decide(func(r domain.Reader) (changes domain.Changes, err error) {
				moved, changes, err = domain.MoveOrder(r, later, id, to)
				return changes, err
			})
			legal := slices.Contains(from.Next(), to)
			switch {
			case legal && err != nil:
				t.Errorf("%s to %s: %v", from, to, err)
			case legal && (moved.Status != to || !moved.StatusChanged.Equal(later)):
				t.Errorf("%s to %s: got %s, changed %v", from, to, moved.Status, moved.StatusChanged)
			case !legal:
				checkFaults(t, err, fault{domain.CodeOrderStatusConflict, ""})
				for _, next := range from.Next() {
					if !strings.Contains(err.Error(), string(next)) {
						t.Errorf("%s to %s: the refusal does not name %s: %v", from, to, next, err)
					}
				}
			}
		}
	}
}

// TestCancelOrder cancels from every state.
func TestCancelOrder(t *testing.T) {
	t.Parallel()
	becomes := map[domain.Status]domain.Status{
		domain.StatusPending: domain.StatusCanceled, domain.StatusWaitingPickup: domain.StatusCanceled,
		domain.StatusReissuePending: domain.StatusIssued, // what is canceled there is the reissue
	}
	for _, from := range statuses() {
		a := openAccount(t, unlimited())
		order := a.mustPlace(today(), anOrder())
		a.setStatus(order.ID, from)
		err := a.decide(func(r domain.Reader) (domain.Changes, error) {
			return domain.CancelOrder(r, today(), order.ID, "by mistake")
		})
		want, legal := becomes[from]
		if !legal {
			checkFaults(t, err, fault{domain.CodeOrderStatusConflict, ""})
			want = from
		} else if err != nil {
			t.Errorf("%s: %v", from, err)
		}
		a.read(func(r domain.Reader) {
			after, _ := r.Order(order.ID)
			if after.Status != want || (len(after.Notes) == 1) != legal {
				t.Errorf("%s: got %s with notes %+v", from, after.Status, after.Notes)
			}
			balance := -order.Price
			if want == domain.StatusCanceled && legal {
				balance = 0
			}
			if got := r.Funds().Balance; got != balance {
				t.Errorf("%s: balance %v, want %v", from, got, balance)
			}
		})
	}
}

// TestAutomaticLife goes on by itself, but never further than a mock without certificates can honestly go.
func TestAutomaticLife(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	a.set(domain.DefaultSettings())
	if order := a.mustPlace(today(), anOrder()); order.Status != domain.StatusWaitingPickup {
		t.Errorf("a new order: got %s", order.Status)
	}
	a.set(domain.Settings{Approval: domain.ApprovalOn, Life: domain.Auto})
	if order := a.mustPlace(today(), anOrder()); order.Status != domain.StatusNeedsApproval {
		t.Errorf("an order that needs an approval: got %s", order.Status)
	}
}

// TestSkipApproval may only be asked for by an administrator, and is refused before anything else is looked at.
func TestSkipApproval(t *testing.T) {
	t.Parallel()
	skip := anOrder(func(in *domain.OrderRequest) { in.SkipApproval, in.IndividualID = true, new(int64(1)) })
	for _, role := range domain.Roles() {
		a := openAccount(t, unlimited())
		_, err := a.place(domain.Actor{Account: accountID, UserID: domain.SeedUser, Role: role}, today(), skip)
		want := fault{domain.CodeMissingPermission, ""}
		if role == domain.Administrator() {
			want = fault{domain.CodeInvalidIndividual, "certificate.individual.id"}
		}
		checkFaults(t, err, want)
	}
}

// TestNotes are numbered over the whole account, and an order has only so many.
func TestNotes(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	first, second := a.mustPlace(today(), anOrder()).ID, a.mustPlace(today(), anOrder()).ID
	add := func(order int64) (id int64, err error) {
		err = a.decide(func(r domain.Reader) (changes domain.Changes, err error) {
			id, changes, err = domain.AddNote(r, order, "text")
			return changes, err
		})
		return id, err
	}
	for want := range int64(1000) {
		if id, err := add(first); err != nil || id != want+1 {
			t.Fatalf("note %d: got %d, %v", want+1, id, err)
		}
	}
	_, err := add(first)
	checkFaults(t, err, fault{domain.CodeCapacity, ""})
	checkFaults(t, a.decide(func(r domain.Reader) (domain.Changes, error) {
		return domain.CancelOrder(r, today(), first, "why")
	}), fault{domain.CodeCapacity, ""})
	if id, err := add(second); err != nil || id != 1001 {
		t.Errorf("another order: got %d, %v", id, err)
	}
	_, err = add(1)
	checkFaults(t, err, fault{domain.CodeOrderNotFound, ""})
}

// TestDecidedRequest cannot be decided again, nor be put back.
func TestDecidedRequest(t *testing.T) {
	t.Parallel()
	states := []domain.RequestStatus{domain.RequestSubmitted, domain.RequestPending, domain.RequestApproved, domain.RequestRejected}
	for _, first := range states[2:] {
		a := openAccount(t, unlimited())
		a.set(domain.Settings{Approval: domain.ApprovalOn, Life: domain.Manual})
		a.mustPlace(today(), anOrder())
		if err := a.resolve(1, first); err != nil {
			t.Fatal(err)
		}
		for _, again := range states {
			checkFaults(t, a.resolve(1, again), fault{domain.CodeOrderStatusConflict, ""})
		}
	}
	a := openAccount(t, unlimited())
	if err := a.resolve(1, domain.RequestApproved); !errors.Is(err, &domain.Error{Code: domain.CodeRequestNotFound}) {
		t.Error(err)
	}
}

// TestWhoDecided keeps who decided a request, when and why; what the mock was told to do is nobody's decision (D-54).
func TestWhoDecided(t *testing.T) {
	t.Parallel()
	later := today().Add(time.Hour)
	manager := domain.Actor{Account: accountID, UserID: domain.SeedUser, Role: domain.Roles()[3]}
	decide := func(to domain.RequestStatus) func(domain.Reader) (domain.Changes, error) {
		return func(r domain.Reader) (domain.Changes, error) {
			return domain.DecideRequest(r, manager, later, 1, to, "because")
		}
	}
	move := func(to domain.Status) func(domain.Reader) (domain.Changes, error) {
		return func(r domain.Reader) (changes domain.Changes, err error) {
			_, changes, err = domain.MoveOrder(r, later, 843668399, to)
			return changes, err
		}
	}
	for name, tc := range map[string]struct {
		decide func(domain.Reader) (domain.Changes, error)
		want   domain.Request // as far as the decision goes
	}{
		"approved":          {decide(domain.RequestApproved), domain.Request{Status: "approved", ProcessorID: domain.SeedUser, Processed: later, ProcessorComment: "because"}},
		"rejected":          {decide(domain.RequestRejected), domain.Request{Status: "rejected", ProcessorID: domain.SeedUser, Processed: later, ProcessorComment: "because"}},
		"put back":          {decide(domain.RequestSubmitted), domain.Request{Status: "submitted", ProcessorComment: "because"}},
		"moved on":          {move(domain.StatusPending), domain.Request{Status: "approved", Processed: later}},
		"moved to its end":  {move(domain.StatusRejected), domain.Request{Status: "rejected", Processed: later}},
		"refused to cancel": {move(domain.StatusCanceled), domain.Request{Status: "pending"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := openAccount(t, unlimited())
			a.set(domain.Settings{Approval: domain.ApprovalOn, Life: domain.Manual})
			a.mustPlace(today(), anOrder(func(in *domain.OrderRequest) { in.Comments = "please" }))
			if err := a.decide(tc.decide); err != nil && tc.want.Status != domain.RequestPending {
				t.Fatal(err)
			}
			want := tc.want
			want.ID, want.Type, want.Created, want.Comments = 1, domain.NewRequest, today(), "please"
			want.OrderID, want.RequesterID = 843668399, domain.SeedAdministrator
			if diff := cmp.Diff([]domain.Request{want}, a.snapshot().Requests); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCancelReissue ends the reissue and its request, with the note as the reason; the order stays paid (D-57).
func TestCancelReissue(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	a.set(domain.Settings{Approval: domain.ApprovalAutomatic, Life: domain.Manual})
	order := a.mustPlace(today(), anOrder())
	a.setStatus(order.ID, domain.StatusReissuePending)
	reissue := domain.Request{ID: 2, Type: domain.Reissue, Status: domain.RequestSubmitted, OrderID: order.ID}
	duplicate := domain.Request{ID: 3, Type: domain.Duplicate, Status: domain.RequestSubmitted, OrderID: order.ID}
	if err := a.decide(func(domain.Reader) (domain.Changes, error) {
		return domain.Changes{Requests: []domain.Request{reissue, duplicate}}, nil
	}); err != nil {
		t.Fatal(err)
	}
	want := a.snapshot()
	if err := a.decide(func(r domain.Reader) (domain.Changes, error) {
		return domain.CancelOrder(r, today(), order.ID, "by mistake")
	}); err != nil {
		t.Fatal(err)
	}
	want.Sequences.Note++
	want.Orders[0].Status, want.Orders[0].StatusChanged = domain.StatusIssued, today()
	want.Orders[0].Notes = []domain.Note{{ID: 1, Text: "by mistake"}}
	want.Requests[1].Status, want.Requests[1].Processed, want.Requests[1].ProcessorComment = domain.RequestRejected, today(), "by mistake"
	if diff := cmp.Diff(want, a.snapshot()); diff != "" {
		t.Errorf("account (-want +got):\n%s", diff)
	}
}

// set changes the settings of the account.
func (a *account) set(settings domain.Settings) {
	a.Helper()
	err := a.decide(func(r domain.Reader) (domain.Changes, error) {
		return domain.ChangeSettings(r, &settings.Approval, &settings.Life), nil
	})
	if err != nil {
		a.Fatal(err)
	}
}

// resolve decides a request as the administrator.
func (a *account) resolve(request int64, to domain.RequestStatus) error {
	a.Helper()
	return a.decide(func(r domain.Reader) (domain.Changes, error) {
		return domain.DecideRequest(r, admin(), today(), request, to, "")
	})
}
