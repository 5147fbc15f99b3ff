package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// clientOnce is a client of the mock with a clock of its own and with middleware.
func clientOnce(
	t *testing.T, mock *mocktest.Server, clock certcentral.Clock, middleware func(*http.Request, certcentral.Doer) (*http.Response, error),
) *certcentral.Client {
	t.Helper()
	return mock.ClientFor(t, mock.APIKey, certcentral.WithClock(clock),
		certcentral.WithMiddleware(func(next certcentral.Doer) certcentral.Doer {
			return certcentral.DoerFunc(func(r *http.Request) (*http.Response, error) { return middleware(r, next) })
		}))
}

func operationOf(r *http.Request) string {
	call, _ := certcentral.CallFrom(r.Context())
	return call.OperationID
}

func namedOrder(id string) certcentral.PKIoOrganisationPersonRequest {
	request := ourOrder()
	request.AlternativeOrderID = id
	return request
}

// TestPlaceOnceDuplicatesAfterLostAnswer pins that two orders are not an unknown outcome, which would
// say that there is one order or none.
func TestPlaceOnceDuplicatesAfterLostAnswer(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithQuickKeys())
	mock.Fail(t, mocktest.On("orderPkioOrganisationPerson").LoseAnswer())
	clock := new(quickClock)
	cc := onceClient(t, mock, clock)
	clock.slept = func(time.Duration) {
		if _, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), namedOrder("twice")); err != nil {
			t.Error(err)
		}
	}
	_, err := cc.Orders.PlaceOnce(t.Context(), namedOrder("twice"))
	if twice, ok := errors.AsType[*certcentral.DuplicateOrderError](err); !ok || len(twice.Orders) != 2 ||
		errors.Is(err, certcentral.ErrOutcomeUnknown) {
		t.Errorf("error %v", err)
	}
}

// TestPlaceOnceReadsAllPages pins that a second order on another page is seen.
func TestPlaceOnceReadsAllPages(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithQuickKeys())
	for range 2 {
		if _, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), namedOrder("paged")); err != nil {
			t.Fatal(err)
		}
	}
	cc := clientOnce(t, mock, new(quickClock), func(r *http.Request, next certcentral.Doer) (*http.Response, error) {
		query := r.URL.Query()
		query.Set("limit", "1")
		r.URL.RawQuery = query.Encode()
		return next.Do(r)
	})
	result, err := cc.Orders.PlaceOnce(t.Context(), namedOrder("paged"))
	if twice, ok := errors.AsType[*certcentral.DuplicateOrderError](err); !ok || len(twice.Orders) != 2 {
		t.Errorf("got %+v, %v", result, err)
	}
}

// A notSentError is the error of middleware that sends nothing.
type notSentError struct{ cause error }

func (e notSentError) Error() string { return "not sent: " + e.cause.Error() }
func (e notSentError) Unwrap() error { return e.cause }
func (notSentError) NotSent() bool   { return true }

// TestPlaceOnceWithLimiter pins that a limiter which has no turn within the time limit of an attempt
// is asked again, until the context ends, and that any other refusal of middleware ends the call.
func TestPlaceOnceWithLimiter(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		cause   error
		limit   int // the pause at which the context ends
		orders  int
		refused bool
	}{
		"no turn at first":   {cause: context.DeadlineExceeded, orders: 1},
		"no turn to the end": {cause: context.DeadlineExceeded, limit: 2, refused: true},
		"another refusal":    {cause: errors.New("this program may not order"), refused: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := mocktest.Start(t, mockserver.WithQuickKeys())
			refusals := 3
			cc := clientOnce(t, mock, &quickClock{limit: tt.limit}, func(r *http.Request, next certcentral.Doer) (*http.Response, error) {
				if operationOf(r) == "orderPkioOrganisationPerson" && refusals > 0 {
					refusals--
					return nil, notSentError{tt.cause}
				}
				return next.Do(r)
			})
			result, err := cc.Orders.PlaceOnce(t.Context(), namedOrder("limited"))
			if (err != nil) != tt.refused || tt.refused && !errors.Is(err, tt.cause) || errors.Is(err, certcentral.ErrOutcomeUnknown) {
				t.Errorf("got %+v, %v", result, err)
			}
			if got := countOrders(t, mock); got != tt.orders {
				t.Errorf("%d orders, want %d", got, tt.orders)
			}
		})
	}
}

