package domain_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A model is a simple account, to compare with after any sequence of requests.
type model struct {
	t             *rapid.T
	a             *account
	orders        []int64      // the organization of each order
	debited       domain.Money // the sum of the orders that the balance paid
	active        map[int64]bool
	keys          map[string][]int64 // organizations by name, the oldest first
	organizations int64
	individuals   int64
}

// TestModel sends requests at random, and compares the account with the model after each.
func TestModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		m := &model{
			t: rt, a: openAccount(t, unlimited()), active: map[int64]bool{domain.SeedOrganization: true}, keys: map[string][]int64{},
			organizations: 1, individuals: 1,
		}
		rt.Repeat(map[string]func(*rapid.T){
			"order": m.order, "order in full": m.orderInFull, "create": m.create, "activate": m.activate, "deactivate": m.deactivate, "": m.check,
		})
	})
}

func (m *model) anyOrganization(t *rapid.T) int64 {
	return domain.SeedOrganization + rapid.Int64Range(-1, m.organizations).Draw(t, "organization")
}

func (m *model) anyName(t *rapid.T) string {
	return rapid.SampledFrom([]string{"Alpha", "Beta", "Gamma"}).Draw(t, "name")
}

// request draws an order without its organization, and returns its faults.
func (m *model) request(t *rapid.T) (in domain.OrderRequest, faulty bool) {
	in = anOrder(withContacts())
	if rapid.Bool().Draw(t, "verified") {
		in.Contacts = []domain.ContactInput{newContact(onVerified, "v")}
	}
	switch rapid.SampledFrom([]string{"known", "new", "new", "unknown"}).Draw(t, "individual") {
	case "new":
		in.IndividualID = nil
	case "unknown":
		in.IndividualID, faulty = new(int64(1)), true
	}
	in.Validity.Years = rapid.IntRange(0, 3).Draw(t, "years")
	in.Shipping.Method = rapid.SampledFrom([]string{"STANDARD", "EXPEDITED"}).Draw(t, "method")
	if rapid.Bool().Draw(t, "card") {
		byCard(aCard())(&in)
	}
	return in, faulty
}

func (m *model) ordered(organization int64) bool { return slices.Contains(m.orders, organization) }

// placed compares the result of an order with the model.
func (m *model) placed(in domain.OrderRequest, organization int64, created, accept bool) {
	placed, err := m.a.place(admin(), today(), in)
	if accept != (err == nil) {
		m.t.Fatalf("accept is %v, and the answer %v", accept, err)
	}
	if err != nil {
		return
	}
	n := int64(len(m.orders))
	want := domain.Placed{OrderID: 843668399 + n, CertificateID: 845503702 + n}
	if created {
		want.OrganizationID = organization
	}
	if placed != want {
		m.t.Fatalf("placed: got %+v, want %+v", placed, want)
	}
	m.orders = append(m.orders, organization)
	if in.IndividualID == nil {
		m.individuals++
	}
	if in.Payment.Method == domain.PayByBalance {
		m.debited += domain.Money(max(in.Validity.Years, 1)) * 300_00
		if in.Shipping.Method == domain.Expedited {
			m.debited += 50_00
		}
	}
}

func (m *model) order(t *rapid.T) {
	m.t = t
	organization := m.anyOrganization(t)
	in, faulty := m.request(t)
	in.OrganizationID = &organization
	m.placed(in, organization, false, !faulty && m.active[organization] && (len(in.Contacts) > 0 || m.ordered(organization)))
}

func (m *model) orderInFull(t *rapid.T) {
	m.t = t
	name := m.anyName(t)
	in, faulty := m.request(t)
	inNew(details(name))(&in)
	in.SkipDuplicateCheck = rapid.Bool().Draw(t, "skip")
	if alike := m.keys[name]; len(alike) > 0 && !in.SkipDuplicateCheck {
		organization := alike[0]
		for _, id := range alike {
			if m.active[id] {
				organization = id
				break
			}
		}
		m.placed(in, organization, false, !faulty && m.active[organization] && (len(in.Contacts) > 0 || m.ordered(organization)))
		return
	}
	accept := !faulty && len(in.Contacts) > 0
	organization := domain.SeedOrganization + m.organizations
	m.placed(in, organization, true, accept)
	if accept {
		m.added(name, organization)
	}
}

