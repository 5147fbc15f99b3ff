package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// If a gateway answers an order instead of the service, the program looks for the order before it
// orders again.
func ExampleError_outcomeUnknown() {
	mock, stop := startMock()
	defer stop()
	gateway := impatientGateway(mock.BaseURL())
	defer gateway.Close()
	cc, err := certcentral.New(certcentral.WithBaseURL(gateway.URL), certcentral.WithAPIKey("example"))
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

// impatientGateway passes orders on and answers with status 504 without waiting for the service.
func impatientGateway(baseURL string) *httptest.Server {
	service, err := url.Parse(baseURL)
	if err != nil {
		panic(err)
	}
	service.Path = ""
	proxy := httputil.NewSingleHostReverseProxy(service)
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			proxy.ServeHTTP(w, r)
			return
		}
		proxy.ServeHTTP(httptest.NewRecorder(), r)
		answerJSON(http.StatusGatewayTimeout, envelope("gateway_timeout"))(w, r)
	}))
}
