package mocktest_test

import (
	"fmt"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

func ExampleServer_Journal() {
	mock, t := start()
	defer t.end()
	place(t, mock)
	ask(mock)
	for _, call := range mock.Journal(t) {
		fmt.Println(call.Method, *call.Operation, *call.Status)
	}
	// Output:
	// POST orderPkioOrganisationPerson 201
	// GET getCurrentUser 200
}

func ExampleServer_Call() {
	mock, t := start()
	defer t.end()
	ask(mock)
	call := mock.Call(t, mock.Journal(t)[0].ID)
	fmt.Println(call.Path, *call.UserID)
	// Output: /services/v2/user/me 4313813
}

func ExampleServer_Count() {
	mock, t := start()
	defer t.end()
	asked(mock, 3)
	fmt.Println(mock.Count(t, mocktest.Operation("getCurrentUser")))
	// Output: 3
}

// Another goroutine, or another process, calls the mock.
func ExampleServer_Wait() {
	mock, t := start()
	defer t.end()
	go asked(mock, 2)
	calls := mock.Wait(t, 2, 10*time.Second, mocktest.Operation("getCurrentUser"))
	fmt.Println(len(calls))
	// Output: 2
}

func ExampleServer_ClearJournal() {
	mock, t := start()
	defer t.end()
	asked(mock, 2)
	mock.ClearJournal(t)
	asked(mock, 1)
	fmt.Println(mock.Count(t))
	// Output: 1
}

func ExampleOperation() {
	mock, t := start()
	defer t.end()
	place(t, mock)
	place(t, mock)
	ask(mock)
	fmt.Println(mock.Count(t, mocktest.Operation("orderPkioOrganisationPerson")))
	// Output: 2
}

func ExampleStatus() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().Respond(503))
	asked(mock, 3)
	fmt.Println(mock.Count(t, mocktest.Status("503")), mock.Count(t, mocktest.Status("2xx")))
	// Output: 1 2
}

func ExampleOrder() {
	mock, t := start()
	defer t.end()
	first, second := place(t, mock), place(t, mock)
	status(t, mock, first)
	fmt.Println(mock.Count(t, mocktest.Order(first)), mock.Count(t, mocktest.Order(second)))
	// Output: 2 1
}

func ExampleCode() {
	mock, t := start()
	defer t.end()
	ask(mock)
	_, _ = mock.Client.Orders.Get(t.Context(), 1)
	for _, call := range mock.Journal(t, mocktest.Code("not_found")) {
		fmt.Println(call.Path, call.Codes[0].Code)
	}
	// Output: /services/v2/order/certificate/1 not_found|order
}

func ExampleText() {
	mock, t := start()
	defer t.end()
	order := anOrder()
	for _, order.ShipInfo.City = range []string{"Bern", "Basel"} {
		_, _ = mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), order)
	}
	fmt.Println(mock.Count(t, mocktest.Text("basel")))
	// Output: 1
}

// Only what was called after a certain call is of interest.
func ExampleSince() {
	mock, t := start()
	defer t.end()
	asked(mock, 2)
	last := mock.Journal(t)[1].ID
	place(t, mock)
	for _, call := range mock.Journal(t, mocktest.Since(last)) {
		fmt.Println(*call.Operation)
	}
	// Output: orderPkioOrganisationPerson
}

func ExampleLimit() {
	mock, t := start()
	defer t.end()
	asked(mock, 5)
	for _, call := range mock.Journal(t, mocktest.Limit(2)) {
		fmt.Println(call.ID)
	}
	// Output:
	// 4
	// 5
}

func ExampleControlCalls() {
	mock, t := start()
	defer t.end()
	place(t, mock)
	mock.Account(t)
	for _, call := range mock.Journal(t, mocktest.ControlCalls()) {
		fmt.Println(*call.Operation)
	}
	// Output:
	// orderPkioOrganisationPerson
	// getAccountState
}
