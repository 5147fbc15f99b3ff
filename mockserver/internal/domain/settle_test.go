package domain_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// TestSettled checks the refusal: it has the number of pending issuances, and the ids of at most
// twenty orders (D-41).
func TestSettled(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	a.set(domain.Settings{Approval: domain.ApprovalOff, Life: domain.Auto})
	settled := func(want string) {
		t.Helper()
		a.read(func(r domain.Reader) {
			switch refusal := domain.Settled(r); {
			case want == "" && refusal != nil:
				t.Errorf("got %v", refusal)
			case want != "" && (refusal == nil || refusal.Code != domain.CodeNotSettled || refusal.Message != want):
				t.Errorf("got %v, want %q", refusal, want)
			}
		})
	}
	settled("")
	a.mustPlace(today(), anOrder())
	settled("1 certificate is still being made, of the order 843668399")
	a.mustPlace(today(), anOrder())
	settled("2 certificates are still being made, of the orders 843668399, 843668400")
	for range 20 {
		a.mustPlace(today(), anOrder())
	}
	var named []string
	for id := range 20 {
		named = append(named, strconv.Itoa(843668399+id))
	}
	settled("22 certificates are still being made, of the orders " + strings.Join(named, ", ") + " and 2 more")
	a.makeAll()
	settled("")
}

// TestPersonalized checks what a step waits for that needs the certificate of an order.
func TestPersonalized(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	order := a.mustPlace(today(), anOrder()).ID
	check := func(pending bool) {
		t.Helper()
		a.read(func(r domain.Reader) {
			if open, err := domain.Personalized(r, name(order)); err != nil || pending != (open != nil) || pending && open.Code != domain.CodeNotSettled {
				t.Errorf("%v, %v", open, err)
			}
		})
	}
	check(false)
	a.must(moving(order, domain.StatusProcessing))
	check(true)
	a.makeAll()
	check(false)
	a.read(func(r domain.Reader) {
		if _, err := domain.Personalized(r, "1"); err == nil {
			t.Error("no such order")
		}
	})
}
