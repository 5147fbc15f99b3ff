package domain_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A life is an order of the model: its state, the payment from the balance, and its certificates.
type life struct {
	id     int64
	status domain.Status
	paid   domain.Money // zero for a card, and after a refund
	shown  *cert        // nil while the order needs an approval
	next   *cert        // of the pending reissue
	all    []*cert
	till   time.Time // zero before the first certificate is issued
}

// A petition is a request of the model.
type petition struct {
	order  *life
	kind   domain.RequestType
	status domain.RequestStatus
	cert   *cert // the certificate to revoke; nil to revoke the order
}

func (p *petition) open() bool {
	return p.status == domain.RequestSubmitted || p.status == domain.RequestPending
}

// A lifeModel follows orders through their lives.
type lifeModel struct {
	a         *account
	opening   domain.Money
	settings  domain.Settings
	now       time.Time
	orders    []*life
	certs     []*cert
	petitions []*petition
	begun     []domain.IssuanceJob // the jobs of the worker, outdated ones included
}

// TestLifeModel calls use cases of orders and certificates at random, and compares states and money
// with the model after each call.
func TestLifeModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		opening := domain.Money(rapid.Int64Range(-1000_00, 1000_00).Draw(rt, "opening"))
		m := &lifeModel{
			a: openAccount(t, domain.Funds{Balance: opening, Unlimited: true}), opening: opening, settings: manual(), now: today(),
		}
		rt.Repeat(map[string]func(*rapid.T){
			"set": m.set, "place": m.place, "move": m.move, "cancel": m.cancel, "decide": m.decide,
			"begin": m.begin, "finish": m.finish, "token": m.token, "redeem": m.redeem, "reissue": m.reissue, "revoke": m.revoke, "wait": m.wait,
			"": m.check,
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

// actor draws a user and whether it skips the approval. It also tells whether that is forbidden.
func (m *lifeModel) actor(t *rapid.T) (actor domain.Actor, skip, forbidden bool) {
	actor = admin()
	actor.Role = rapid.SampledFrom(domain.Roles()).Draw(t, "role")
	skip = rapid.Bool().Draw(t, "skip")
	return actor, skip, skip && actor.Role != domain.Administrator()
}

// ask is the request for an approval, or nil when none is needed.
func (m *lifeModel) ask(actor domain.Actor, skip bool, order *life, kind domain.RequestType) *petition {
	if skip {
		return nil
	}
	asked := &petition{order: order, kind: kind, status: domain.RequestSubmitted}
	switch {
	case m.settings.Approval == domain.ApprovalAutomatic:
		asked.status = domain.RequestApproved
	case actor.Role.Name == "Administrator" || actor.Role.Name == "Manager":
		asked.status = domain.RequestPending
	}
	m.petitions = append(m.petitions, asked)
	return asked
}

func (m *lifeModel) place(t *rapid.T) {
	in := anOrder()
	order := &life{id: 843668399 + int64(len(m.orders)), paid: 300_00}
	if rapid.Bool().Draw(t, "card") {
		card := aCard()
		card.ExpirationYear = 2200 // later than every step of the walk
		byCard(card)(&in)
		order.paid = 0
	}
	actor, skip, forbidden := m.actor(t)
	in.SkipApproval = skip
	placed, err := m.a.place(actor, m.now, in)
	if forbidden != (err != nil) {
		t.Fatalf("forbidden is %v, and the answer %v", forbidden, err)
	} else if forbidden {
		return
	}
	m.orders = append(m.orders, order)
	asked := m.ask(actor, skip || m.settings.Approval == domain.ApprovalOff, order, domain.NewRequest)
	if asked == nil || asked.status == domain.RequestApproved {
		m.submit(order)
	} else {
		order.status = domain.StatusNeedsApproval
	}
	if (order.shown == nil) != (placed.CertificateID == 0) || (asked == nil) != (placed.Request == nil) {
		t.Fatalf("placed %+v, and the model says %+v", placed, order)
	}
}

// submit submits an order that needs no approval any more.
func (m *lifeModel) submit(order *life) {
	order.shown = m.certify(order)
	order.status = domain.StatusPending
	if m.settings.Life == domain.Auto {
		order.status, order.shown.pending = domain.StatusProcessing, true
	}
}

// one draws an order, or skips the step when there is none.
func (m *lifeModel) one(t *rapid.T) *life {
	if len(m.orders) == 0 {
		t.Skip("no orders yet")
	}
	return rapid.SampledFrom(m.orders).Draw(t, "order")
}

// end ends an order that was never issued.
func (o *life) end(status domain.Status) {
	o.status, o.paid = status, 0
	o.shown.discard()
}

// answer decides the open requests of one type of an order.
func (m *lifeModel) answer(order *life, kind domain.RequestType, status domain.RequestStatus) {
	for _, asked := range m.petitions {
		if asked.order == order && asked.kind == kind && asked.open() {
			asked.status = status
		}
	}
}

func (m *lifeModel) move(t *rapid.T) {
	order := m.one(t)
	to := rapid.SampledFrom(statuses()).Draw(t, "to")
	coming := order.shown
	if order.status == domain.StatusReissuePending {
		coming = order.next
	}
	legal := slices.Contains(order.status.Next(), to)
	if to == domain.StatusWaitingPickup || to == domain.StatusIssued {
		legal = legal && coming != nil && coming.usable()
	}
	err := m.a.decide(func(r domain.Reader) (domain.Changes, error) {
		_, changes, err := domain.MoveOrder(r, domain.Moments{Now: m.now, Base: m.now}, domain.OrderMove{ID: order.id, To: to})
		return changes, err
	})
	if legal != (err == nil) {
		t.Fatalf("from %s to %s: %v", order.status, to, err)
	} else if !legal {
		return
	}
	switch to {
	case domain.StatusPending:
		m.answer(order, domain.NewRequest, domain.RequestApproved)
		m.submit(order)
		return
	case domain.StatusProcessing:
		coming.pending = true
	case domain.StatusWaitingPickup:
		coming.token = domain.TokenDelivered
	case domain.StatusIssued:
		order.install(coming)
	case domain.StatusReissuePending:
		order.next = m.certify(order)
		order.next.pending = true
	case domain.StatusRevoked:
		m.revoked(order, nil)
	case domain.StatusRejected, domain.StatusCanceled:
		m.answer(order, domain.NewRequest, domain.RequestRejected)
		order.end(to)
	case domain.StatusExpired: // the clock is past the end then, with everything else that ends before
		base := m.now
		m.now = order.till.Add(time.Second)
		m.a.read(func(r domain.Reader) {
			if got := r.Settings().Clock.Time(base); !got.Equal(m.now) {
				t.Fatalf("the clock shows %s, want %s", got, m.now)
			}
		})
	case domain.StatusNeedsApproval:
	}
	order.status = to
}

func (m *lifeModel) cancel(t *rapid.T) {
	order := m.one(t)
	err := m.a.decide(func(r domain.Reader) (domain.Changes, error) { return domain.CancelOrder(r, m.now, order.id, "why") })
	switch {
	case order.status == domain.StatusPending || order.status == domain.StatusWaitingPickup:
		order.end(domain.StatusCanceled)
	case order.status == domain.StatusReissuePending:
		order.endReissue()
		m.answer(order, domain.Reissue, domain.RequestRejected)
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
	if len(m.petitions) == 0 {
		t.Skip("no requests yet")
	}
	i := rapid.IntRange(0, len(m.petitions)-1).Draw(t, "request")
	to := rapid.SampledFrom([]domain.RequestStatus{
		domain.RequestSubmitted, domain.RequestPending, domain.RequestApproved, domain.RequestRejected,
	}).Draw(t, "to")
	asked := m.petitions[i]
	legal := asked.open()
	if to == domain.RequestApproved && asked.kind == domain.Revoke {
		legal = legal && asked.order.revocable(asked.cert)
	}
	if err := m.a.resolve(int64(i)+1, to); legal != (err == nil) {
		t.Fatalf("request %+v becomes %s: %v", asked, to, err)
	} else if !legal {
		return
	}
	asked.status = to
	switch {
	case to == domain.RequestApproved && asked.kind == domain.NewRequest:
		m.submit(asked.order)
	case to == domain.RequestApproved && asked.kind == domain.Reissue:
		m.startReissue(asked.order)
	case to == domain.RequestApproved:
		m.revoked(asked.order, asked.cert)
	case to == domain.RequestRejected && asked.kind == domain.NewRequest:
		asked.order.end(domain.StatusRejected)
	case to == domain.RequestRejected && asked.kind == domain.Reissue:
		asked.order.endReissue()
	}
}

// wait moves the clock forward.
func (m *lifeModel) wait(t *rapid.T) {
	m.now = m.now.AddDate(0, 0, rapid.IntRange(0, 300).Draw(t, "days"))
}

// expire expires the orders whose validity is over.
func (m *lifeModel) expire() {
	for more := true; more; {
		m.a.must(func(r domain.Reader) (changes domain.Changes, _ error) {
			changes, more = domain.ExpireOrders(r, m.now, 2)
			return changes, nil
		})
	}
	for _, order := range m.orders {
		if order.status == domain.StatusIssued && order.till.Before(m.now) {
			order.status = domain.StatusExpired
		}
	}
}
