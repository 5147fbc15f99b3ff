package client_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
)

// If the account requires approvals, an order waits for one.
func ExampleRequestService_Approve() {
	cc, stop := startMock(mockserver.WithApproval(mockserver.ApprovalOn), mockserver.WithLife(mockserver.LifeManual))
	defer stop()
	ctx := context.Background()

	request := exampleOrder()
	request.Comments = "For the new colleague."
	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, request)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("needs an approval:", placed.NeedsApproval())

	// Another user reads the pending requests and approves one.
	waiting, err := cc.Requests.List(ctx, certcentral.RequestListOptions{
		Status: certcentral.AnyOf(certcentral.RequestPending, certcentral.RequestSubmitted),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, summary := range waiting.Items {
		details, err := cc.Requests.Get(ctx, summary.ID)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(details.Type, details.Status, details.Order.Status, details.Comments)
		if err := cc.Requests.Approve(ctx, summary.ID, "Agreed."); err != nil {
			fmt.Println(err)
			return
		}
	}

	order, err := cc.Orders.Get(ctx, placed.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(order.Status, order.Requests[0].Status)
	// Output:
	// needs an approval: true
	// new_request pending needs_approval For the new colleague.
	// pending approved
}

// An administrator may skip the approval that the account requires.
func ExamplePlacedOrder_NeedsApproval() {
	cc, stop := startMock(mockserver.WithApproval(mockserver.ApprovalOn))
	defer stop()

	request := exampleOrder()
	request.SkipApproval = true
	placed, err := cc.Orders.PlacePKIoOrganisationPerson(context.Background(), request)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(placed.NeedsApproval(), placed.CertificateID)
	// Output: false 845503702
}

// After a cancellation the balance gets back what it paid.
func ExampleOrderService_Cancel() {
	cc, stop := startMock(mockserver.WithLife(mockserver.LifeManual)) // so that the order is not issued
	defer stop()
	ctx := context.Background()
	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, exampleOrder())
	if err != nil {
		fmt.Println(err)
		return
	}

	if err := cc.Orders.Cancel(ctx, placed.ID, "Ordered by mistake."); err != nil {
		fmt.Println(err)
		return
	}

	order, err := cc.Orders.Get(ctx, placed.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(order.Status, "-", order.Notes[0].Text)
	for adjustment, err := range cc.Finance.AllBalanceHistory(ctx, certcentral.BalanceHistoryOptions{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s %s%s leaves %s\n", adjustment.Type, adjustment.Debit, adjustment.Credit, adjustment.BalanceAfter)
	}
	err = cc.Orders.Cancel(ctx, placed.ID, "Again.")
	refused, ok := errors.AsType[*certcentral.Error](err)
	fmt.Println("again:", ok && refused.Has("order_status_conflict"))
	// Output:
	// canceled - Ordered by mistake.
	// Charge 300.00 leaves -300.00
	// Credit 300.00 leaves 0.00
	// again: true
}

// A program that polls uses a period that is longer than its interval, and so finds each change at
// least once.
func ExampleOrderService_StatusChanges() {
	cc, stop := startMock(mockserver.WithLife(mockserver.LifeManual))
	defer stop()
	ctx := context.Background()
	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, exampleOrder())
	if err != nil {
		fmt.Println(err)
		return
	}

	seen := map[int64]certcentral.OrderStatus{}
	poll := func() {
		changes, err := cc.Orders.StatusChanges(ctx, certcentral.Last(20*time.Minute)) // called every 15 minutes
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, change := range changes {
			if seen[change.OrderID] != change.Status {
				seen[change.OrderID] = change.Status
				fmt.Println("order", change.OrderID, "is now", change.Status)
			}
		}
	}
	poll()
	poll()
	if err := cc.Orders.Cancel(ctx, placed.ID, "No longer needed."); err != nil {
		fmt.Println(err)
		return
	}
	poll()
	// Output:
	// order 843668399 is now pending
	// order 843668399 is now canceled
}

// If the answer to an order was lost, an id of your own shows whether the order was placed.
func ExampleOrderService_ByAlternativeID() {
	cc, stop := startMock()
	defer stop()
	ctx := context.Background()

	request := exampleOrder()
	request.AlternativeOrderID = "renewal-2026-ada"
	if _, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, request); err != nil {
		fmt.Println(err)
		return
	}

	found, err := cc.Orders.ByAlternativeID(ctx, "renewal-2026-ada")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(found.Total, "order:", found.Items[0].OrderID)
	// Output: 1 order: 843668399
}

// A program gets an API key of its own with limited permissions. The service shows the key only
// once.
func ExampleUserService_CreateServiceUser() {
	cc, stop := startMock()
	defer stop()
	ctx := context.Background()

	created, err := cc.Users.CreateServiceUser(ctx, certcentral.ServiceUserCreateRequest{
		Name: "Ordering robot", Email: "ada@example.org", Limit: certcentral.LimitedTo(certcentral.KeyRoleOrders),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("user", created.ID, "with the key", created.APIKey)

	robot, err := certcentral.New(certcentral.WithBaseURL(cc.BaseURL()), certcentral.WithAPIKey(created.APIKey.Reveal()))
	if err != nil {
		fmt.Println(err)
		return
	}
	placed, err := robot.Orders.PlacePKIoOrganisationPerson(ctx, exampleOrder())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("order", placed.ID)
	_, err = robot.Finance.GetBalance(ctx)
	fmt.Println("may not read the balance:", errors.Is(err, certcentral.ErrForbidden))
	// Output:
	// user 4313914 with the key [redacted]
	// order 843668399
	// may not read the balance: true
}