// TestPlaceOnceWithoutKey pins that the outcome stays unknown if the source of the API key fails
// after the answer was lost, and that nothing is sent if it fails at first.
func TestPlaceOnceWithoutKey(t *testing.T) {
	t.Parallel()
	errSealed := errors.New("the store is sealed")
	for name, tt := range map[string]struct {
		keys    int // that the source returns before it fails
		unknown bool
		orders  int
	}{
		"at first":             {},
		"before the order":     {keys: 1},
		"after the lost order": {keys: 2, unknown: true, orders: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := mocktest.Start(t, mockserver.WithQuickKeys())
			mock.Fail(t, mocktest.On("orderPkioOrganisationPerson").LoseAnswer())
			left := tt.keys
			cc, err := certcentral.New(certcentral.WithBaseURL(mock.BaseURL), certcentral.WithClock(new(quickClock)),
				certcentral.WithAPIKeySource(func(context.Context) (string, error) {
					left--
					if left < 0 {
						return "", errSealed
					}
					return mock.APIKey, nil
				}))
			if err != nil {
				t.Fatal(err)
			}
			_, err = cc.Orders.PlaceOnce(t.Context(), namedOrder("keyless"))
			if !errors.Is(err, errSealed) || errors.Is(err, certcentral.ErrOutcomeUnknown) != tt.unknown {
				t.Errorf("error %v", err)
			}
			if got := countOrders(t, mock); got != tt.orders {
				t.Errorf("%d orders, want %d", got, tt.orders)
			}
		})
	}
}

// TestReissueOnceNumbers pins that a canceled reissue keeps its number: it is found by it, and the
// next one is found by the next.
func TestReissueOnceNumbers(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	mock := mocktest.Start(t, mockserver.WithQuickKeys(), mockserver.WithLife(mockserver.LifeManual))
	cc := onceClient(t, mock, new(quickClock))
	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, ourOrder())
	if err != nil {
		t.Fatal(err)
	}
	mock.Move(t, placed.ID, certcentral.OrderIssued)
	first, err := cc.Orders.ReissueOnce(ctx, placed.ID, 1, certcentral.ReissueOptions{})
	if err != nil || first.Found {
		t.Fatalf("the first: %+v, %v", first, err)
	}
	if err := cc.Orders.Cancel(ctx, placed.ID, "not needed"); err != nil {
		t.Fatal(err)
	}
	again, err := cc.Orders.ReissueOnce(ctx, placed.ID, 1, certcentral.ReissueOptions{})
	if err != nil || !again.Found || again.CertificateID != first.CertificateID {
		t.Errorf("the canceled one: %+v, %v; want the certificate %d", again, err, first.CertificateID)
	}
	_, err = cc.Orders.ReissueOnce(ctx, placed.ID, 3, certcentral.ReissueOptions{})
	if argument, ok := errors.AsType[*certcentral.ArgumentError](err); !ok || argument.Error() !=
		"reissueCertificate: number is too high: the next reissue of the order has the number 2" {
		t.Errorf("a number too high: %v", err)
	}
	mock.Fail(t, mocktest.On("reissueCertificate").LoseAnswer())
	second, err := cc.Orders.ReissueOnce(ctx, placed.ID, 2, certcentral.ReissueOptions{})
	made, listed := cc.Orders.Reissues(ctx, placed.ID)
	if err != nil || !second.Found || listed != nil || len(made) != 2 || second.CertificateID != made[1].ID {
		t.Errorf("the second: %+v, %v; %d reissues, %v", second, err, len(made), listed)
	}

	// An earlier reissue is found by its number also while a later one waits for an approval.
	mock.Move(t, placed.ID, certcentral.OrderIssued)
	mock.Set(t, mocktest.Approval(mockserver.ApprovalOn))
	third, err := cc.Orders.ReissueOnce(ctx, placed.ID, 3, certcentral.ReissueOptions{})
	if err != nil || !third.NeedsApproval {
		t.Fatalf("the third: %+v, %v", third, err)
	}
	again, err = cc.Orders.ReissueOnce(ctx, placed.ID, 2, certcentral.ReissueOptions{})
	if err != nil || again.NeedsApproval || again.CertificateID != second.CertificateID {
		t.Errorf("the second, again: %+v, %v; want the certificate %d", again, err, second.CertificateID)
	}
}

