package domain_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// TestWholeWay takes an order from every situation to issued. What cannot get there is refused and
// stays as it is.
func TestWholeWay(t *testing.T) {
	t.Parallel()
	able := []domain.Status{
		domain.StatusNeedsApproval, domain.StatusPending, domain.StatusProcessing, domain.StatusWaitingPickup, domain.StatusReissuePending,
	}
	everywhere(t, func(a *account, s situation, order domain.Order) {
		before := a.snapshot()
		var certificate int64
		err := a.decide(func(r domain.Reader) (changes domain.Changes, err error) {
			certificate, changes, err = domain.StartIssuing(r, today(), order.ID)
			return changes, err
		})
		if !slices.Contains(able, order.Status) {
			checkFaults(t, err, fault{domain.CodeOrderStatusConflict, ""})
			unchanged(t, before, a.snapshot())
			return
		}
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
			return
		}
		finish := func(r domain.Reader) (changes domain.Changes, err error) {
			move := domain.OrderMove{ID: order.ID, To: domain.StatusIssued, Reason: "A test needs it."}
			_, changes, err = domain.FinishIssuing(r, today(), move, certificate)
			return changes, err
		}
		if a.certificate(certificate).Material == nil {
			checkFaults(t, a.decide(finish), fault{domain.CodeNotSettled, ""})
			a.makeAll()
		}
		err = a.decide(finish)
		if token := a.certificate(certificate).Token.Status; token == domain.TokenLost || token == domain.TokenLocked {
			checkFaults(t, err, fault{domain.CodeOrderStatusConflict, ""})
			return
		}
		got := a.order(order.ID)
		if err != nil || got.Status != domain.StatusIssued || got.CertificateID != certificate || len(got.Notes) != len(order.Notes)+1 {
			t.Errorf("%s: %v, %+v", s.name, err, got)
		}
		a.read(func(r domain.Reader) {
			for _, request := range r.RequestsOfOrder(order.ID) {
				if request.Type == domain.NewRequest && request.Status != domain.RequestApproved {
					t.Errorf("%s: the request is %s", s.name, request.Status)
				}
			}
		})
	})
}

// TestWholeWayOfAReissue takes a reissue that waits for an approval to the issued certificate.
func TestWholeWayOfAReissue(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	order := a.issued()
	approvals(domain.ApprovalOn)(a, 0)
	a.must(reissuing(order.ID))
	for _, refused := range []bool{true, false} {
		var certificate int64
		a.must(func(r domain.Reader) (changes domain.Changes, err error) {
			certificate, changes, err = domain.StartIssuing(r, today(), order.ID)
			return changes, err
		})
		if refused {
			a.refuse(today(), a.job())
		} else {
			a.makeAll()
		}
		err := a.decide(func(r domain.Reader) (changes domain.Changes, err error) {
			_, changes, err = domain.FinishIssuing(r, today(), domain.OrderMove{ID: order.ID, To: domain.StatusIssued}, certificate)
			return changes, err
		})
		if refused {
			checkFaults(t, err, fault{domain.CodeOrderStatusConflict, ""})
			a.must(reissuing(order.ID))
			continue
		}
		if got := a.order(order.ID); err != nil || got.Reissues != 1 || got.CertificateID != certificate {
			t.Errorf("%v, %+v", err, got)
		}
	}
}

// TestReasons: the reason of a move becomes a note, and of a rejection also the comment of its
// request. An order that has as many notes as it may is not moved with one more.
func TestReasons(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	approvals(domain.ApprovalOn)(a, 0)
	order := a.mustPlace(today(), anOrder())
	reject := func(r domain.Reader) (changes domain.Changes, err error) {
		_, changes, err = domain.MoveOrder(r, domain.Moments{Now: today(), Base: today()},
			domain.OrderMove{ID: order.ID, To: domain.StatusRejected, Reason: "Nobody answers."})
		return changes, err
	}
	for range 1000 {
		a.must(func(r domain.Reader) (changes domain.Changes, err error) {
			_, changes, err = domain.AddNote(r, order.ID, "n")
			return changes, err
		})
	}
	before := a.snapshot()
	checkFaults(t, a.decide(reject), fault{domain.CodeCapacity, ""})
	unchanged(t, before, a.snapshot())

	order = a.mustPlace(today(), anOrder())
	a.must(reject)
	if got := a.order(order.ID); len(got.Notes) != 1 || got.Notes[0].Text != "Nobody answers." {
		t.Errorf("%+v", got.Notes)
	}
	a.read(func(r domain.Reader) {
		if got := r.RequestsOfOrder(order.ID)[0]; got.ProcessorComment != "Nobody answers." || got.Status != domain.RequestRejected {
			t.Errorf("%+v", got)
		}
	})
}

// TestMoveValidation moves a validation to each state.
func TestMoveValidation(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	move := func(id int64, of domain.ValidationType, to domain.ValidationStatus) (moved domain.Validation, err error) {
		err = a.decide(func(r domain.Reader) (changes domain.Changes, err error) {
			moved, changes, err = domain.MoveValidation(r, today(), id, of, to)
			return changes, err
		})
		return moved, err
	}
	for _, to := range []domain.ValidationStatus{domain.ValidationPending, domain.ValidationActive, domain.ValidationExpired, domain.ValidationPending} {
		moved, err := move(domain.SeedOrganization, domain.ValidationOV, to)
		if err != nil || moved.Status(today()) != to {
			t.Errorf("%s: %v, %+v", to, err, moved)
		}
		a.read(func(r domain.Reader) {
			organization, _ := r.Organization(domain.SeedOrganization)
			if got := organization.Validations[0]; got.Status(today()) != to || to == domain.ValidationPending && !got.DateCreated.IsZero() {
				t.Errorf("%s: %+v", to, got)
			}
			if to == domain.ValidationExpired && organization.Validations[0].Status(today().Add(-time.Minute)) != domain.ValidationActive {
				t.Error("it was over before")
			}
		})
	}
	if _, err := move(domain.SeedOrganization, domain.ValidationEV, domain.ValidationActive); !errors.Is(err, &domain.Error{Code: domain.CodeValidationNotFound}) {
		t.Errorf("not submitted: %v", err)
	}
	if _, err := move(1, domain.ValidationOV, domain.ValidationActive); !errors.Is(err, &domain.Error{Code: domain.CodeOrganizationNotFound}) {
		t.Errorf("no organization: %v", err)
	}
}
