package domain_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A life is what a tiny model knows of an order: where it is, what the balance paid for it, and its open request.
type life struct {
	status  domain.Status
	paid    domain.Money // zero for a card, and once it was given back
	request domain.RequestStatus
}

// A lifeModel follows orders through their lives.
type lifeModel struct {
	a        *account
	opening  domain.Money
	settings domain.Settings
	orders   []life
	requests []int // the order of each request
}

// TestLifeModel walks at random through placing, moving, canceling and deciding, and compares states and money with
// the model after each step.
func TestLifeModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		opening := domain.Money(rapid.Int64Range(-1000_00, 1000_00).Draw(rt, "opening"))
		m := &lifeModel{a: openAccount(t, domain.Funds{Balance: opening, Unlimited: true}), opening: opening, settings: manual()}
		rt.Repeat(map[string]func(*rapid.T){
			"set": m.set, "place": m.place, "move": m.move, "cancel": m.cancel, "decide": m.decide, "": m.check,
		})
	})
}

func (m *lifeModel) set(t *rapid.T) {
	m.settings = domain.Settings{
		Approval: rapid.SampledFrom([]domain.Approval{domain.ApprovalOff, domain.ApprovalOn, domain.ApprovalAutomatic}).Draw(t, "approval"),
		Life:     rapid.SampledFrom([]domain.Life{domain.Auto, domain.Manual}).Draw(t, "life"),
	}
	m.a.set(m.settings)
}

// begun is where an order stands that nothing holds back any more.
func (m *lifeModel) begun() domain.Status {
	if m.settings.Life == domain.Auto {
		return domain.StatusWaitingPickup
	}
	return domain.StatusPending
}

func (m *lifeModel) place(t *rapid.T) {
	in := anOrder()
	order := life{status: m.begun(), paid: 300_00}
	if rapid.Bool().Draw(t, "card") {
		byCard(aCard())(&in)
		order.paid = 0
	}
	actor := admin()
	actor.Role = rapid.SampledFrom(domain.Roles()).Draw(t, "role")
	in.SkipApproval = rapid.Bool().Draw(t, "skip")
	placed, err := m.a.place(actor, today(), in)
	if refused := in.SkipApproval && actor.Role != domain.Administrator(); refused != (err != nil) {
		t.Fatalf("refused is %v, and the answer %v", refused, err)
	} else if refused {
		return
	}
	if !in.SkipApproval {
		switch m.settings.Approval {
		case domain.ApprovalOn:
			order.status, order.request = domain.StatusNeedsApproval, domain.RequestSubmitted
			if actor.Role.Name == "Administrator" || actor.Role.Name == "Manager" {
				order.request = domain.RequestPending
			}
		case domain.ApprovalAutomatic:
			order.request = domain.RequestApproved
		case domain.ApprovalOff:
		}
	}
	waits := order.status == domain.StatusNeedsApproval
	if waits != (placed.CertificateID == 0) || (order.request == "") != (placed.Request == nil) ||
		placed.Request != nil && placed.Request.Status != order.request {
		t.Fatalf("placed %+v, and the model says %+v", placed, order)
	}
	if order.request != "" {
		m.requests = append(m.requests, len(m.orders))
	}
	m.orders = append(m.orders, order)
}

// one draws an order, or skips the step when there is none.
func (m *lifeModel) one(t *rapid.T) (id int64, order *life) {
	if len(m.orders) == 0 {
		t.SkipNow()
	}
	i := rapid.IntRange(0, len(m.orders)-1).Draw(t, "order")
	return 843668399 + int64(i), &m.orders[i]
}

func (o *life) end(status domain.Status) {
	o.status, o.paid = status, 0
}

