package domain_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A situation is a state of an order with the steps that lead to it, in a manual life.
type situation struct {
	name  string
	steps []step
	made  bool // whether the next certificate has its issued material
}

// A step is a use case that changes an order.
type step func(a *account, order int64)

func move(to domain.Status) step { return func(a *account, id int64) { a.must(moving(id, to)) } }

func token(to domain.TokenStatus) step {
	return func(a *account, id int64) { a.must(movingToken(id, to)) }
}

func work(a *account, _ int64) { a.makeAll() }

func reissue(a *account, id int64) { a.must(reissuing(id)) }

func cancel(a *account, id int64) { a.must(canceling(id)) }

func outlive(a *account, id int64) { a.expire(a.order(id).ValidTill.Add(time.Second), 10) }

func approvals(approval domain.Approval) step {
	return func(a *account, _ int64) { a.set(domain.Settings{Approval: approval, Life: domain.Manual}) }
}

// situations are all situations, in the order in which an order reaches them.
func situations() []situation {
	processing := []step{move(domain.StatusProcessing)}
	made := and(processing, work)
	waiting := and(made, move(domain.StatusWaitingPickup))
	issued := and(waiting, move(domain.StatusIssued))
	reissued := and(issued, reissue, token(domain.TokenPersonalized), work)
	return []situation{
		{"pending", nil, false},
		{"processing, being made", processing, false},
		{"processing, made", made, true},
		{"waiting_pickup", waiting, true},
		{"waiting_pickup, lost", and(waiting, token(domain.TokenLost)), false},
		{"issued", issued, false},
		{"issued, its certificate revoked", and(issued, revokeFirst), false},
		{"reissue_pending, to be approved", and(issued, approvals(domain.ApprovalOn), reissue), false},
		{"reissue_pending", and(issued, reissue), false},
		{"reissue_pending, being made", and(issued, reissue, token(domain.TokenPersonalized)), false},
		{"reissue_pending, made", reissued, true},
		{"issued, reissued", and(reissued, move(domain.StatusIssued)), false},
		{"rejected", []step{move(domain.StatusRejected)}, false},
		{"canceled", []step{cancel}, false},
		{"canceled, made", and(waiting, cancel), false},
		{"revoked", and(issued, move(domain.StatusRevoked)), false},
		{"expired", and(issued, outlive), false},
	}
}

// unapproved are the situations of orders and reissues that need an approval.
func unapproved() []situation {
	return []situation{
		{"needs_approval", nil, false},
		{"rejected, never approved", []step{move(domain.StatusRejected)}, false},
	}
}

func and(steps []step, more ...step) []step { return append(slices.Clip(steps), more...) }

func revokeFirst(a *account, id int64) { a.must(revokingCertificate(a.order(id).CertificateID)) }

// in places an order and takes the steps to a situation.
func (a *account) in(s situation) domain.Order {
	a.Helper()
	order := a.mustPlace(today(), anOrder())
	for _, step := range s.steps {
		step(a, order.ID)
	}
	return a.order(order.ID)
}

// everywhere calls a test in every situation, with an account of its own each time.
func everywhere(t *testing.T, test func(a *account, s situation, order domain.Order)) {
	t.Helper()
	for _, approved := range []bool{false, true} {
		all := situations()
		if !approved {
			all = unapproved()
		}
		for _, s := range all {
			a := openAccount(t, unlimited())
			if !approved {
				approvals(domain.ApprovalOn)(a, 0)
			}
			test(a, s, a.in(s))
		}
	}
}

