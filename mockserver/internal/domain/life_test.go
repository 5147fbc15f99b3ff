package domain_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

var update = flag.Bool("update", false, "write the table and the drawing of an order's life anew")

// statuses are all states of an order, in the order in which it reaches them.
func statuses() []domain.Status {
	return []domain.Status{
		domain.StatusNeedsApproval, domain.StatusPending, domain.StatusProcessing, domain.StatusWaitingPickup, domain.StatusIssued,
		domain.StatusReissuePending, domain.StatusRejected, domain.StatusCanceled, domain.StatusRevoked, domain.StatusExpired,
	}
}

// TestTransitionsGolden compares the table with a file, so that a review shows each change of it.
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

// TestLifeDrawing checks that the drawing in openapi/LIFE.md has the steps of the table.
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

// between replaces the text between two marks, the only part of the page that is generated.
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

// TestCancelOrder cancels an order in every situation.
func TestCancelOrder(t *testing.T) {
	t.Parallel()
	becomes := map[domain.Status]domain.Status{
		domain.StatusPending: domain.StatusCanceled, domain.StatusWaitingPickup: domain.StatusCanceled,
		domain.StatusReissuePending: domain.StatusIssued, // the reissue is canceled
	}
	everywhere(t, func(a *account, s situation, order domain.Order) {
		before := a.snapshot().Funds.Balance
		err := a.decide(canceling(order.ID))
		want, legal := becomes[order.Status]
		if !legal {
			checkFaults(t, err, fault{domain.CodeOrderStatusConflict, ""})
			want = order.Status
		} else if err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
		after := a.order(order.ID)
		if after.Status != want || (len(after.Notes) == len(order.Notes)+1) != legal {
			t.Errorf("%s: got %s with notes %+v", s.name, after.Status, after.Notes)
		}
		if back := legal && want == domain.StatusCanceled; back != (a.snapshot().Funds.Balance == before+order.Price) {
			t.Errorf("%s: balance %v, and %v before", s.name, a.snapshot().Funds.Balance, before)
		}
	})
}

// TestAutomaticLife checks that an order waits only for its issuance, which also completes the steps
// after it.
func TestAutomaticLife(t *testing.T) {
	t.Parallel()
	later := today().Add(time.Second)
	a := openAccount(t, unlimited())
	a.set(domain.DefaultSettings())
	order := a.mustPlace(today(), anOrder())
	if order.Status != domain.StatusProcessing {
		t.Errorf("a new order: got %s", order.Status)
	}
	if !a.fulfill(later, a.job()) {
		t.Error("its certificate was dropped")
	}
	certificate := a.certificate(order.CertificateID)
	if order = a.order(order.ID); order.Status != domain.StatusIssued || !order.StatusChanged.Equal(later) || !certificate.Issued.Equal(later) {
		t.Errorf("with its key: got %s, changed %v, %+v", order.Status, order.StatusChanged, certificate)
	}
	a.set(domain.Settings{Approval: domain.ApprovalOn, Life: domain.Auto})
	if order := a.mustPlace(today(), anOrder()); order.Status != domain.StatusNeedsApproval {
		t.Errorf("an order that needs an approval: got %s", order.Status)
	}
	if err := a.resolve(1, domain.RequestApproved); err != nil {
		t.Fatal(err)
	}
	a.makeAll()
	if a.order(order.ID+1).Status != domain.StatusIssued {
		t.Errorf("once it was approved: got %s", a.order(order.ID+1).Status)
	}
}

// TestUnknownOrder checks that every use case refuses an unknown order, RefuseStatus included.
func TestUnknownOrder(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	id := a.mustPlace(today(), anOrder()).ID
	for _, use := range []useCase{moving(1, domain.StatusProcessing), canceling(1), reissuing(1), revokingOrder(1)} {
		checkFaults(t, a.decide(use), fault{domain.CodeOrderNotFound, ""})
	}
	a.read(func(r domain.Reader) {
		checkFaults(t, domain.RefuseStatus(r, 1, "renewed"), fault{domain.CodeOrderNotFound, ""})
		checkFaults(t, domain.RefuseStatus(r, id, "renewed"), fault{domain.CodeOrderStatusConflict, ""})
	})
}

// TestSkipApproval checks that only an administrator may skip an approval, and that this is checked first.
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

// TestNotes checks that the notes of an account have one sequence of ids, and an order a limit of notes.
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
