package domain_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// askReissue reissues an order as an actor.
func (a *account) askReissue(actor domain.Actor, order int64, in domain.ReissueRequest) (reissued domain.Reissued, err error) {
	a.Helper()
	err = a.decide(func(r domain.Reader) (changes domain.Changes, err error) {
		reissued, changes, err = domain.ReissueOrder(r, actor, today(), name(order), in)
		return changes, err
	})
	return reissued, err
}

// TestReissue checks that a reissue gives an order a new certificate on a new token, which ends with the
// order. The former certificate stays valid, and the reissue is free (D-72).
func TestReissue(t *testing.T) {
	t.Parallel()
	later := today().Add(time.Hour)
	a := openAccount(t, unlimited())
	first := a.issued()
	want := a.snapshot()
	a.must(func(r domain.Reader) (domain.Changes, error) {
		got, changes, err := domain.ReissueOrder(r, manager(), later, thumbprintOf(first.CertificateID), domain.ReissueRequest{})
		if want := (domain.Reissued{OrderID: first.ID, CertificateID: first.CertificateID + 1}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		return changes, err
	})
	order := &want.Orders[0]
	order.Status, order.StatusChanged, order.ReissueID = domain.StatusReissuePending, later, first.CertificateID+1
	want.Certificates = append(want.Certificates, domain.Certificate{
		ID: first.CertificateID + 1, OrderID: first.ID, UserID: domain.SeedUser, Created: later, Reissue: true,
		Token: domain.Token{Status: domain.TokenOrdered},
	})
	want.Sequences.Certificate++
	unchanged(t, want, a.snapshot())
	a.must(movingToken(first.ID, domain.TokenPersonalized))
	a.makeAll()
	a.read(func(r domain.Reader) { // the order shows the former certificate until the new one is installed
		order, _ := r.Order(first.ID)
		if got, err := domain.FindIssuedOf(r, order); err != nil || got.ID != first.CertificateID {
			t.Errorf("got %d, %v", got.ID, err)
		}
	})
	a.must(moving(first.ID, domain.StatusIssued))
	second := a.order(first.ID)
	if second.CertificateID != first.CertificateID+1 || second.ReissueID != 0 || second.Reissues != 1 || !second.ValidTill.Equal(first.ValidTill) {
		t.Errorf("the order is %+v", second)
	}
	if made := a.certificate(second.CertificateID).Material; !made.NotAfter.Equal(first.ValidTill) {
		t.Errorf("the reissue ends %v, and the order %v", made.NotAfter, first.ValidTill)
	}
	if got := a.status(first.CertificateID); got != domain.CertificateIssued {
		t.Errorf("the former certificate is %s", got)
	}
	if balance := a.snapshot().Funds.Balance; balance != -first.Price {
		t.Errorf("balance %v", balance)
	}
}

// TestReissueInAutomaticLife checks that the issuance starts at once, and also installs the certificate.
func TestReissueInAutomaticLife(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	a.set(domain.DefaultSettings())
	id := a.mustPlace(today(), anOrder()).ID
	a.makeAll()
	for n := range 3 {
		a.must(reissuing(id))
		if got := a.order(id).Status; got != domain.StatusReissuePending {
			t.Errorf("the order is %s", got)
		}
		a.makeAll()
		if got := a.order(id); got.Status != domain.StatusIssued || got.Reissues != n+1 || got.CertificateID != 845503703+int64(n) {
			t.Errorf("the order is %+v", got)
		}
	}
}

// TestReissueApproval checks that an order is reissue_pending while its reissue waits for an approval.
func TestReissueApproval(t *testing.T) {
	t.Parallel()
	for _, life := range []domain.Life{domain.Auto, domain.Manual} {
		for to, want := range map[domain.RequestStatus]struct {
			order        domain.Status
			certificates int
		}{
			domain.RequestApproved:  {domain.StatusReissuePending, 2},
			domain.RequestRejected:  {domain.StatusIssued, 1},
			domain.RequestSubmitted: {domain.StatusReissuePending, 1},
		} {
			a := openAccount(t, unlimited())
			order := a.issued()
			a.set(domain.Settings{Approval: domain.ApprovalOn, Life: life})
			got, err := a.askReissue(user(), order.ID, domain.ReissueRequest{Comments: "please"})
			if err != nil {
				t.Fatal(err)
			}
			asked := domain.Request{
				ID: 1, Type: domain.Reissue, Status: domain.RequestSubmitted, Created: today(), OrderID: order.ID,
				RequesterID: domain.SeedUser, Comments: "please",
			}
			if diff := cmp.Diff(domain.Reissued{OrderID: order.ID, Request: &asked}, got); diff != "" {
				t.Errorf("got (-want +got):\n%s", diff)
			}
			if got := a.order(order.ID); got.Status != domain.StatusReissuePending || got.ReissueID != 0 {
				t.Errorf("the order is %+v", got)
			}
			if err := a.resolve(1, to); err != nil {
				t.Fatal(err)
			}
			after := a.snapshot()
			if got := after.Orders[0].Status; got != want.order || len(after.Certificates) != want.certificates {
				t.Errorf("%s: the order is %s, with %d certificates", to, got, len(after.Certificates))
			}
			if to == domain.RequestApproved {
				reissue := after.Certificates[1]
				if reissue.UserID != domain.SeedUser || !reissue.Reissue || reissue.Pending != (life == domain.Auto) || after.Orders[0].ReissueID != reissue.ID {
					t.Errorf("the reissue is %+v", reissue)
				}
			}
		}
	}
}

// TestWhoMayReissue checks that a reissue needs an approval when orders do, and that an administrator may
// skip it.
func TestWhoMayReissue(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		approval domain.Approval
		actor    domain.Actor
		skip     bool
		want     domain.RequestStatus // empty for no request
	}{
		"off":                     {domain.ApprovalOff, user(), false, ""},
		"automatic":               {domain.ApprovalAutomatic, user(), false, domain.RequestApproved},
		"on, by a user":           {domain.ApprovalOn, user(), false, domain.RequestSubmitted},
		"on, by a manager":        {domain.ApprovalOn, manager(), false, domain.RequestPending},
		"on, by an administrator": {domain.ApprovalOn, admin(), false, domain.RequestPending},
		"skipped":                 {domain.ApprovalOn, admin(), true, ""},
		"skipped where it is off": {domain.ApprovalOff, admin(), true, ""},
	} {
		a := openAccount(t, unlimited())
		order := a.issued()
		approvals(tc.approval)(a, 0)
		got, err := a.askReissue(tc.actor, order.ID, domain.ReissueRequest{SkipApproval: tc.skip})
		if err != nil {
			t.Fatal(err)
		}
		started := tc.want == "" || tc.want == domain.RequestApproved
		if (got.Request == nil) != (tc.want == "") || got.Request != nil && got.Request.Status != tc.want || (got.CertificateID != 0) != started {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	a := openAccount(t, unlimited())
	for _, actor := range []domain.Actor{user(), manager()} {
		_, err := a.askReissue(actor, 1, domain.ReissueRequest{SkipApproval: true})
		checkFaults(t, err, fault{domain.CodeMissingPermission, ""})
	}
	_, err := a.askReissue(user(), 1, domain.ReissueRequest{})
	checkFaults(t, err, fault{domain.CodeOrderNotFound, ""})
}

// TestCancelReissue checks that a cancellation ends the reissue and rejects its request with the note as
// the comment. There is no refund (D-57).
func TestCancelReissue(t *testing.T) {
	t.Parallel()
	for _, approved := range []bool{false, true} {
		a := openAccount(t, unlimited())
		order := a.issued()
		approvals(domain.ApprovalOn)(a, 0)
		other := domain.Request{ID: 9, Type: domain.Revoke, Status: domain.RequestSubmitted, OrderID: order.ID}
		a.must(func(domain.Reader) (domain.Changes, error) {
			return domain.Changes{Requests: []domain.Request{other}}, nil
		})
		a.must(reissuing(order.ID))
		if approved {
			if err := a.resolve(1, domain.RequestApproved); err != nil {
				t.Fatal(err)
			}
		}
		want := a.snapshot()
		a.must(canceling(order.ID))
		want.Sequences.Note++
		want.Orders[0].Status, want.Orders[0].StatusChanged, want.Orders[0].ReissueID = domain.StatusIssued, today(), 0
		want.Orders[0].Notes = []domain.Note{{ID: 1, Text: "why"}}
		if approved {
			want.Certificates[1].Discarded = true
		} else {
			want.Requests[0].Status, want.Requests[0].Processed, want.Requests[0].ProcessorComment = domain.RequestRejected, today(), "why"
		}
		unchanged(t, want, a.snapshot())
	}
}

// TestReissueOfInactive checks that an order of an inactive organization cannot be reissued (D-72).
func TestReissueOfInactive(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	order := a.issued()
	if err := a.deactivate(domain.SeedOrganization); err != nil {
		t.Fatal(err)
	}
	checkFaults(t, a.decide(reissuing(order.ID)), fault{domain.CodeInactiveOrganization, ""})
	if err := a.activate(domain.SeedOrganization); err != nil {
		t.Fatal(err)
	}
	a.must(reissuing(order.ID))
	if err := a.deactivate(domain.SeedOrganization); err == nil {
		t.Error("the organization was deactivated while one of its orders is reissued")
	}
}

// TestManyReissues checks the limit of reissues for every use case that starts one (D-44). Discarded
// reissues count too.
func TestManyReissues(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	order := a.issued()
	for n := range 100 {
		if n%2 == 0 {
			a.must(reissuing(order.ID))
		} else {
			a.must(moving(order.ID, domain.StatusReissuePending))
		}
		a.must(canceling(order.ID))
	}
	checkFaults(t, a.decide(reissuing(order.ID)), fault{domain.CodeCapacity, ""})
	checkFaults(t, a.decide(moving(order.ID, domain.StatusReissuePending)), fault{domain.CodeCapacity, ""})
	approvals(domain.ApprovalOn)(a, 0) // no request is made for a reissue above the limit
	checkFaults(t, a.decide(reissuing(order.ID)), fault{domain.CodeCapacity, ""})
}

// TestReissues checks that the list has the certificates of reissues, and not the first certificate.
func TestReissues(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	order := a.issued()
	list := func(want ...domain.CertificateStatus) {
		t.Helper()
		a.read(func(r domain.Reader) {
			var got []domain.CertificateStatus
			for i, certificate := range domain.Reissues(r, order.ID) {
				got = append(got, certificate.Status())
				if certificate.ID != order.CertificateID+int64(i)+1 {
					t.Errorf("reissue %d is %d", i, certificate.ID)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("reissues (-want +got):\n%s", diff)
			}
		})
	}
	list()
	a.must(reissuing(order.ID))
	list(domain.CertificatePending)
	a.must(canceling(order.ID))
	list(domain.CertificateRejected)
	a.reissued(order.ID)
	list(domain.CertificateRejected, domain.CertificateIssued)
	a.must(moving(order.ID, domain.StatusRevoked))
	list(domain.CertificateRejected, domain.CertificateRevoked)
}