func (m *model) added(name string, id int64) {
	m.organizations++
	m.active[id] = true
	m.keys[name] = append(m.keys[name], id)
}

func (m *model) create(t *rapid.T) {
	name, skip := m.anyName(t), rapid.Bool().Draw(t, "skip")
	id, err := m.a.create(admin(), domain.NewOrganization{OrganizationDetails: details(name), SkipDuplicateCheck: skip})
	if accept := skip || len(m.keys[name]) == 0; accept != (err == nil) {
		t.Fatalf("accept is %v, and the answer %v", accept, err)
	}
	if err != nil {
		return
	}
	if want := domain.SeedOrganization + m.organizations; id != want {
		t.Fatalf("organization: got %d, want %d", id, want)
	}
	m.added(name, id)
}

func (m *model) activate(t *rapid.T) {
	id := m.anyOrganization(t)
	_, there := m.active[id]
	if err := m.a.activate(id); there != (err == nil) {
		t.Fatalf("%d is there: %v, and the answer is %v", id, there, err)
	}
	if there {
		m.active[id] = true
	}
}

func (m *model) deactivate(t *rapid.T) {
	id := m.anyOrganization(t)
	_, there := m.active[id]
	err := m.a.deactivate(id)
	switch {
	case !there:
		if !errors.Is(err, &domain.Error{Code: domain.CodeOrganizationNotFound}) {
			t.Fatal(err)
		}
	case m.ordered(id): // no order of this walk is ever finished
		if !errors.Is(err, &domain.Error{Code: domain.CodeOrganizationInUse}) {
			t.Fatal(err)
		}
	case err != nil:
		t.Fatal(err)
	default:
		m.active[id] = false
	}
}

func (m *model) check(t *rapid.T) {
	got := m.a.snapshot()
	if len(got.Orders) != len(m.orders) || int64(len(got.Organizations)) != m.organizations || int64(len(got.Individuals)) != m.individuals {
		t.Fatalf("%d orders, %d organizations, %d individuals; want %d, %d, %d",
			len(got.Orders), len(got.Organizations), len(got.Individuals), len(m.orders), m.organizations, m.individuals)
	}
	if got.Funds.Balance != -m.debited {
		t.Fatalf("balance: got %v, want %v", got.Funds.Balance, -m.debited)
	}
	unfinished := map[int64]int{}
	var debited domain.Money
	for i, order := range got.Orders {
		if order.ID != 843668399+int64(i) || order.OrganizationID != m.orders[i] {
			t.Fatalf("order %d: %+v", i, order)
		}
		if order.PaymentMethod == domain.PayByBalance {
			debited += order.Price
		}
		unfinished[order.OrganizationID]++
	}
	if debited != m.debited {
		t.Fatalf("the orders cost %v, and %v was debited", debited, m.debited)
	}
	m.a.read(func(r domain.Reader) {
		for id, active := range m.active {
			organization, there := r.Organization(id)
			if !there || organization.Active != active {
				t.Fatalf("organization %d: %+v", id, organization)
			}
			if r.UnfinishedOrders(id) != unfinished[id] || r.HasOrdered(id, domain.OrganisationPerson) != (unfinished[id] > 0) {
				t.Fatalf("organization %d: %d unfinished orders, ordered is %v", id, r.UnfinishedOrders(id), r.HasOrdered(id, domain.OrganisationPerson))
			}
		}
		for name, ids := range m.keys {
			if like := r.OrganizationsWithDetails(details(name).Key()); len(like) != len(ids) || like[0] != ids[0] {
				t.Fatalf("%s: got %v, want %v", name, like, ids)
			}
		}
	})
}
