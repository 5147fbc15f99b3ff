package mocktest_test

import (
	"context"
	"errors"
	"fmt"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// An account in trouble: no money, an answer that is lost, a rejection, time that passes.
func Example_trouble() {
	t, ctx := new(exampleTest), context.Background()
	defer t.end()
	mock := mocktest.Start(t, mockserver.WithQuickKeys())
	orders := mock.Client.Orders
	mock.Set(t, mocktest.Balance("0.00"), mocktest.NegativeBalanceLimit("0.00"))
	_, err := orders.PlacePKIoOrganisationPerson(ctx, anOrder())
	refused, ok := errors.AsType[*certcentral.Error](err)
	fmt.Println("no money:", ok && refused.Has("insufficient_funds"))

	mock.Set(t, mocktest.Balance("1000.00"))
	mock.Fail(t, mocktest.On("orderPkioOrganisationPerson").LoseAnswer())
	_, err = orders.PlacePKIoOrganisationPerson(ctx, anOrder())
	fmt.Println("lost:", errors.Is(err, certcentral.ErrOutcomeUnknown))
	for _, call := range mock.Journal(t, mocktest.Operation("orderPkioOrganisationPerson")) {
		fmt.Println("journal:", call.Outcome)
	}
	var placed []int64
	for order := range orders.All(ctx, certcentral.OrderListOptions{}) {
		placed = append(placed, order.ID)
	}
	fmt.Println("orders:", placed)
	mock.Settle(t)

	mock.Set(t, mocktest.Life(mockserver.LifeManual))
	second, _ := orders.PlacePKIoOrganisationPerson(ctx, anOrder())
	mock.Move(t, second.ID, certcentral.OrderRejected, mocktest.Reason("No answer."))
	rejected, _ := orders.Get(ctx, second.ID)
	fmt.Println(rejected.Status, rejected.Notes[0].Text)

	mock.Clock(t).Advance("P400D")
	first, _ := orders.Get(ctx, placed[0])
	fmt.Println("400 days:", first.Status)
	// Output:
	// no money: true
	// lost: true
	// journal: answered
	// journal: cut
	// orders: [843668399]
	// rejected No answer.
	// 400 days: expired
}
