package limit_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/client/limit"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// TestAgainstMock lets 30 goroutines read at once. With a limiter the mock never answers with
// status 429; without one it does.
func TestAgainstMock(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithRateLimit(
		mockserver.RateLimit{Requests: 20, Window: 50 * time.Millisecond},
		mockserver.RateLimit{Requests: 60, Window: 300 * time.Millisecond},
	))
	inner := &http.Transport{MaxIdleConnsPerHost: 30}
	t.Cleanup(inner.CloseIdleConnections)
	l := newLimiter(t, limit.Rule{Requests: 20, Window: 50 * time.Millisecond}, limit.Rule{Requests: 60, Window: 300 * time.Millisecond})
	read := func(key string, transport http.RoundTripper) {
		cc := mock.ClientFor(t, key, certcentral.WithHTTPClient(&http.Client{Transport: transport}))
		var group sync.WaitGroup
		for range 30 {
			group.Go(func() {
				for range 5 {
					_, _ = cc.Users.GetCurrent(t.Context()) // the journal has the answers
				}
			})
		}
		group.Wait()
	}
	read("limited", l.Transport(inner))
	read("unlimited", inner)
	limited, unlimited := mock.For(t, "limited"), mock.For(t, "unlimited")
	if got := limited.Count(t, mocktest.Status("200")); got != 150 {
		t.Errorf("with a limiter %d of 150 requests were answered", got)
	}
	if got := limited.Count(t, mocktest.Status("429")); got != 0 {
		t.Errorf("with a limiter %d requests were too many", got)
	}
	if got := unlimited.Count(t, mocktest.Status("429")); got == 0 {
		t.Error("without a limiter no request was too many: this test proves nothing")
	}
}

// TestChangeWithoutTurn: a change that does not get its turn was not made, and the client knows.
func TestChangeWithoutTurn(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	l := newLimiter(t, limit.Rule{Requests: 1, Window: time.Hour})
	inner := &http.Transport{}
	t.Cleanup(inner.CloseIdleConnections)
	cc := mock.ClientFor(t, mocktest.APIKey, certcentral.WithHTTPClient(&http.Client{
		Transport: l.Transport(inner), Timeout: time.Minute,
	}))
	if _, err := cc.Users.GetCurrent(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := cc.Orders.Cancel(t.Context(), 843668399, "")
	if refused, ok := errors.AsType[*certcentral.Error](err); !ok || refused.OutcomeUnknown || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v; want an error with a known outcome", err)
	}
	if got := mock.Count(t); got != 1 {
		t.Errorf("%d requests have arrived", got)
	}
}
