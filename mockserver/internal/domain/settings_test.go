package domain_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func (a *account) change(change domain.SettingsChange) {
	a.Helper()
	a.must(func(r domain.Reader) (domain.Changes, error) { return domain.ChangeSettings(r, today(), change), nil })
}

// TestBalanceIsTheSumOfItsHistory sets balances, orders and cancels at random: the balance stays the
// opening balance plus its history (D-68).
func TestBalanceIsTheSumOfItsHistory(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		a := openAccount(t, domain.Funds{Balance: 1000_00, Unlimited: true})
		var placed []int64
		for range rapid.IntRange(1, 15).Draw(rt, "steps") {
			switch rapid.IntRange(0, 3).Draw(rt, "step") {
			case 0:
				balance := domain.Money(rapid.IntRange(-500_00, 500_00).Draw(rt, "balance"))
				a.change(domain.SettingsChange{Balance: &balance})
				a.read(func(r domain.Reader) {
					if got := r.Funds().Balance; got != balance {
						rt.Errorf("the balance is %s, want %s", got, balance)
					}
				})
			case 1:
				placed = append(placed, a.mustPlace(today(), anOrder()).ID)
			case 2:
				if len(placed) > 0 {
					a.must(canceling(placed[0]))
					placed = placed[1:]
				}
			case 3:
				a.change(domain.SettingsChange{NoRefunds: new(rapid.Bool().Draw(rt, "no refunds"))})
			}
		}
		a.read(func(r domain.Reader) {
			all, _ := r.Adjustments(domain.Page{Limit: 1000})
			sum := domain.Money(1000_00)
			for _, one := range all {
				if sum += one.Amount; one.Amount == 0 || one.BalanceAfter != sum {
					rt.Errorf("%+v after %s", one, sum)
				}
				if deposit := one.OrderID == 0 && one.Amount > 0; deposit != (one.Type == domain.Deposit) {
					rt.Errorf("%+v", one)
				}
			}
			if got := r.Funds().Balance; got != sum {
				rt.Errorf("the balance is %s, and its history adds up to %s", got, sum)
			}
		})
	})
}

// TestSwitches pins what each switch changes (D-85).
func TestSwitches(t *testing.T) {
	t.Parallel()
	on := new(true)
	days := func(n int) domain.OrderRequest {
		in := anOrder()
		in.Validity = domain.Validity{Days: n}
		return in
	}
	a := openAccount(t, unlimited())
	if got := a.mustPlace(today(), days(30)); got.Validity != (domain.Validity{Days: 30}) || got.ValidityYears != 1 {
		t.Errorf("without a switch: %+v", got.Validity)
	}
	a.change(domain.SettingsChange{RaiseShortValidity: on})
	for n, want := range map[int]domain.Validity{30: {Years: 1}, 364: {Years: 1}, 365: {Days: 365}, 397: {Days: 397}} {
		if got := a.mustPlace(today(), days(n)); got.Validity != want {
			t.Errorf("%d days: %+v", n, got.Validity)
		}
	}
	in := anOrder()
	in.Validity = domain.Validity{CustomExpirationDate: today().AddDate(0, 0, 10).Format("02 Jan 2006")}
	if got := a.mustPlace(today(), in); got.Validity != (domain.Validity{Years: 1}) {
		t.Errorf("a date: %+v", got.Validity)
	}
	in.Validity = domain.Validity{Years: 3}
	a.change(domain.SettingsChange{IgnoreValidity: on})
	if got := a.mustPlace(today(), in); got.Validity != (domain.Validity{Years: 1}) || got.ValidityYears != 1 {
		t.Errorf("ignored: %+v", got.Validity)
	}
	in.Validity = domain.Validity{CustomExpirationDate: "01 JAN 2020"}
	_, err := a.place(admin(), today(), in)
	checkFaults(t, err, fault{domain.CodeInvalidField, "order_validity.custom_expiration_date"})

	a.change(domain.SettingsChange{RequireValidation: on})
	a.mustPlace(today(), anOrder())
	for _, to := range []domain.ValidationStatus{domain.ValidationPending, domain.ValidationExpired} {
		a.must(func(r domain.Reader) (changes domain.Changes, err error) {
			_, changes, err = domain.MoveValidation(r, today(), domain.SeedOrganization, domain.ValidationOV, to)
			return changes, err
		})
		_, err := a.place(admin(), today(), anOrder())
		checkFaults(t, err, fault{domain.CodeNotValidated, "organization"})
	}
}

func TestRateLimitCheck(t *testing.T) {
	t.Parallel()
	for _, good := range []domain.RateLimit{nil, domain.VendorRateLimit(), {{Requests: 10_000, Window: 24 * time.Hour}}, make10()} {
		if err := good.Check(); err != nil {
			t.Errorf("%v: %v", good, err)
		}
	}
	for _, bad := range []domain.RateLimit{
		{{Requests: 0, Window: time.Second}},
		{{Requests: 10_001, Window: time.Second}},
		{{Requests: 1}},
		{{Requests: 1, Window: 24*time.Hour + 1}},
		append(make10(), domain.RateRule{Requests: 1, Window: time.Second}),
	} {
		if err := bad.Check(); err == nil {
			t.Errorf("%v is taken", bad)
		}
	}
	if !domain.VendorRateLimit().Vendor() || make10().Vendor() {
		t.Error("which limit is the vendor's")
	}
}

func make10() (limit domain.RateLimit) {
	for range domain.MaxRateRules {
		limit = append(limit, domain.RateRule{Requests: 1, Window: time.Second})
	}
	return limit
}
