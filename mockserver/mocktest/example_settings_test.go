package mocktest_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// Settings hold from the next request on.
func ExampleServer_Set() {
	mock, t := start()
	defer t.end()
	mock.Set(t, mocktest.Balance("10.00"), mocktest.NegativeBalanceLimit("0.00"))
	_, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder())
	refusal, _ := errors.AsType[*certcentral.Error](err)
	fmt.Println(refusal.Has("insufficient_funds"))
	// Output: true
}

func ExampleBalance() {
	mock, t := start()
	defer t.end()
	mock.Set(t, mocktest.Balance("1000.00"))
	place(t, mock)
	funds, err := mock.Client.Finance.GetBalance(t.Context())
	fmt.Println(funds.Balance, err)
	// Output: 700.00 <nil>
}

func ExampleNegativeBalanceLimit() {
	mock, t := start()
	defer t.end()
	mock.Set(t, mocktest.Balance("100.00"), mocktest.NegativeBalanceLimit("250.00"))
	funds, err := mock.Client.Finance.GetBalance(t.Context())
	fmt.Println(funds.TotalAvailableFunds, err)
	// Output: 350.00 <nil>
}

func ExampleApproval() {
	mock, t := start()
	defer t.end()
	for _, approval := range mockserver.Approvals() {
		mock.Set(t, mocktest.Approval(approval), mocktest.Life(mockserver.LifeManual))
		fmt.Println(approval, status(t, mock, place(t, mock)))
	}
	// Output:
	// off pending
	// on needs_approval
	// automatic pending
}

func ExampleLife() {
	mock, t := start()
	defer t.end()
	for _, life := range mockserver.Lives() {
		mock.Set(t, mocktest.Life(life))
		id := place(t, mock)
		mock.Settle(t)
		fmt.Println(life, status(t, mock, id))
	}
	// Output:
	// auto issued
	// manual pending
}

func ExampleValidation() {
	mock, t := start()
	defer t.end()
	mock.Set(t, mocktest.Validation(mockserver.ValidationManual))
	submit(t, mock)
	fmt.Println(validation(t, mock, certcentral.ValidationEV).Status)
	// Output: pending
}

func ExampleTolerance() {
	mock, t := start()
	defer t.end()
	for _, on := range []bool{true, false} {
		mock.Set(t, mocktest.Tolerance(on))
		answer := get(t, mock.BaseURL+"/order/certificate?limit=", mock.APIKey)
		fmt.Println(answer.StatusCode, answer.Header.Get("X-Mock-Tolerated"))
	}
	// Output:
	// 200 limit
	// 400
}

func ExampleTokenChain() {
	mock, t := start()
	defer t.end()
	placed, _ := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder())
	mock.Settle(t)
	for _, chain := range mockserver.TokenChains() {
		mock.Set(t, mocktest.TokenChain(chain))
		certificates, err := mock.Client.Certificates.Chain(t.Context(), placed.CertificateID)
		fmt.Println(chain, len(certificates), err)
	}
	// Output:
	// full 4 <nil>
	// empty 0 <nil>
}

func ExampleRateLimit() {
	mock, t := start()
	defer t.end()
	mock.Set(t, mocktest.RateLimit(mockserver.RateLimit{Requests: 2, Window: time.Minute}))
	fmt.Println(asked(mock, 3))
	mock.Set(t, mocktest.RateLimit())
	fmt.Println(asked(mock, 3))
	// Output:
	// [200 200 429]
	// [200 200 200]
}

func ExampleMultiYearPlans() {
	mock, t := start()
	defer t.end()
	order := anOrder()
	order.Validity = certcentral.Days(30)
	mock.Set(t, mocktest.MultiYearPlans(false))
	fmt.Println(validFor(t, mock, order))
	// Output: 1 year
}

func ExampleShortValidity() {
	mock, t := start()
	defer t.end()
	order := anOrder()
	order.Validity = certcentral.Days(30)
	for _, on := range []bool{true, false} {
		mock.Set(t, mocktest.ShortValidity(on))
		fmt.Println(validFor(t, mock, order))
	}
	// Output:
	// 30 days
	// 1 year
}

func ExampleRequiredValidation() {
	mock, t := start()
	defer t.end()
	mock.Set(t, mocktest.RequiredValidation(true))
	mock.MoveValidation(t, 1920073, "ov", "expired")
	_, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder())
	refusal, _ := errors.AsType[*certcentral.Error](err)
	fmt.Println(refusal.Errors[0].Code)
	// Output: organization_not_validated|organization
}

func ExampleRefunds() {
	mock, t := start()
	defer t.end()
	for _, on := range []bool{true, false} {
		mock.Set(t, mocktest.Refunds(on), mocktest.Balance("1000.00"), mocktest.Life(mockserver.LifeManual))
		mock.Move(t, place(t, mock), certcentral.OrderRejected)
		funds, err := mock.Client.Finance.GetBalance(t.Context())
		fmt.Println(funds.Balance, err)
	}
	// Output:
	// 1000.00 <nil>
	// 700.00 <nil>
}

// validFor places an order and tells how long its certificate is valid.
func validFor(t testing.TB, mock *mocktest.Server, request certcentral.PKIoOrganisationPersonRequest) string {
	t.Helper()
	placed, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	mock.Settle(t)
	issued, err := mock.Client.Certificates.Download(t.Context(), placed.CertificateID)
	if err != nil {
		t.Fatal(err)
	}
	from, till := issued.Leaf.NotBefore, issued.Leaf.NotAfter.Add(time.Second)
	if from.AddDate(1, 0, 0).Equal(till) {
		return "1 year"
	}
	return fmt.Sprintf("%.0f days", till.Sub(from).Hours()/24)
}

// submit submits the organization of the account for the validation EV.
func submit(t testing.TB, mock *mocktest.Server) {
	t.Helper()
	err := mock.Client.Organizations.SubmitForValidation(t.Context(), 1920073, []certcentral.ValidationRequest{{
		Type: certcentral.ValidationEV, VerifiedUsers: []certcentral.Person{certcentral.ExistingPerson(4313813)},
	}})
	if err != nil {
		t.Fatal(err)
	}
}

// validation reads a validation of the organization of the account.
func validation(t testing.TB, mock *mocktest.Server, kind certcentral.ValidationType) certcentral.Validation {
	t.Helper()
	all, err := mock.Client.Organizations.Validations(t.Context(), 1920073)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		if one.Type == kind {
			return one
		}
	}
	t.Fatal("the organization has no such validation: ", kind)
	return certcentral.Validation{}
}
