package domain_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func TestParseMoney(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]domain.Money{
		"0": 0, "0.00": 0, "-0": 0, "-0.00": 0, "1": 100, "0.5": 50, "0.05": 5, "-5": -500, "-0.01": -1,
		"1000.00": 100_000, "007": 700, "10000000000000.00": 1e15, "-10000000000000": -1e15,
	} {
		got, err := domain.ParseMoney(text)
		if err != nil || got != want {
			t.Errorf("%q: got %v and %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "-", ".", "-.", ".5", "5.", "-5.", "1.234", "1..2", "1.2.3", "1,00", "1 000", " 1", "1 ", "+1", "--1", "1-",
		"1e3", "0x10", "NaN", "Inf", "unlimited", "€1", "1.-5", "1.+5", "٣", "10000000000000.01", "99999999999999999999",
		"-10000000000000.01", strings.Repeat("9", 400),
	} {
		got, err := domain.ParseMoney(text)
		if err == nil {
			t.Errorf("%q is taken for %v", text, got)
		} else if text != "" && len(text) > 10 && strings.Contains(err.Error(), text) {
			t.Errorf("%q is repeated in the message: %v", text, err)
		}
	}
}

func TestMoneyString(t *testing.T) {
	t.Parallel()
	for money, want := range map[domain.Money]string{
		0: "0.00", 1: "0.01", -1: "-0.01", 99: "0.99", 100: "1.00", -100: "-1.00", 300_00: "300.00", -12345: "-123.45",
	} {
		if got := money.String(); got != want {
			t.Errorf("%d cents: got %s, want %s", int64(money), got, want)
		}
	}
}

func TestMoneyRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		money := domain.Money(rapid.Int64Range(-1e15, 1e15).Draw(t, "cents"))
		got, err := domain.ParseMoney(money.String())
		if err != nil || got != money {
			t.Fatalf("%v became %v (%v)", money, got, err)
		}
		if rounded := domain.Money(math.Round(money.Float() * 100)); rounded != money {
			t.Fatalf("%v as a number is %v", money, money.Float())
		}
	})
}

// TestMoneyForms reads each spelling of an amount.
func TestMoneyForms(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.Int64Range(0, 1e12).Draw(t, "whole")
		tenth := rapid.Int64Range(0, 9).Draw(t, "tenth")
		zeros := strings.Repeat("0", rapid.IntRange(0, 5).Draw(t, "zeros"))
		short, err1 := domain.ParseMoney(fmt.Sprintf("%s%d.%d", zeros, whole, tenth))
		long, err2 := domain.ParseMoney(fmt.Sprintf("%d.%d0", whole, tenth))
		negative, err3 := domain.ParseMoney(fmt.Sprintf("-%d.%d", whole, tenth))
		if err1 != nil || err2 != nil || err3 != nil || short != long || negative != -short || int64(short) != whole*100+tenth*10 {
			t.Fatalf("%v, %v, %v (%v, %v, %v)", short, long, negative, err1, err2, err3)
		}
	})
}

// TestParseMoneyText checks that each accepted text gives an amount that reads the same after String.
func TestParseMoneyText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[-+. 0-9]{0,20}`).Draw(t, "text")
		money, err := domain.ParseMoney(text)
		if err != nil {
			return
		}
		if again, err := domain.ParseMoney(money.String()); err != nil || again != money {
			t.Fatalf("%q is %v, then %v (%v)", text, money, again, err)
		}
	})
}

func TestFunds(t *testing.T) {
	t.Parallel()
	expedited := func(in *domain.OrderRequest) { in.Shipping.Method = domain.Expedited }
	threeYears := func(in *domain.OrderRequest) { in.Validity.Years = 3 }
	for name, tc := range map[string]struct {
		funds  domain.Funds
		change func(*domain.OrderRequest)
		left   domain.Money // of the balance
		want   []fault
	}{
		"exactly enough":         {domain.Funds{Balance: 300_00}, nil, 0, nil},
		"a cent too little":      {domain.Funds{Balance: 299_99}, nil, 299_99, []fault{{"insufficient_funds", ""}}},
		"nothing at all":         {domain.Funds{}, nil, 0, []fault{{"insufficient_funds", ""}}},
		"the limit covers it":    {domain.Funds{Balance: 100_00, Limit: 200_00}, nil, -200_00, nil},
		"beyond the limit":       {domain.Funds{Balance: 100_00, Limit: 199_99}, nil, 100_00, []fault{{"insufficient_funds", ""}}},
		"below zero already":     {domain.Funds{Balance: -100_00, Limit: 400_00}, nil, -400_00, nil},
		"unlimited":              {domain.Funds{Unlimited: true}, nil, -300_00, nil},
		"unlimited beats limit":  {domain.Funds{Limit: 1, Unlimited: true}, nil, -300_00, nil},
		"expedited costs more":   {domain.Funds{Balance: 349_99}, expedited, 349_99, []fault{{"insufficient_funds", ""}}},
		"expedited":              {domain.Funds{Balance: 350_00}, expedited, 0, nil},
		"three years":            {domain.Funds{Balance: 1000_00}, threeYears, 100_00, nil},
		"three years, too few":   {domain.Funds{Balance: 899_99}, threeYears, 899_99, []fault{{"insufficient_funds", ""}}},
		"a card needs no funds":  {domain.Funds{}, byCard(aCard()), 0, nil},
		"a profile needs none":   {domain.Funds{}, byProfile(nil), 0, nil},
		"a card debits nothing":  {domain.Funds{Balance: 500_00}, byCard(aCard()), 500_00, nil},
		"a profile debits none":  {domain.Funds{Balance: 500_00}, byProfile(new(int64(1001))), 500_00, nil},
		"shipping of other kind": {domain.Funds{Balance: 300_00}, func(in *domain.OrderRequest) { in.Shipping.Method = "expedited" }, 0, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := openAccount(t, tc.funds)
			in := anOrder()
			if tc.change != nil {
				tc.change(&in)
			}
			_, err := a.place(admin(), today(), in)
			checkFaults(t, err, tc.want...)
			if got := a.snapshot().Funds.Balance; got != tc.left {
				t.Errorf("balance: got %v, want %v", got, tc.left)
			}
		})
	}
}

// TestFundsRunOut places orders until the funds are gone.
func TestFundsRunOut(t *testing.T) {
	t.Parallel()
	a := openAccount(t, domain.Funds{Balance: 700_00, Limit: 250_00})
	for _, left := range []domain.Money{400_00, 100_00, -200_00} {
		a.mustPlace(today(), anOrder())
		if got := a.snapshot().Funds; got.Balance != left || got.Available() != left+250_00 {
			t.Errorf("funds: got %+v, want a balance of %v", got, left)
		}
	}
	_, err := a.place(admin(), today(), anOrder())
	checkFaults(t, err, fault{domain.CodeInsufficientFunds, ""})
}
