package mocktest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// The order is placed, but the program reads that the service has failed.
func ExampleFault_AfterServing() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On("orderPkioOrganisationPerson").AfterServing().Respond(500))
	_, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder())
	fmt.Println(errors.Is(err, certcentral.ErrOutcomeUnknown), mock.Account(t).Orders)
	// Output: true 1
}

// The connection is closed when the order is placed, before its answer.
func ExampleFault_LoseAnswer() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On("orderPkioOrganisationPerson").LoseAnswer())
	_, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder())
	fmt.Println(errors.Is(err, certcentral.ErrOutcomeUnknown), mock.Account(t).Orders)
	// Output: true 1
}

// The connection is closed before the order is placed.
func ExampleFault_Cut() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On("orderPkioOrganisationPerson").Cut("reset"))
	_, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder())
	fmt.Println(errors.Is(err, certcentral.ErrOutcomeUnknown), mock.Account(t).Orders)
	// Output: true 0
}

func ExampleFault_Respond() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().Respond(418))
	fmt.Println(asked(mock, 1))
	// Output: [418]
}

func ExampleFault_Catalogue() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().Catalogue("request_limit_exceeded"))
	_, err := mock.Client.Users.GetCurrent(t.Context())
	fmt.Println(errors.Is(err, certcentral.ErrRateLimited))
	// Output: true
}

func ExampleFault_Error() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().Respond(400).
		Error("invalid_cart", "The cart is empty.").
		Error("invalid_coupon", "The coupon is over."))
	_, err := mock.Client.Users.GetCurrent(t.Context())
	refusal, _ := errors.AsType[*certcentral.Error](err)
	fmt.Println(refusal.StatusCode, refusal.Errors[0].Code, refusal.Errors[1].Message)
	// Output: 400 invalid_cart The coupon is over.
}

func ExampleFault_Body() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().Respond(200).Body(map[string]any{"id": "not a number"}))
	_, err := mock.Client.Users.GetCurrent(t.Context())
	unreadable, _ := errors.AsType[*certcentral.Error](err)
	fmt.Println(unreadable.StatusCode, unreadable.Note)
	// Output: 200 the answer does not fit the contract: id is of type string
}

func ExampleFault_Header() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().Respond(503).Header("Via", "1.1 gateway").Header("X-Cache", "MISS"))
	answer := ask(mock)
	fmt.Println(answer.StatusCode, answer.Header.Get("Via"), answer.Header.Get("X-Cache"))
	// Output: 503 1.1 gateway MISS
}

// A fault without Respond changes the mock's own answer.
func ExampleFault_ContentType() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().ContentType("text/html"))
	answer := ask(mock)
	fmt.Println(answer.StatusCode, answer.Header.Get("Content-Type"))
	// Output: 200 text/html
}

func ExampleFault_RetryAfter() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().Catalogue("request_limit_exceeded").RetryAfter(7))
	answer := ask(mock)
	fmt.Println(answer.StatusCode, answer.Header.Get("Retry-After"))
	// Output: 429 7
}

func ExampleFault_RetryAt() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().Respond(503).RetryAt(later()))
	fmt.Println(ask(mock).Header.Get("Retry-After"))
	// Output: Tue, 06 May 2031 07:08:09 GMT
}

func ExampleFault_RetryAfterText() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().Respond(503).RetryAfterText("soon"))
	fmt.Println(ask(mock).Header.Get("Retry-After"))
	// Output: soon
}

func ExampleFault_Truncate() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().Truncate(20))
	_, err := mock.Client.Users.GetCurrent(t.Context())
	fmt.Println(errors.Is(err, io.ErrUnexpectedEOF))
	// Output: true
}

func ExampleFault_Delay() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().Delay(20*time.Millisecond))
	began := time.Now()
	fmt.Println(asked(mock, 1), time.Since(began) >= 20*time.Millisecond)
	// Output: [200] true
}

func ExampleFault_DelayBetween() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().DelayBetween(20*time.Millisecond, 30*time.Millisecond))
	began := time.Now()
	fmt.Println(asked(mock, 1), time.Since(began) >= 20*time.Millisecond)
	// Output: [200] true
}

// The body of 100 bytes comes in two halves.
func ExampleFault_Dribble() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().Respond(503).Body(strings.Repeat("slow", 25)).Dribble(500))
	began := time.Now()
	fmt.Println(asked(mock, 1), time.Since(began) >= 20*time.Millisecond)
	// Output: [503] true
}

func ExampleFault_Hang() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On().Hang())
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := mock.Client.Users.GetCurrent(ctx)
	fmt.Println(errors.Is(err, context.DeadlineExceeded))
	// Output: true
}

func ExampleFault_Preset() {
	mock, t := start()
	defer t.end()
	mock.Fail(t, mocktest.On("getCurrentUser").Preset("rate_limited", 7))
	fmt.Println(asked(mock, 10))
	// Output: [200 200 200 200 200 200 429 429 429 200]
}
