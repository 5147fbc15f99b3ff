package storetest

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// entities are the contents of an account, by kind and id.
type entities struct {
	organizations map[int64]domain.Organization
	people        map[int64]domain.Person
	individuals   map[int64]domain.Individual
	profiles      map[int64]domain.PaymentProfile
	orders        map[int64]domain.Order
	certificates  map[int64]domain.Certificate
	requests      map[int64]domain.Request
	adjustments   map[int64]domain.Adjustment

	details []domain.DetailsKey // of organizations, former details included
}

func newEntities() *entities {
	return &entities{
		organizations: map[int64]domain.Organization{}, people: map[int64]domain.Person{},
		individuals: map[int64]domain.Individual{}, profiles: map[int64]domain.PaymentProfile{},
		orders: map[int64]domain.Order{}, certificates: map[int64]domain.Certificate{},
		requests: map[int64]domain.Request{}, adjustments: map[int64]domain.Adjustment{},
	}
}

// all returns changes that add all entities.
func (e *entities) all() domain.Changes {
	return domain.Changes{
		Organizations: sorted(e.organizations), People: sorted(e.people), Individuals: sorted(e.individuals),
		PaymentProfiles: sorted(e.profiles), Orders: sorted(e.orders), Certificates: sorted(e.certificates),
		Requests: sorted(e.requests), Adjustments: sorted(e.adjustments),
	}
}

func sorted[T any](byID map[int64]T) []T {
	list := make([]T, 0, len(byID))
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		list = append(list, byID[id])
	}
	return list
}

// testReplacing replaces every field of every entity in random order, and compares the answers of the
// store with those of a new account that has only the final entities. An index that keeps a former value
// gives a different answer.
func testReplacing(s *suite) {
	rapid.Check(s.T, func(t *rapid.T) {
		o := s.open(roomy())
		nothing := func() domain.Changes { return domain.Changes{} }
		want := newEntities()
		if err := o.Open(s.Context(), one, nothing); err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 40).Draw(t, "updates") {
			var changes domain.Changes
			for range rapid.IntRange(1, 3).Draw(t, "changes") {
				change(t, want, &changes)
			}
			o.change(one, changes)
		}
		if err := o.Open(s.Context(), two, want.all); err != nil {
			t.Fatal(err)
		}
		got, fresh := o.answers(one, want.details), o.answers(two, want.details)
		for _, question := range slices.Sorted(maps.Keys(fresh)) {
			if !reflect.DeepEqual(got[question], fresh[question]) {
				t.Fatalf("%s\n got %+v\nwant %+v", question, got[question], fresh[question])
			}
		}
	})
}

// change adds an entity to changes, replaces one in one field, or deletes an organization.
func change(t *rapid.T, want *entities, changes *domain.Changes) {
	id := rapid.Int64Range(1, 3).Draw(t, "id")
	switch rapid.IntRange(0, 8).Draw(t, "kind") {
	case 0:
		changes.Organizations = vary(t, want.organizations, id, changes.Organizations)
		changes.Deleted = slices.DeleteFunc(changes.Deleted, func(deleted int64) bool { return deleted == id })
		want.details = append(want.details, want.organizations[id].Key())
	case 1:
		changes.Deleted = append(changes.Deleted, id)
		changes.Organizations = slices.DeleteFunc(changes.Organizations, func(o domain.Organization) bool { return o.ID == id })
		delete(want.organizations, id)
	case 2:
		changes.People = vary(t, want.people, id, changes.People)
	case 3:
		changes.Individuals = vary(t, want.individuals, id, changes.Individuals)
	case 4:
		changes.PaymentProfiles = vary(t, want.profiles, id, changes.PaymentProfiles)
	case 5:
		changes.Orders = vary(t, want.orders, id, changes.Orders)
	case 6:
		changes.Certificates = vary(t, want.certificates, id, changes.Certificates)
	case 7:
		changes.Requests = vary(t, want.requests, id, changes.Requests)
	case 8:
		changes.Adjustments = vary(t, want.adjustments, id, changes.Adjustments)
	}
}

