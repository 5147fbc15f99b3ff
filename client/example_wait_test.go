package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/control"
)

// A movingClock lets days pass in no time. At each pause it takes the next step: it moves the order
// on, as the certificate authority would in the meantime.
type movingClock struct {
	now   time.Time
	steps []func() error
}

func (c *movingClock) Now() time.Time { return c.now }

func (c *movingClock) Sleep(ctx context.Context, d time.Duration) error {
	c.now = c.now.Add(d)
	if len(c.steps) == 0 {
		return ctx.Err()
	}
	step := c.steps[0]
	c.steps = c.steps[1:]
	return step()
}

// nothing is a step of a movingClock.
func nothing() error { return nil }

// startMockWithClock starts a mock server whose orders move on only when they are told to, and returns
// a client with a clock, and a step that moves an order.
func startMockWithClock(clock certcentral.Clock) (
	cc *certcentral.Client, move func(id int64, to certcentral.OrderStatus) func() error, stop func(),
) {
	plain, stop := startMock(mockserver.WithQuickKeys(), mockserver.WithLife(mockserver.LifeManual))
	cc, err := certcentral.New(certcentral.WithBaseURL(plain.BaseURL()), certcentral.WithAPIKey("example"), certcentral.WithClock(clock))
	if err != nil {
		panic(err)
	}
	mock, err := control.New(strings.TrimSuffix(plain.BaseURL(), "/services/v2"), control.WithAPIKey("example"))
	if err != nil {
		panic(err)
	}
	return cc, func(id int64, to certcentral.OrderStatus) func() error {
		return func() error {
			in := control.TransitionInput{To: control.OrderStateInput(to), Reason: new("No answer from the organization.")}
			_, err := mock.MoveOrderWithResponse(context.Background(), strconv.FormatInt(id, 10), nil, in)
			return err
		}
	}, stop
}

// The program waits for the certificate and tells of each state. With the real service this takes
// days.
func ExampleOrderService_WaitIssued() {
	clock := new(movingClock)
	cc, move, stop := startMockWithClock(clock)
	defer stop()
	ctx, cancel := context.WithTimeout(context.Background(), 30*24*time.Hour)
	defer cancel()

	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, exampleOrder())
	if err != nil {
		fmt.Println(err)
		return
	}
	clock.steps = []func() error{nothing, nothing, move(placed.ID, certcentral.OrderProcessing), nothing, move(placed.ID, certcentral.OrderIssued)}

	began := clock.Now()
	order, err := cc.Orders.WaitIssued(ctx, placed.ID,
		certcentral.WithPauses(time.Minute, 12*time.Hour),
		certcentral.WithProgress(func(order certcentral.Order) {
			fmt.Println("after", clock.Now().Sub(began), "the order is", order.Status)
		}))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(order.Certificate.CommonName, order.Certificate.SerialNumber != "")
	// Output:
	// after 0s the order is pending
	// after 7m0s the order is processing
	// after 10m0s the order is issued
	// Jane Doe true
}

// An administrator has to approve the order. The program may do it with the key of an
// administrator, or tell a person.
func ExampleWithApproval() {
	cc, stop := startMock(mockserver.WithQuickKeys(), mockserver.WithApproval(mockserver.ApprovalOn))
	defer stop()
	ctx := context.Background()

	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, exampleOrder())
	if err != nil {
		fmt.Println(err)
		return
	}
	order, err := cc.Orders.WaitIssued(ctx, placed.ID,
		certcentral.WithPauses(10*time.Millisecond, time.Hour),
		certcentral.WithApproval(func(ctx context.Context, order certcentral.Order) error {
			fmt.Println("approves request", order.Requests[0].ID)
			return cc.Requests.Approve(ctx, order.Requests[0].ID, "ordered by the renewal service")
		}))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(order.Status)
	// Output:
	// approves request 1
	// issued
}

// The order is rejected while the program waits.
func ExampleOrderEndedError() {
	clock := new(movingClock)
	cc, move, stop := startMockWithClock(clock)
	defer stop()
	ctx := context.Background()

	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, exampleOrder())
	if err != nil {
		fmt.Println(err)
		return
	}
	clock.steps = []func() error{nothing, move(placed.ID, certcentral.OrderRejected)}
	_, err = cc.Orders.WaitIssued(ctx, placed.ID)
	if ended, ok := errors.AsType[*certcentral.OrderEndedError](err); ok {
		fmt.Println(ended)
		fmt.Println(ended.Status, "with the note:", ended.Note)
	}
	// Output:
	// certcentral: order 843668399 is rejected, and its certificate will not be issued
	// rejected with the note: No answer from the organization.
}

func ExampleOrderStatus_Ended() {
	for _, status := range []certcentral.OrderStatus{
		certcentral.OrderPending, certcentral.OrderIssued, certcentral.OrderRejected, certcentral.OrderRevoked,
	} {
		fmt.Println(status, status.Ended())
	}
	// Output:
	// pending false
	// issued false
	// rejected true
	// revoked true
}

// A request for approval is waited for until an administrator of the account has decided.
func ExampleRequestService_Wait() {
	clock := new(movingClock)
	mock, stop := startMock(mockserver.WithApproval(mockserver.ApprovalOn))
	defer stop()
	cc, err := certcentral.New(certcentral.WithBaseURL(mock.BaseURL()), certcentral.WithAPIKey("example"), certcentral.WithClock(clock))
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, exampleOrder())
	if err != nil {
		fmt.Println(err)
		return
	}
	id := placed.Requests[0].ID
	clock.steps = []func() error{nothing, func() error { return cc.Requests.Reject(ctx, id, "ordered twice") }}
	request, err := cc.Requests.Wait(ctx, id)
	fmt.Println(request.Status, err)
	// Output: rejected <nil>
}

// A clock of a test lets time pass at once. A gateway refuses the order with a status that leaves its
// outcome open, so that PlaceOnce looks for the order for the quiet period before it orders again.
func ExampleWithClock() {
	mock, stop := startMock()
	defer stop()
	refused := false
	refusingGateway := func(next certcentral.Doer) certcentral.Doer {
		return certcentral.DoerFunc(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPost && !refused {
				refused = true
				return response(http.StatusBadGateway, "text/html", "<html>Bad Gateway</html>"), nil
			}
			return next.Do(r)
		})
	}
	clock := new(movingClock)
	cc, err := certcentral.New(certcentral.WithBaseURL(mock.BaseURL()), certcentral.WithAPIKey("example"),
		certcentral.WithClock(clock), certcentral.WithMiddleware(refusingGateway))
	if err != nil {
		fmt.Println(err)
		return
	}
	request := exampleOrder()
	request.AlternativeOrderID = "renewal-2026-jane"
	began := clock.Now()
	result, err := cc.Orders.PlaceOnce(context.Background(), request)
	fmt.Println("order", result.OrderID, "placed after", clock.Now().Sub(began), err)
	// Output: order 843668399 placed after 5m3s <nil>
}
