package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
)

// A gateway answers the order instead of the service. PlaceOnce looks again, and finds the order.
func ExampleOrderService_PlaceOnce() {
	mock, stop := startMock()
	defer stop()
	cc, err := certcentral.New(certcentral.WithBaseURL(mock.BaseURL()), certcentral.WithAPIKey("example"),
		certcentral.WithMiddleware(impatientGateway))
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()

	request := exampleOrder()
	request.AlternativeOrderID = "renewal-2026-jane" // stored before the first call
	for range 2 {
		result, err := cc.Orders.PlaceOnce(ctx, request)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("order", result.OrderID, "found:", result.Found)
	}
	page, err := cc.Orders.List(ctx, certcentral.OrderListOptions{})
	fmt.Println("orders:", page.Total, err)
	// Output:
	// order 843668399 found: true
	// order 843668399 found: true
	// orders: 1 <nil>
}

// The id is new for each order, and is stored before the first call. A process that starts with an
// id that is stored already does not know what became of the process before it.
func ExampleWithResume() {
	cc, stop := startMock()
	defer stop()
	stored := map[string]string{} // in a program: a row of a database, or a file

	order := func(person string) (certcentral.OnceResult, error) {
		var opts []certcentral.OnceOption
		if stored[person] == "" {
			stored[person] = certcentral.NewOrderID()
		} else {
			opts = append(opts, certcentral.WithResume())
		}
		request := exampleOrder()
		request.AlternativeOrderID = stored[person]
		return cc.Orders.PlaceOnce(context.Background(), request, opts...)
	}
	first, err := order("jane")
	fmt.Println(first.OrderID, first.Found, err)
	again, err := order("jane") // after a crash
	fmt.Println(again.OrderID, again.Found, err)
	// Output:
	// 843668399 false <nil>
	// 843668399 true <nil>
}

func ExampleNewOrderID() {
	request := exampleOrder()
	request.AlternativeOrderID = certcentral.NewOrderID()
	fmt.Println(len(request.AlternativeOrderID), request.AlternativeOrderID == certcentral.NewOrderID())
	// Output: 26 false
}

// The service can't be reached after the order was sent, and the context ends. The error has the id
// with which a later call finds out.
func ExampleOnceError() {
	mock, stop := startMock()
	defer stop()
	ctx, cancel := context.WithCancel(context.Background())
	broken := func(next certcentral.Doer) certcentral.Doer {
		return certcentral.DoerFunc(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPost {
				cancel() // while the order is on its way
			}
			return next.Do(r)
		})
	}
	cc, err := certcentral.New(certcentral.WithBaseURL(mock.BaseURL()), certcentral.WithAPIKey("example"),
		certcentral.WithMiddleware(broken))
	if err != nil {
		fmt.Println(err)
		return
	}
	request := exampleOrder()
	request.AlternativeOrderID = "renewal-2026-jane"
	_, err = cc.Orders.PlaceOnce(ctx, request)
	if unknown, ok := errors.AsType[*certcentral.OnceError](err); ok {
		fmt.Println(unknown.Subject)
		fmt.Println("none or one:", unknown.OutcomeUnknown, errors.Is(err, certcentral.ErrOutcomeUnknown))
		fmt.Println("the context has ended:", errors.Is(err, context.Canceled))
	}
	// Output:
	// the order with the alternative id renewal-2026-jane
	// none or one: true true
	// the context has ended: true
}

// The first reissue of an order: a second call finds it.
func ExampleOrderService_ReissueOnce() {
	cc, id, stop := startMockWithCertificate()
	defer stop()
	ctx := context.Background()

	made, err := cc.Orders.Reissues(ctx, id)
	if err != nil {
		fmt.Println(err)
		return
	}
	number := len(made) + 1 // stored before the first call
	for range 2 {
		result, err := cc.Orders.ReissueOnce(ctx, id, number, certcentral.ReissueOptions{})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("certificate", result.CertificateID, "found:", result.Found)
	}
	// Output:
	// certificate 845503703 found: false
	// certificate 845503703 found: true
}

func ExampleOrderService_RevokeOnce() {
	cc, id, stop := startMockWithCertificate()
	defer stop()

	for range 2 {
		result, err := cc.Orders.RevokeOnce(context.Background(), id,
			certcentral.RevokeOptions{Reason: certcentral.ReasonSuperseded, SkipApproval: true})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("approval:", result.NeedsApproval, "found:", result.Found)
	}
	// Output:
	// approval: false found: false
	// approval: false found: true
}

// startMockWithCertificate starts a mock server with an order that is issued, and returns its id.
func startMockWithCertificate() (*certcentral.Client, int64, func()) {
	cc, stop := startMock(mockserver.WithQuickKeys())
	placed, err := cc.Orders.PlacePKIoOrganisationPerson(context.Background(), exampleOrder())
	if err != nil {
		panic(err)
	}
	if _, err := cc.Orders.WaitIssued(context.Background(), placed.ID, certcentral.WithPauses(10*time.Millisecond, time.Second)); err != nil {
		panic(err)
	}
	return cc, placed.ID, stop
}
