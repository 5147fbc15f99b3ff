package mocktest_test

import (
	"errors"
	"fmt"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// The third request for the current user is answered by a gateway.
func ExampleServer_Fail() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On("getCurrentUser").After(2).Catalogue("html_502"))
	fmt.Println(asked(mock, 4))
	// Output: [200 200 502 200]
}

func ExampleServer_Faults() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().Respond(500))
	for _, rule := range mock.Faults(t) {
		fmt.Println(rule.ID, rule.Times, rule.Hits)
	}
	// Output: fault-1 1 0
}

func ExampleServer_ClearFaults() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().Respond(500).Times(0))
	fmt.Println(asked(mock, 2))
	mock.ClearFaults(t)
	fmt.Println(asked(mock, 2))
	// Output:
	// [500 500]
	// [200 200]
}

func ExampleRule_Hits() {
	mock, t := start()
	defer t.end()
	rule := mock.Fail(t, mocktest.On().Respond(500).Times(2))
	asked(mock, 3)
	fmt.Println(rule.Hits(t))
	// Output: 2
}

func ExampleRule_Delete() {
	mock, t := start()
	defer t.end()
	rule := mock.Fail(t, mocktest.On().Respond(500))
	rule.Delete(t)
	fmt.Println(asked(mock, 1))
	// Output: [200]
}

func ExampleOn() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On("getAccount", "getCurrentUser").Respond(500))
	mock.Fail(t, mocktest.On().Respond(501))
	fmt.Println(asked(mock, 3))
	// Output: [500 501 200]
}

func ExampleFault_Order() {
	mock, t := start()
	defer t.end()
	first, second := place(t, mock), place(t, mock)
	mock.Fail(t, mocktest.On("getOrder").Order(second).Catalogue("not_found|order"))
	for _, id := range []int64{first, second} {
		_, err := mock.Client.Orders.Get(t.Context(), id)
		fmt.Println(errors.Is(err, certcentral.ErrNotFound))
	}
	// Output:
	// false
	// true
}

func ExampleFault_Method() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().Method("POST").Respond(500))
	fmt.Println(asked(mock, 1))
	_, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder())
	fmt.Println(errors.Is(err, certcentral.ErrUnavailable))
	// Output:
	// [200]
	// true
}

func ExampleFault_Path() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().Path("/services/v2/order/**").Respond(500))
	mock.Fail(t, mocktest.On().Path("/services/v2/user/*").Respond(501))
	fmt.Println(asked(mock, 1))
	// Output: [501]
}

func ExampleFault_RequestHeader() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().RequestHeader("User-Agent", "old-client/*").Respond(500))
	fmt.Println(asked(mock, 1))
	mock.Client = mock.ClientFor(t, mock.APIKey, certcentral.WithUserAgent("old-client/1.2"))
	fmt.Println(asked(mock, 1))
	// Output:
	// [200]
	// [500]
}

func ExampleFault_RequestBody() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().RequestBody("/order_validity/days", 30).Catalogue("insufficient_funds").Times(0))
	for _, days := range []int{29, 30} {
		order := anOrder()
		order.Validity = certcentral.Days(days)
		_, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), order)
		fmt.Println(days, err == nil)
	}
	// Output:
	// 29 true
	// 30 false
}

// The same seed chooses the same requests.
func ExampleFault_Probability() {
	mock, t := start()
	defer t.end()
	for range 2 {
		rule := mock.Fail(t, mocktest.On().Probability(0.5, 7).Respond(500).Times(0))
		fmt.Println(asked(mock, 6))
		rule.Delete(t)
	}
	// Output:
	// [200 200 200 500 500 200]
	// [200 200 200 500 500 200]
}

func ExampleFault_After() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().After(1).Respond(500))
	fmt.Println(asked(mock, 3))
	// Output: [200 500 200]
}

func ExampleFault_Times() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().Times(2).Respond(500))
	fmt.Println(asked(mock, 3))
	// Output: [500 500 200]
}

func ExampleFault_Until() {
	mock, t := start()
	defer t.end()
	mock.Clock(t).Freeze(later())
	mock.Fail(t, mocktest.On().Times(0).Until(later().Add(time.Hour)).Respond(500))
	fmt.Println(asked(mock, 2))
	mock.Clock(t).Advance("1h")
	fmt.Println(asked(mock, 2))
	// Output:
	// [500 500]
	// [200 200]
}
