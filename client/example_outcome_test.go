package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// If a gateway answers an order instead of the service, the program looks for the order before it
// orders again.
func ExampleError_outcomeUnknown() {
	mock, stop := startMock()
	defer stop()
	cc, err := certcentral.New(certcentral.WithBaseURL(mock.BaseURL()), certcentral.WithAPIKey("example"),
		certcentral.WithMiddleware(impatientGateway))
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()

	request := exampleOrder()
	request.AlternativeOrderID = "renewal-2026-jane" // stored before the order is sent
	_, err = cc.Orders.PlacePKIoOrganisationPerson(ctx, request)
	fmt.Println(err)

	if errors.Is(err, certcentral.ErrOutcomeUnknown) {
		found, err := cc.Orders.ByAlternativeID(ctx, request.AlternativeOrderID)
		switch {
		case err != nil:
			fmt.Println("nothing is known, so do not order again:", err)
		case len(found.Items) == 0:
			fmt.Println("it was not placed, as far as the service knows by now")
		default:
			fmt.Println("it was placed:", found.Items[0].OrderID)
		}
	}
	// Output:
	// orderPkioOrganisationPerson: status 504: gateway_timeout; the outcome is unknown
	// it was placed: 843668399
}

// impatientGateway is middleware that acts as a gateway: it passes orders on and answers with status
// 504 without waiting for the service.
func impatientGateway(next certcentral.Doer) certcentral.Doer {
	return certcentral.DoerFunc(func(r *http.Request) (*http.Response, error) {
		resp, err := next.Do(r)
		if err != nil || r.Method != http.MethodPost {
			return resp, err
		}
		_ = resp.Body.Close()
		return response(http.StatusGatewayTimeout, "application/json", envelope("gateway_timeout")), nil
	})
}