// vary adds an entity to the changes: a new one, or an existing one with new values in one field or all.
func vary[T any](t *rapid.T, byID map[int64]T, id int64, changes []T) []T {
	entity, there := byID[id]
	v := reflect.ValueOf(&entity).Elem()
	if there && rapid.Bool().Draw(t, "one field") {
		draw(t, v.Field(rapid.IntRange(0, v.NumField()-1).Draw(t, "field")))
	} else {
		draw(t, v)
	}
	v.FieldByName("ID").SetInt(id)
	byID[id] = entity
	// No id stands twice in changes; the last value counts.
	changes = slices.DeleteFunc(changes, func(other T) bool { return reflect.ValueOf(other).FieldByName("ID").Int() == id })
	return append(changes, entity)
}

// draw sets one of a few values, so that equal values are frequent. It works for every type of entity, so
// that a new field is varied too.
func draw(t *rapid.T, v reflect.Value) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(rapid.SampledFrom([]time.Time{{}, day(1), day(2), day(3)}).Draw(t, "time")))
		return
	case domain.PrivateKey:
		return // no index can read a key
	case domain.Status:
		v.SetString(string(rapid.SampledFrom([]domain.Status{domain.StatusPending, domain.StatusIssued, domain.StatusCanceled, domain.StatusReissuePending}).Draw(t, "status")))
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "flag"))
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.Int64Range(0, 3).Draw(t, "number"))
	case reflect.String:
		v.SetString(rapid.SampledFrom(texts()).Draw(t, "text"))
	case reflect.Struct:
		for _, field := range v.Fields() {
			draw(t, field)
		}
	case reflect.Pointer:
		v.SetZero()
		if rapid.Bool().Draw(t, "there") {
			v.Set(reflect.New(v.Type().Elem()))
			draw(t, v.Elem())
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), rapid.IntRange(0, 2).Draw(t, "length"), 2))
		for i := range v.Len() {
			draw(t, v.Index(i))
		}
	case reflect.Uint8:
		v.SetUint(1)
	default:
		t.Fatalf("a field of type %s; say here how to vary it", v.Type())
	}
}

func texts() []string { return []string{"", "a", "A", "b"} }

// answers returns the results of all functions of a reader, for all drawn values.
func (o *opened) answers(account domain.AccountID, details []domain.DetailsKey) map[string]any {
	o.Helper()
	all := map[string]any{}
	page := domain.Page{Limit: 100}
	o.read(account, func(r domain.Reader) {
		all["people"], all["individuals"] = r.People(), r.Individuals(100)
		all["adjustments"], _ = r.Adjustments(page)
		all["profiles"], _ = r.PaymentProfiles(page)
		all["the default profile"] = answer(r.DefaultPaymentProfile())
		all["pending"], all["how many are pending"] = r.PendingIssuances(100), r.PendingIssuanceCount()
		all["expiring"] = r.Expiring(day(31), 100)
		for id := range int64(4) {
			all[fmt.Sprint("certificates of ", id)] = r.CertificatesOfOrder(id)
			all[fmt.Sprint("requests about ", id)] = r.RequestsOfOrder(id)
			all[fmt.Sprint("orders naming ", id)] = [2]int{r.OrderCountOf(id), r.UnfinishedOrders(id)}
			for _, product := range texts() {
				all[fmt.Sprintf("ordered %q for %d", product, id)] = r.HasOrdered(id, product)
			}
		}
		for _, text := range texts() {
			all["user "+text] = answer(r.UserByUsername(text))
			all["certificate "+text] = answer(r.CertificateBySerialOrThumbprint(text))
			all["orders called "+text] = answer(r.OrdersByAlternativeID(text, page))
		}
		for _, key := range details {
			all[fmt.Sprintf("organizations like %q", key)] = append([]int64{}, r.OrganizationsWithDetails(key)...)
		}
		for name, list := range lists() {
			for _, field := range list.sort {
				all[name+" sorted by "+field] = list.ask(r, page, []domain.SortKey{{Name: field}}, nil)
			}
			for _, field := range list.filter {
				all[name+" filtered by "+field] = list.ask(r, page, nil, filters(anything(field)))
			}
		}
	})
	return all
}

// answer is both results of a function.
func answer[A, B any](a A, b B) [2]any { return [2]any{a, b} }

// anything returns a filter that finds some of the drawn values of a field of any type.
func anything(field string) domain.Filter {
	return domain.Filter{
		Field:  field,
		Ranges: []domain.Range{domain.Exactly(1), domain.Exactly(2), domain.During(day(2), day(3))},
		Texts:  []domain.Text{domain.Whole("a"), domain.Whole("active"), domain.Whole("issued"), domain.Part("b")},
	}
}
