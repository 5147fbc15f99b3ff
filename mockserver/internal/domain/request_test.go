package domain_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// TestDecidedRequest checks that a decided request cannot change its state any more.
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

// TestProcessor checks the processor, the time and the comment of a decided request. A decision
// through the control API has no processor (D-54).
func TestProcessor(t *testing.T) {
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
			_, changes, err = domain.MoveOrder(r, domain.Moments{Now: later, Base: later}, domain.OrderMove{ID: 843668399, To: to})
			return changes, err
		}
	}
	for name, tc := range map[string]struct {
		decide func(domain.Reader) (domain.Changes, error)
		want   domain.Request // the members of the decision
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
