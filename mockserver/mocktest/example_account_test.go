package mocktest_test

import (
	"bytes"
	"errors"
	"fmt"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// Two accounts on one server, of which one has no money.
func ExampleServer_For() {
	mock, t := start()
	defer t.end()
	poor := mock.For(t, "poor")
	poor.Set(t, mocktest.Balance("0.00"), mocktest.NegativeBalanceLimit("0.00"))
	for _, account := range []*mocktest.Server{mock, poor} {
		_, err := account.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder())
		fmt.Println(account.APIKey, err == nil)
	}
	// Output:
	// mocktest true
	// poor false
}

// The role 102 may read and nothing else.
func ExampleServer_Key() {
	mock, t := start()
	defer t.end()
	reader := mock.For(t, mock.Key(t, 4313912, 102))
	_, err := reader.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder())
	fmt.Println(errors.Is(err, certcentral.ErrForbidden))
	_, err = reader.Client.Orders.List(t.Context(), certcentral.OrderListOptions{})
	fmt.Println(err)
	// Output:
	// true
	// <nil>
}

func ExampleServer_Reset() {
	mock, t := start()
	defer t.end()
	mock.Set(t, mocktest.Balance("75.00"))
	place(t, mock)
	mock.Reset(t)
	account := mock.Account(t)
	fmt.Println(account.Orders, account.Balance)
	// Output: 0 0.00
}

func ExampleServer_Account() {
	mock, t := start()
	defer t.end()
	place(t, mock)
	account := mock.Account(t)
	fmt.Println(account.Life, account.NegativeBalanceLimit, account.Orders, account.Individuals[0].LastName)
	// Output: auto unlimited 1 Doe
}

func ExampleServer_Health() {
	mock, t := start()
	defer t.end()
	fmt.Println(mock.Health(t).Status)
	// Output: ok
}

func ExampleServer_CAs() {
	mock, t := start()
	defer t.end()
	for _, ca := range mock.CAs(t) {
		fmt.Println(ca.Name, ca.Files[0])
	}
	// Output:
	// root-g3 /_mock/ca/root-g3.cer
	// domain-g3 /_mock/ca/domain-g3.cer
	// tsp-g3 /_mock/ca/tsp-g3.cer
}

func ExampleServer_CAFile() {
	mock, t := start()
	defer t.end()
	roots := mock.CAFile(t, "roots.pem")
	fmt.Println(bytes.Count(roots, []byte("-----BEGIN CERTIFICATE-----")))
	// Output: 1
}

// Certificates are made in the background.
func ExampleServer_Settle() {
	mock, t := start()
	defer t.end()
	id := place(t, mock)
	mock.Settle(t)
	fmt.Println(status(t, mock, id))
	// Output: issued
}

func ExampleServer_Move() {
	mock, t := start()
	defer t.end()
	mock.Set(t, mocktest.Life(mockserver.LifeManual))
	id := place(t, mock)
	for _, to := range []certcentral.OrderStatus{certcentral.OrderIssued, certcentral.OrderExpired} {
		mock.Move(t, id, to)
		fmt.Println(status(t, mock, id))
	}
	// Output:
	// issued
	// expired
}

func ExampleServer_MoveValidation() {
	mock, t := start()
	defer t.end()
	fmt.Println(validation(t, mock, certcentral.ValidationOV).Status)
	mock.MoveValidation(t, 1920073, "ov", "expired")
	fmt.Println(validation(t, mock, certcentral.ValidationOV).Status)
	// Output:
	// active
	// expired
}

// The reason of a rejection becomes a note of the order.
func ExampleReason() {
	mock, t := start()
	defer t.end()
	mock.Set(t, mocktest.Life(mockserver.LifeManual))
	id := place(t, mock)
	mock.Move(t, id, certcentral.OrderRejected, mocktest.Reason("The organization does not exist."))
	notes, err := mock.Client.Orders.Notes(t.Context(), id)
	fmt.Println(notes[0].Text, err)
	// Output: The organization does not exist. <nil>
}
