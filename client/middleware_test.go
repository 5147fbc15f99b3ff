package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// TestMiddlewareOrder pins that the first middleware is the outermost one, and that it is inside the
// retries.
func TestMiddlewareOrder(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	mock.Fail(t, mocktest.On("getBalance").Respond(503))
	var seen []string
	note := func(name string) func(certcentral.Doer) certcentral.Doer {
		return func(next certcentral.Doer) certcentral.Doer {
			return certcentral.DoerFunc(func(r *http.Request) (*http.Response, error) {
				call, ok := certcentral.CallFrom(r.Context())
				seen = append(seen, fmt.Sprintf("%s %s %s %d %t", name, call.OperationID, call.Route, call.Attempt, ok))
				resp, err := next.Do(r)
				seen = append(seen, fmt.Sprintf("%s %d", name, resp.StatusCode))
				return resp, err
			})
		}
	}
	cc := mock.ClientFor(t, mock.APIKey, certcentral.WithRetries(1), certcentral.WithMiddleware(note("a"), note("b")),
		certcentral.WithMiddleware(note("c")))
	if _, err := certcentral.WithoutWaits(cc).Finance.GetBalance(t.Context()); err != nil {
		t.Fatal(err)
	}
	var want []string
	for attempt, status := range []int{503, 200} {
		for _, name := range []string{"a", "b", "c"} {
			want = append(want, fmt.Sprintf("%s getBalance /finance/balance %d true", name, attempt+1))
		}
		for _, name := range []string{"c", "b", "a"} {
			want = append(want, fmt.Sprintf("%s %d", name, status))
		}
	}
	if !slices.Equal(seen, want) {
		t.Errorf("got  %q\nwant %q", seen, want)
	}
	if _, ok := certcentral.CallFrom(t.Context()); ok {
		t.Error("the context of a test belongs to a call")
	}
}

// TestEveryCallHasARoute checks the operation and the route of every call, which fits its path.
func TestEveryCallHasARoute(t *testing.T) {
	t.Parallel()
	for _, call := range calls() {
		t.Run(call.operation, func(t *testing.T) {
			t.Parallel()
			var got certcentral.Call
			var path string
			c := newClient(t, certcentral.WithMiddleware(func(certcentral.Doer) certcentral.Doer {
				return certcentral.DoerFunc(func(r *http.Request) (*http.Response, error) {
					got, _ = certcentral.CallFrom(r.Context())
					path, _ = strings.CutPrefix(r.URL.Path, "/services/v2")
					return nil, errors.New("stop")
				})
			}))
			_, _ = call.call(t.Context(), c)
			contract, _ := api.OperationByID(call.operation)
			if got.OperationID != call.operation || got.Route != contract.Path || got.Attempt != 1 {
				t.Errorf("got %+v", got)
			}
			fits := slices.EqualFunc(strings.Split(got.Route, "/"), strings.Split(path, "/"), func(template, segment string) bool {
				return template == segment || strings.HasPrefix(template, "{")
			})
			if !fits {
				t.Errorf("the route of %s is %s", path, got.Route)
			}
		})
	}
}

// TestMiddlewareOutcome checks the outcome of an order and of a reading whose middleware fails.
func TestMiddlewareOutcome(t *testing.T) {
	t.Parallel()
	failed := errors.New("failed")
	for _, tt := range []struct {
		name       string
		middleware func(next certcentral.Doer) certcentral.Doer
		attempts   int  // of a reading with one retry
		unknown    bool // the outcome of an order
		want       error
	}{
		{"before sending", func(certcentral.Doer) certcentral.Doer {
			return certcentral.DoerFunc(func(*http.Request) (*http.Response, error) { return nil, failed })
		}, 1, false, failed},
		{"after sending", func(next certcentral.Doer) certcentral.Doer {
			return certcentral.DoerFunc(func(r *http.Request) (*http.Response, error) {
				resp, err := next.Do(r)
				if err == nil {
					_ = resp.Body.Close()
				}
				return nil, failed
			})
		}, 2, true, failed},
		{"with a context of its own", func(next certcentral.Doer) certcentral.Doer {
			return certcentral.DoerFunc(func(r *http.Request) (*http.Response, error) {
				resp, err := next.Do(r.WithContext(context.Background()))
				if err == nil {
					_ = resp.Body.Close()
				}
				return nil, failed
			})
		}, 2, true, failed},
		{"while it is sent", func(next certcentral.Doer) certcentral.Doer {
			return certcentral.DoerFunc(func(r *http.Request) (*http.Response, error) {
				begun := make(chan struct{})
				go func() {
					resp, err := next.Do(r.WithContext(withBeginning(r.Context(), begun)))
					if err == nil {
						_ = resp.Body.Close()
					}
				}()
				<-begun
				return nil, failed
			})
		}, 2, true, failed},
		{"nothing at all", func(certcentral.Doer) certcentral.Doer {
			return certcentral.DoerFunc(func(*http.Request) (*http.Response, error) { return nil, nil }) //nolint:nilnil // the mistake that is tested
		}, 1, false, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			mock := mocktest.Start(t)
			cc := mock.ClientFor(t, mock.APIKey, certcentral.WithMiddleware(tt.middleware), certcentral.WithRetries(1),
				certcentral.WithHTTPClient(&http.Client{Transport: beginning{newTransport(t)}}))
			_, err := cc.Orders.PlacePKIoOrganisationPerson(t.Context(), simpleOrder())
			if errors.Is(err, certcentral.ErrOutcomeUnknown) != tt.unknown || errors.Is(err, certcentral.ErrNotAnswered) == tt.unknown {
				t.Errorf("an order: %v", err)
			}
			_, err = certcentral.WithoutWaits(cc).Finance.GetBalance(t.Context())
			e, ok := errors.AsType[*certcentral.Error](err)
			if !ok || e.Attempts != tt.attempts || !errors.Is(err, certcentral.ErrNotAnswered) || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("a reading: %#v", err)
			}
		})
	}
}

