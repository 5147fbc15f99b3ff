package mocktest_test

import (
	"fmt"
	"time"
)

// later is a time that the real clock does not show.
func later() time.Time { return time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC) }

func ExampleServer_Clock() {
	mock, t := start()
	defer t.end()
	clock := mock.Clock(t)
	clock.Freeze(later())
	clock.Advance("P30D")
	fmt.Println(clock.Now())
	// Output: 2031-06-05 07:08:09 +0000 UTC
}

// An order expires when its certificate does.
func ExampleClock_Advance() {
	mock, t := start()
	defer t.end()
	id := place(t, mock)
	mock.Settle(t)
	mock.Clock(t).Advance("P400D")
	fmt.Println(status(t, mock, id))
	// Output: expired
}

func ExampleClock_Set() {
	mock, t := start()
	defer t.end()
	mock.Clock(t).Set(later())
	order, err := mock.Client.Orders.Get(t.Context(), place(t, mock))
	fmt.Println(order.DateCreated.Year(), err)
	// Output: 2031 <nil>
}

// Everything in the account has the same date until the clock moves again.
func ExampleClock_Freeze() {
	mock, t := start()
	defer t.end()
	mock.Clock(t).Freeze(later())
	for range 2 {
		order, err := mock.Client.Orders.Get(t.Context(), place(t, mock))
		fmt.Println(order.DateCreated.Equal(later()), err)
	}
	// Output:
	// true <nil>
	// true <nil>
}

func ExampleClock_Follow() {
	mock, t := start()
	defer t.end()
	mock.Clock(t).Freeze(later())
	mock.Clock(t).Follow()
	fmt.Println(mock.Clock(t).Now().Before(later()))
	// Output: true
}

func ExampleClock_Now() {
	mock, t := start()
	defer t.end()
	mock.Clock(t).Freeze(later())
	fmt.Println(mock.Clock(t).Now())
	// Output: 2031-05-06 07:08:09 +0000 UTC
}

func ExampleClock_Frozen() {
	mock, t := start()
	defer t.end()
	mock.Clock(t).Freeze(later())
	fmt.Println(mock.Clock(t).Frozen())
	mock.Clock(t).Set(later())
	fmt.Println(mock.Clock(t).Frozen())
	// Output:
	// true
	// false
}