// TestOnceAfterConflict pins that a change which another program makes between the look and the
// request is found, and that any other conflict stays an error.
func TestOnceAfterConflict(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithQuickKeys())
	placed, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), ourOrder())
	if err != nil {
		t.Fatal(err)
	}
	mock.Settle(t)
	options := certcentral.RevokeOptions{SkipApproval: true}
	other := func() error { _, err := mock.Client.Orders.Revoke(t.Context(), placed.ID, options); return err }
	cc := clientOnce(t, mock, new(quickClock), func(r *http.Request, next certcentral.Doer) (*http.Response, error) {
		if operationOf(r) == "revokeOrderCertificates" {
			if err := other(); err != nil {
				t.Error(err)
			}
		}
		return next.Do(r)
	})
	if result, err := cc.Orders.RevokeOnce(t.Context(), placed.ID, options); err != nil || !result.Found || result.NeedsApproval {
		t.Errorf("got %+v, %v", result, err)
	}
	_, err = mock.Client.Orders.ReissueOnce(t.Context(), placed.ID, 1, certcentral.ReissueOptions{})
	if refused, ok := errors.AsType[*certcentral.Error](err); !ok || !refused.Has(certcentral.CodeOrderStatusConflict) {
		t.Errorf("a reissue of a revoked order: %v", err)
	}
}

// TestNilRequestOption pins the place of an option that is nil.
func TestNilRequestOption(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	var none certcentral.RequestOption
	_, placing := mock.Client.Orders.PlaceOnce(t.Context(), namedOrder("a"), certcentral.WithResume(), none)
	_, waiting := mock.Client.Orders.WaitIssued(t.Context(), 1, certcentral.WithPauses(1, 2), none)
	for _, err := range []error{placing, waiting} {
		if argument, ok := errors.AsType[*certcentral.ArgumentError](err); !ok || argument.Path != "opts[1]" {
			t.Errorf("error %v", err)
		}
	}
}

// TestLogOnceErrors pins what a log has of the errors of calls that go on for long.
func TestLogOnceErrors(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithQuickKeys())
	mock.Fail(t, mocktest.On("orderPkioOrganisationPerson").Cut("reset"))
	_, unknown := onceClient(t, mock, &quickClock{limit: 1}).Orders.PlaceOnce(t.Context(), namedOrder("lost"))
	ended := &certcentral.OrderEndedError{OrderID: 7, Status: certcentral.OrderRejected, Note: "Ada did not answer."}
	for name, tt := range map[string]struct {
		err  error
		want []string
	}{
		"unknown": {unknown, []string{`"subject":"the order with the alternative id lost"`, `"outcome_unknown":true`}},
		"ended":   {ended, []string{`"order_id":7`, `"status":"rejected"`}},
		"twice": {
			&certcentral.DuplicateOrderError{AlternativeOrderID: "twice", Orders: []certcentral.OrderState{{OrderID: 1}, {OrderID: 2}}},
			[]string{`"alternative_order_id":"twice"`, `"order_ids":[1,2]`},
		},
		"no unknown": {(*certcentral.OnceError)(nil), []string{`"err":"<nil>"`}},
		"no ended":   {(*certcentral.OrderEndedError)(nil), []string{`"err":"<nil>"`}},
		"no twice":   {(*certcentral.DuplicateOrderError)(nil), []string{`"err":"<nil>"`}},
	} {
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Error("failed", "err", tt.err)
		lacks := slices.ContainsFunc(tt.want, func(part string) bool { return !strings.Contains(log.String(), part) })
		if lacks || strings.Contains(log.String(), "Ada") || strings.Contains(log.String(), mock.APIKey) {
			t.Errorf("%s: %s", name, log.String())
		}
	}
	if got := fmt.Sprintf("%#v %v", ended, ended); strings.Contains(got, "Ada") || !strings.Contains(got, "OrderID:7") {
		t.Errorf("prints %s", got)
	}
}