func (m *lifeModel) move(t *rapid.T) {
	id, order := m.one(t)
	to := rapid.SampledFrom(statuses()).Draw(t, "to")
	err := m.a.decide(func(r domain.Reader) (domain.Changes, error) {
		_, changes, err := domain.MoveOrder(r, today(), id, to)
		return changes, err
	})
	if legal := slices.Contains(order.status.Next(), to); legal != (err == nil) {
		t.Fatalf("from %s to %s: %v", order.status, to, err)
	} else if !legal {
		return
	}
	waited := order.status == domain.StatusNeedsApproval
	switch to {
	case domain.StatusRejected, domain.StatusCanceled:
		order.end(to)
		if waited {
			order.request = domain.RequestRejected
		}
	default:
		order.status = to
		if waited {
			order.request = domain.RequestApproved
		}
	}
}

func (m *lifeModel) cancel(t *rapid.T) {
	id, order := m.one(t)
	err := m.a.decide(func(r domain.Reader) (domain.Changes, error) { return domain.CancelOrder(r, today(), id, "why") })
	switch {
	case order.status == domain.StatusPending || order.status == domain.StatusWaitingPickup:
		order.end(domain.StatusCanceled)
	case order.status == domain.StatusReissuePending:
		order.status = domain.StatusIssued
	case err == nil:
		t.Fatalf("canceled from %s", order.status)
	default:
		return
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (m *lifeModel) decide(t *rapid.T) {
	if len(m.requests) == 0 {
		t.SkipNow()
	}
	i := rapid.IntRange(0, len(m.requests)-1).Draw(t, "request")
	to := rapid.SampledFrom([]domain.RequestStatus{
		domain.RequestSubmitted, domain.RequestPending, domain.RequestApproved, domain.RequestRejected,
	}).Draw(t, "to")
	order := &m.orders[m.requests[i]]
	err := m.a.resolve(int64(i)+1, to)
	if open := order.request == domain.RequestSubmitted || order.request == domain.RequestPending; open != (err == nil) {
		t.Fatalf("request %s becomes %s: %v", order.request, to, err)
	} else if !open {
		return
	}
	order.request = to
	switch to {
	case domain.RequestApproved:
		order.status = m.begun()
	case domain.RequestRejected:
		order.end(domain.StatusRejected)
	case domain.RequestSubmitted, domain.RequestPending:
	}
}

func (m *lifeModel) check(t *rapid.T) {
	m.a.read(func(r domain.Reader) {
		want := m.opening
		unfinished := 0
		certificates := map[int64]bool{}
		for i, order := range m.orders {
			got, _ := r.Order(843668399 + int64(i))
			if got.Status != order.status {
				t.Fatalf("order %d is %s, and should be %s", i+1, got.Status, order.status)
			}
			certified := order.request == "" || order.request == domain.RequestApproved
			if certified != (got.CertificateID != 0) || certificates[got.CertificateID] {
				t.Fatalf("order %d, whose request is %q, has the certificate %d", i+1, order.request, got.CertificateID)
			} else if certified {
				certificates[got.CertificateID] = true
			}
			want -= order.paid
			if order.status.Unfinished() {
				unfinished++
			}
		}
		if got := r.UnfinishedOrders(domain.SeedOrganization); got != unfinished {
			t.Fatalf("%d unfinished orders, want %d", got, unfinished)
		}
		for i, order := range m.requests {
			if got, _ := r.Request(int64(i) + 1); got.Status != m.orders[order].request {
				t.Fatalf("request %d is %s, and should be %s", i+1, got.Status, m.orders[order].request)
			}
		}
		adjustments, _ := r.Adjustments(domain.Page{Limit: 1 << 20})
		sum := m.opening
		for _, adjustment := range adjustments {
			if sum += adjustment.Amount; adjustment.BalanceAfter != sum {
				t.Fatalf("adjustment %+v: the balance after it should be %v", adjustment, sum)
			}
		}
		if balance := r.Funds().Balance; balance != want || balance != sum {
			t.Fatalf("balance %v; the model says %v, the adjustments %v", balance, want, sum)
		}
	})
}