// TestUseCasesGolden calls every use case in every situation, and compares the results with a file.
func TestUseCasesGolden(t *testing.T) {
	t.Parallel()
	uses := []struct {
		name string
		use  func(order domain.Order) useCase
	}{
		{"cancel", func(o domain.Order) useCase { return canceling(o.ID) }},
		{"reissue", func(o domain.Order) useCase { return reissuing(o.ID) }},
		{"revoke the certificate", func(o domain.Order) useCase {
			return revokingCertificate(o.CertificateID)
		}},
		{"revoke the order", func(o domain.Order) useCase { return revokingOrder(o.ID) }},
		{"own key", func(o domain.Order) useCase { return usingOwnKey(o.ID) }},
		{"personalize", func(o domain.Order) useCase {
			return movingToken(o.ID, domain.TokenPersonalized)
		}},
		{"lose the token", func(o domain.Order) useCase {
			return movingToken(o.ID, domain.TokenLost)
		}},
		{"refuse, as the CA", func(domain.Order) useCase { return refusing }},
		{"expire", func(domain.Order) useCase { return expiring }},
		{"download", func(o domain.Order) useCase {
			return func(r domain.Reader) (domain.Changes, error) {
				_, err := domain.FindIssuedOf(r, o)
				return domain.Changes{}, err
			}
		}},
		{"download by id", func(o domain.Order) useCase {
			return func(r domain.Reader) (domain.Changes, error) {
				_, err := domain.FindIssued(r, o.CertificateID)
				return domain.Changes{}, err
			}
		}},
	}
	var table bytes.Buffer
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "order\tuse case\tbecomes")
	for _, use := range uses {
		everywhere(t, func(a *account, s situation, order domain.Order) {
			before := a.snapshot()
			told := len(a.revoked)
			err := a.decide(use.use(order))
			outcome := difference(before, a.snapshot(), a.revoked[told:])
			if err != nil {
				outcome = codeOf(t, err)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\n", s.name, use.name, outcome)
		})
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/usecases.golden", table.String())
}

// refusing refuses the pending issuance, and expiring expires orders at a time two years later.
func refusing(r domain.Reader) (changes domain.Changes, _ error) {
	for _, job := range domain.IssuanceJobs(r, 1) {
		changes, _ = domain.RefuseIssuance(r, today(), job, "why")
	}
	return changes, nil
}

func expiring(r domain.Reader) (domain.Changes, error) {
	changes, _ := domain.ExpireOrders(r, today().AddDate(2, 0, 0), 10)
	return changes, nil
}

func codeOf(tb testing.TB, err error) string {
	tb.Helper()
	var one *domain.Error
	if !errors.As(err, &one) {
		tb.Fatalf("not an error of the domain: %v", err)
	}
	return one.Code
}

// difference describes the changes of the only order of an account.
func difference(before, after snapshot, told []domain.Revocation) string {
	var words []string
	if was, is := before.Orders[0].Status, after.Orders[0].Status; was != is {
		words = append(words, "order "+string(is))
	}
	for i := range after.Certificates {
		is, was := after.Certificates[i], domain.Certificate{}
		if i < len(before.Certificates) {
			was = before.Certificates[i]
		}
		kind := "certificate "
		if is.Reissue {
			kind = "reissue "
		}
		switch {
		case was.ID == 0 || was.Status() != is.Status():
			words = append(words, kind+string(is.Status()))
		case was.Token.Status != is.Token.Status:
			words = append(words, "token "+string(is.Token.Status))
		case was.Pending != is.Pending:
			words = append(words, kind+"to be made")
		case !bytes.Equal(was.Token.PublicKey, is.Token.PublicKey):
			words = append(words, kind+"for another key")
		}
	}
	for i := range after.Requests {
		if i >= len(before.Requests) || before.Requests[i].Status != after.Requests[i].Status {
			words = append(words, "request "+string(after.Requests[i].Status))
		}
	}
	if was, is := before.Funds.Balance, after.Funds.Balance; was != is {
		words = append(words, "money back")
	}
	for _, revocation := range told {
		words = append(words, "revoked for "+string(revocation.Reason))
	}
	if len(words) == 0 {
		return "no change"
	}
	return strings.Join(words, ", ")
}

// TestMoveOrder moves an order from every situation to every state. Only the steps of the table are
// possible, and the steps that install a certificate need its issued material.
func TestMoveOrder(t *testing.T) {
	t.Parallel()
	later := today().Add(time.Hour)
	for _, to := range statuses() {
		everywhere(t, func(a *account, s situation, order domain.Order) {
			from := order.Status
			var moved domain.Order
			err := a.decide(func(r domain.Reader) (changes domain.Changes, err error) {
				moved, changes, err = domain.MoveOrder(r, domain.Moments{Now: later, Base: later}, domain.OrderMove{ID: order.ID, To: to})
				return changes, err
			})
			known := slices.Contains(from.Next(), to)
			at := later
			if to == domain.StatusExpired {
				at = order.ValidTill // all of them are valid for a year
			}
			legal := known && (s.made || to != domain.StatusWaitingPickup && to != domain.StatusIssued)
			switch {
			case legal && err != nil:
				t.Errorf("%s to %s: %v", s.name, to, err)
			case legal && (moved.Status != to || !moved.StatusChanged.Equal(at) || a.order(order.ID).Status != to):
				t.Errorf("%s to %s: got %s, changed %v", s.name, to, moved.Status, moved.StatusChanged)
			case legal:
			case known:
				checkFaults(t, err, fault{domain.CodeOrderStatusConflict, ""})
			default:
				checkFaults(t, err, fault{domain.CodeOrderStatusConflict, ""})
				for _, next := range from.Next() {
					if !strings.Contains(err.Error(), string(next)) {
						t.Errorf("%s to %s: the refusal does not name %s: %v", s.name, to, next, err)
					}
				}
			}
		})
	}
}
