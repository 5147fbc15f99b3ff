package client_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// Middleware writes a line of log for each attempt. The operation and the route hold no ids and no
// secrets.
func ExampleWithMiddleware() {
	mock, stop := startMock()
	defer stop()
	logger := exampleLogger()
	logging := func(next certcentral.Doer) certcentral.Doer {
		return certcentral.DoerFunc(func(r *http.Request) (*http.Response, error) {
			call, _ := certcentral.CallFrom(r.Context())
			resp, err := next.Do(r)
			if err == nil {
				logger.InfoContext(r.Context(), "sent", "call", call, "status", resp.StatusCode)
			}
			return resp, err
		})
	}
	cc, err := certcentral.New(certcentral.WithBaseURL(mock.BaseURL()), certcentral.WithAPIKey("example"),
		certcentral.WithMiddleware(logging))
	if err != nil {
		fmt.Println(err)
		return
	}
	placed, err := cc.Orders.PlacePKIoOrganisationPerson(context.Background(), exampleOrder())
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = cc.Orders.Get(context.Background(), placed.ID+1)
	logger.Info("failed", "err", err)
	// Output:
	// level=INFO msg=sent call.operation=orderPkioOrganisationPerson call.route=/order/certificate/pkio_organisation_person call.attempt=1 status=201
	// level=INFO msg=sent call.operation=getOrder call.route=/order/certificate/{order_id} call.attempt=1 status=404
	// level=INFO msg=failed err.error="getOrder: status 404: not_found|order" err.operation=getOrder err.status=404 err.codes=[not_found|order] err.request_id=mock-2 err.outcome_unknown=false
}

// exampleLogger returns a logger to standard output, without times.
func exampleLogger() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
}

// The transport of the HTTP client also gets what a request is sent for.
func ExampleCallFrom() {
	mock, stop := startMock()
	defer stop()
	counts := map[string]int{}
	transport := roundTripper(func(r *http.Request) (*http.Response, error) {
		if call, ok := certcentral.CallFrom(r.Context()); ok {
			counts[r.Method+" "+call.Route]++
		}
		return http.DefaultTransport.RoundTrip(r)
	})
	cc, err := certcentral.New(certcentral.WithBaseURL(mock.BaseURL()), certcentral.WithAPIKey("example"),
		certcentral.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		fmt.Println(err)
		return
	}
	for id := range int64(3) {
		_, _ = cc.Orders.Get(context.Background(), id+1)
	}
	fmt.Println(counts)
	// Output: map[GET /order/certificate/{order_id}:3]
}

// Do sends a request that the client has no method for, and reads the answer into a struct.
func ExampleClient_Do() {
	cc, stop := startMock()
	defer stop()

	var answer struct {
		Products []struct {
			NameID string `json:"name_id"`
		} `json:"products"`
	}
	err := cc.Do(context.Background(), http.MethodGet, "/product", nil, &answer,
		certcentral.WithRequestHeader("X-Tenant", "example"), certcentral.WithRequestTimeout(10*time.Second))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(answer.Products[0].NameID)

	err = cc.Do(context.Background(), http.MethodGet, "/order/certificate/1", nil, nil)
	fmt.Println(errors.Is(err, certcentral.ErrNotFound), err)
	// Output:
	// pkio_organisation_person
	// true getOrder: status 404: not_found|order
}

// One call goes to another platform, with the same key.
func ExampleWithRequestBaseURL() {
	cc, stop := startMock()
	defer stop()
	other, stopOther := startMock()
	defer stopOther()

	balance, err := cc.Finance.GetBalance(context.Background(), certcentral.WithRequestBaseURL(other.BaseURL()))
	fmt.Println(balance.Currency, err)
	// Output: EUR <nil>
}

// A secret store gives the key of each request, so that a rotated key needs no restart.
func ExampleWithAPIKeySource() {
	mock, stop := startMock()
	defer stop()
	store := map[string]string{"certcentral": "example"}
	cc, err := certcentral.New(certcentral.WithBaseURL(mock.BaseURL()),
		certcentral.WithAPIKeySource(func(context.Context) (string, error) {
			key, ok := store["certcentral"]
			if !ok {
				return "", errors.New("the store has no key")
			}
			return key, nil
		}))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = cc.Finance.GetBalance(context.Background())
	fmt.Println(err)
	delete(store, "certcentral")
	_, err = cc.Finance.GetBalance(context.Background())
	fmt.Println(err)
	// Output:
	// <nil>
	// getBalance: the source of the API key failed: the store has no key
}

// Requests that only read are repeated up to three times, each with a time limit of its own. An order
// is not repeated, also with this option.
func ExampleWithRetries() {
	mock, stop := startMock()
	defer stop()
	failing := func(certcentral.Doer) certcentral.Doer {
		return certcentral.DoerFunc(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"30"}}}, nil
		})
	}
	cc, err := certcentral.New(certcentral.WithBaseURL(mock.BaseURL()), certcentral.WithAPIKey("example"),
		certcentral.WithRetries(3), certcentral.WithTimeout(30*time.Second), certcentral.WithMiddleware(failing))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = cc.Orders.PlacePKIoOrganisationPerson(context.Background(), exampleOrder())
	if failed, ok := errors.AsType[*certcentral.Error](err); ok {
		fmt.Println("attempts:", failed.Attempts)
		fmt.Println("not placed:", errors.Is(err, certcentral.ErrRateLimited))
		fmt.Println("try again after:", failed.RetryAfter)
	}
	// Output:
	// attempts: 1
	// not placed: true
	// try again after: 30s
}

// If the service refuses connections, an order was certainly not placed and can be sent again.
func ExampleError_notAnswered() {
	mock, stop := startMock()
	stop()

	_, err := mock.Orders.PlacePKIoOrganisationPerson(context.Background(), exampleOrder())
	fmt.Println("not answered:", errors.Is(err, certcentral.ErrNotAnswered))
	fmt.Println("outcome unknown:", errors.Is(err, certcentral.ErrOutcomeUnknown))
	// Output:
	// not answered: true
	// outcome unknown: false
}

// The constants name the codes that the service gives as reasons.
func ExampleError_Has() {
	cc, stop := startMock()
	defer stop()

	request := exampleOrder()
	request.Individual = certcentral.ExistingIndividual(1)
	_, err := cc.Orders.PlacePKIoOrganisationPerson(context.Background(), request)
	if refused, ok := errors.AsType[*certcentral.Error](err); ok {
		fmt.Println(refused.Has(certcentral.CodeInvalidIndividual), refused.Has(certcentral.CodeInsufficientFunds))
	}
	// Output: true false
}

func ExampleDate_Time() {
	validTill := certcentral.Date{Year: 2027, Month: time.June, Day: 9}
	fmt.Println(validTill.Time().Format(time.RFC3339))
	fmt.Println("days left on 1 June:", validTill.Time().Sub(time.Date(2027, time.June, 1, 0, 0, 0, 0, time.UTC)).Hours()/24)
	// Output:
	// 2027-06-09T00:00:00Z
	// days left on 1 June: 8
}