type limited struct{}

func (limited) Error() string { return "over the limit" }
func (limited) NotSent() bool { return true }

// TestNotSent uses a transport that sends nothing and says so.
func TestNotSent(t *testing.T) {
	t.Parallel()
	c := newClient(t, certcentral.WithRetries(2), certcentral.WithHTTPClient(&http.Client{
		Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, limited{} }),
	}))
	_, read := c.Finance.GetBalance(t.Context())
	_, order := c.Orders.PlacePKIoOrganisationPerson(t.Context(), simpleOrder())
	for _, err := range []error{read, order} {
		if e, ok := errors.AsType[*certcentral.Error](err); !ok || e.Attempts != 1 || !errors.Is(err, certcentral.ErrNotAnswered) || !errors.Is(err, limited{}) {
			t.Errorf("got %#v", err)
		}
	}
}

type beginningKey struct{}

func withBeginning(ctx context.Context, begun chan struct{}) context.Context {
	return context.WithValue(ctx, beginningKey{}, begun)
}

// beginning is a transport that reports that a request has reached it.
type beginning struct{ next http.RoundTripper }

func (b beginning) RoundTrip(r *http.Request) (*http.Response, error) {
	if begun, ok := r.Context().Value(beginningKey{}).(chan struct{}); ok {
		close(begun)
	}
	return b.next.RoundTrip(r)
}

// TestMiddlewareBody lets middleware replace the body of an answer.
func TestMiddlewareBody(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	cc := mock.ClientFor(t, mock.APIKey, certcentral.WithMiddleware(func(next certcentral.Doer) certcentral.Doer {
		return certcentral.DoerFunc(func(r *http.Request) (*http.Response, error) {
			resp, err := next.Do(r)
			if err == nil {
				_ = resp.Body.Close()
				resp.Body = io.NopCloser(strings.NewReader(`{"balance":"7.00"}`))
			}
			return resp, err
		})
	}))
	if balance, err := cc.Finance.GetBalance(t.Context()); err != nil || balance.Balance != "7.00" {
		t.Errorf("got %v, %v", balance, err)
	}
}

// A closedBody is the body of an answer that records whether it was closed.
type closedBody struct {
	io.ReadCloser

	closed bool
}

func (b *closedBody) Close() error {
	b.closed = true
	return b.ReadCloser.Close()
}

// TestMiddlewareErrorWithAnswer pins that an answer which middleware returns together with an error
// is closed, so that its connection is not lost.
func TestMiddlewareErrorWithAnswer(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	errUnfit, body := errors.New("unfit"), new(closedBody)
	cc := mock.ClientFor(t, mock.APIKey, certcentral.WithMiddleware(func(next certcentral.Doer) certcentral.Doer {
		return certcentral.DoerFunc(func(r *http.Request) (*http.Response, error) {
			resp, err := next.Do(r)
			if err != nil {
				return nil, err
			}
			body.ReadCloser = resp.Body
			resp.Body = body
			return resp, errUnfit
		})
	}))
	if _, err := cc.Finance.GetBalance(t.Context()); !errors.Is(err, errUnfit) || !body.closed {
		t.Errorf("%v; the body is closed: %t", err, body.closed)
	}
}

func TestCallIsLogged(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("sent", "call",
		certcentral.Call{OperationID: "getOrder", Route: "/order/certificate/{order_id}", Attempt: 2})
	if want := "call.operation=getOrder call.route=/order/certificate/{order_id} call.attempt=2\n"; !strings.HasSuffix(log.String(), want) {
		t.Errorf("got %s", log.String())
	}
}
