package limit_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/pkio-tools/certcentral/client/limit"
)

// A planned is a request of the model: when it comes, how long its answer takes, and of that, how
// long the way to the service.
type planned struct{ comes, way, answer time.Duration }

// model returns when each request is sent, by the definition: in the order of the requests, each as
// soon as every rule has a place. A place is taken from when a request is sent until its window has
// passed after its answer.
func model(rules []limit.Rule, requests []planned) []time.Duration {
	var sent []time.Duration
	for i, request := range requests {
		at := request.comes
		if i > 0 {
			at = max(at, sent[i-1])
		}
		allowed := func(at time.Duration) bool {
			return !slices.ContainsFunc(rules, func(rule limit.Rule) bool {
				taken := 0
				for j, before := range sent {
					if before+requests[j].answer+rule.Window > at {
						taken++
					}
				}
				return taken >= rule.Requests
			})
		}
		for !allowed(at) {
			at += time.Millisecond // all times of the model are whole milliseconds
		}
		sent = append(sent, at)
	}
	return sent
}

// run sends the requests by a limiter, and returns when each was sent.
func run(t *testing.T, rules []limit.Rule, requests []planned) []time.Duration {
	t.Helper()
	sent := make([]time.Duration, len(requests))
	synctest.Test(t, func(t *testing.T) {
		l, start := newLimiter(t, rules...), time.Now()
		var group sync.WaitGroup
		for i, request := range requests {
			time.Sleep(request.comes - time.Since(start))
			synctest.Wait() // the requests before it, which came at the same moment, stand in the queue
			group.Go(func() {
				limited := l.Transport(roundTripper(func(*http.Request) (*http.Response, error) {
					sent[i] = time.Since(start)
					time.Sleep(request.answer)
					return answered(http.StatusOK, nil), nil
				}))
				_, err := send(newRequest(t.Context(), t), limited.RoundTrip)
				if err != nil {
					t.Errorf("request %d: %v", i+1, err)
				}
			})
		}
		group.Wait()
	})
	return sent
}

// TestModel compares a limiter with the model: it sends no request later than necessary, and none
// earlier. It also counts the requests in every window at the service, to which each request is on
// its way for a while.
func TestModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		rules := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) limit.Rule {
			return limit.Rule{
				Requests: rapid.IntRange(1, 6).Draw(rt, "requests"),
				Window:   time.Duration(rapid.IntRange(1, 40).Draw(rt, "window")) * time.Millisecond,
			}
		}), 1, 3).Draw(rt, "rules")
		comes := time.Duration(0)
		requests := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) planned {
			comes += time.Duration(rapid.IntRange(0, 8).Draw(rt, "pause")) * time.Millisecond
			answer := rapid.IntRange(0, 25).Draw(rt, "answer")
			way := rapid.IntRange(0, answer).Draw(rt, "way")
			return planned{comes, time.Duration(way) * time.Millisecond, time.Duration(answer) * time.Millisecond}
		}), 0, 40).Draw(rt, "requests")

		sent := run(t, rules, requests)
		if want := model(rules, requests); !slices.Equal(sent, want) {
			rt.Fatalf("sent at %v, want %v", sent, want)
		}
		arrived := make([]time.Duration, len(sent))
		for i := range sent {
			arrived[i] = sent[i] + requests[i].way
		}
		slices.Sort(arrived)
		for _, rule := range rules {
			for i := rule.Requests; i < len(arrived); i++ {
				if first := arrived[i-rule.Requests]; arrived[i]-first < rule.Window {
					rt.Fatalf("%d requests arrived from %v to %v, within less than %v", rule.Requests+1, first, arrived[i], rule.Window)
				}
			}
		}
	})
}
