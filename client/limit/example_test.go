package limit_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/client/limit"
	"github.com/pkio-tools/certcentral/mockserver"
)

// All clients with the same API key share one limiter.
func Example() {
	mock, err := mockserver.New(mockserver.WithRateLimit())
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := mock.Start("127.0.0.1:0"); err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = mock.Close() }()

	limiter, err := limit.New(limit.Vendor()...)
	if err != nil {
		fmt.Println(err)
		return
	}
	cc, err := certcentral.New(
		certcentral.WithAPIKey("example"),
		certcentral.WithBaseURL(mock.BaseURL()),
		certcentral.WithMiddleware(limiter.Middleware),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	user, err := cc.Users.GetCurrent(context.Background())
	fmt.Println(user.Username, err)
	// Output: john.doe@example.com <nil>
}

// The limits of the vendor.
func ExampleVendor() {
	for _, rule := range limit.Vendor() {
		fmt.Println(rule)
	}
	// Output:
	// 100 in 5s
	// 1000 in 3m0s
}

// A program may leave a part of the limits to other programs with the same key.
func ExampleNew() {
	var half []limit.Rule
	for _, rule := range limit.Vendor() {
		half = append(half, limit.Rule{Requests: rule.Requests / 2, Window: rule.Window})
	}
	_, err := limit.New(half...)
	fmt.Println(half, err)

	_, err = limit.New(limit.Rule{Requests: 100})
	fmt.Println(err)
	// Output:
	// [50 in 5s 500 in 3m0s] <nil>
	// limit: rules[0]: the window must be positive and at most 24h0m0s
}

// Wait is for requests that do not go through a transport. The deadline of the second request is
// too early, so that it fails at once.
func ExampleLimiter_Wait() {
	limiter, err := limit.New(limit.Rule{Requests: 1, Window: time.Hour})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	fmt.Println(limiter.Wait(ctx))

	err = limiter.Wait(ctx)
	late, ok := errors.AsType[*limit.WaitError](err)
	fmt.Println(ok, errors.Is(err, context.DeadlineExceeded), late.Wait.Round(time.Hour))
	// Output:
	// <nil>
	// true true 1h0m0s
}

// Any HTTP client can be limited.
func ExampleLimiter_Transport() {
	limiter, err := limit.New(limit.Vendor()...)
	if err != nil {
		fmt.Println(err)
		return
	}
	limited := &http.Client{Transport: limiter.Transport(nil)}
	fmt.Println(limited.Transport != nil)
	// Output: true
}

// A middleware wraps what sends the requests.
func ExampleLimiter_Middleware() {
	limiter, err := limit.New(limit.Rule{Requests: 1, Window: time.Hour})
	if err != nil {
		fmt.Println(err)
		return
	}
	var sender limit.Doer = roundTripper(func(r *http.Request) (*http.Response, error) {
		fmt.Println("sent:", r.Method, r.URL)
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
	})
	limited := limiter.Middleware(sender)
	for range 2 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://certcentral.digicert.eu/services/v2/user/me", http.NoBody)
		if err != nil {
			fmt.Println(err)
		}
		resp, err := limited.Do(r)
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			fmt.Println("not sent")
			continue
		}
		fmt.Println(resp.StatusCode)
		_ = resp.Body.Close()
	}
	// Output:
	// sent: GET https://certcentral.digicert.eu/services/v2/user/me
	// 200
	// not sent
}
