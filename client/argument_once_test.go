package client_test

import (
	"context"
	"errors"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// TestWrongArgumentsOfOnceAndWait pins what the methods that act once and that wait refuse before
// they send anything.
func TestWrongArgumentsOfOnceAndWait(t *testing.T) {
	t.Parallel()
	request := func(id string, agreed bool) certcentral.PKIoOrganisationPersonRequest {
		r := ourOrder()
		r.AlternativeOrderID, r.AgreedToCSA = id, agreed
		return r
	}
	placeOnce := func(r certcentral.PKIoOrganisationPersonRequest, opts ...certcentral.OnceOption) func(context.Context, *certcentral.Client) error {
		return func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.PlaceOnce(ctx, r, opts...)
			return err
		}
	}
	waitIssued := func(id int64, opts ...certcentral.WaitOption) func(context.Context, *certcentral.Client) error {
		return func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.WaitIssued(ctx, id, opts...)
			return err
		}
	}
	for name, tt := range map[string]struct {
		call func(context.Context, *certcentral.Client) error
		want string
	}{
		"PlaceOnce without an id": {placeOnce(request("", true)), "orderPkioOrganisationPerson: alternative_order_id is empty"},
		"PlaceOnce without the agreement": {
			placeOnce(request("a", false)),
			"orderPkioOrganisationPerson: csa_agreed_to is false: set AgreedToCSA once the agreement is given",
		},
		"PlaceOnce with a nil option": {placeOnce(request("a", true), nil), "orderPkioOrganisationPerson: opts[0] is nil: leave it out"},
		"PlaceOnce with a negative quiet period": {
			placeOnce(request("a", true), certcentral.WithQuietPeriod(-1)),
			"orderPkioOrganisationPerson: WithQuietPeriod must not be negative",
		},
		"PlaceOnce with an empty request id": {
			placeOnce(request("a", true), certcentral.WithRequestID("")),
			"listAlternateOrders: X-Request-Id must have 1 to 128 characters",
		},
		"ReissueOnce of order 0": {func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.ReissueOnce(ctx, 0, 1, certcentral.ReissueOptions{})
			return err
		}, "reissueCertificate: order_id must be positive"},
		"ReissueOnce, number 0": {func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.ReissueOnce(ctx, 1, 0, certcentral.ReissueOptions{})
			return err
		}, "reissueCertificate: number must be positive: the first reissue has the number 1"},
		"RevokeOnce of order 0": {func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.RevokeOnce(ctx, 0, certcentral.RevokeOptions{})
			return err
		}, "revokeOrderCertificates: order_id must be positive"},
		"WaitIssued for order 0":       {waitIssued(0), "getOrder: order_id must be positive"},
		"WaitIssued with a nil option": {waitIssued(1, nil), "getOrder: opts[0] is nil: leave it out"},
		"WaitIssued with pauses of 0": {
			waitIssued(1, certcentral.WithPauses(0, time.Second)),
			"getOrder: WithPauses needs a positive first pause, and a longest one that is not shorter",
		},
		"WaitIssued with shrinking pauses": {
			waitIssued(1, certcentral.WithPauses(time.Minute, time.Second)),
			"getOrder: WithPauses needs a positive first pause, and a longest one that is not shorter",
		},
		"WaitIssued with nil for an approval": {waitIssued(1, certcentral.WithApproval(nil)), "getOrder: WithApproval was given nil"},
		"WaitIssued with nil for progress":    {waitIssued(1, certcentral.WithProgress(nil)), "getOrder: WithProgress was given nil"},
		"Wait for request 0": {func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Requests.Wait(ctx, 0)
			return err
		}, "getRequest: request_id must be positive"},
		"Wait with progress": {func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Requests.Wait(ctx, 1, certcentral.WithProgress(func(certcentral.Order) {}))
			return err
		}, "getRequest: opts has WithApproval or WithProgress, which are about an order"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := mocktest.Start(t)
			err := tt.call(t.Context(), mock.Client)
			if refused, ok := errors.AsType[*certcentral.ArgumentError](err); !ok || refused.Error() != tt.want {
				t.Errorf("error %v, want %s", err, tt.want)
			}
			if calls := mock.Journal(t); len(calls) != 0 {
				t.Errorf("%d requests were sent", len(calls))
			}
		})
	}
}
