package client_test

import (
	"context"
	"io"
	"iter"
	"testing"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// TestArgumentErrorsOfIterators calls the iterators with wrong arguments.
func TestArgumentErrorsOfIterators(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		call func(context.Context, *certcentral.Client) error
		want string
	}{
		{"orders", func(ctx context.Context, c *certcentral.Client) error {
			return firstError(c.Orders.All(ctx, certcentral.OrderListOptions{Limit: -1}))
		}, "listOrders: limit must not be negative or huge"},
		{"orders without an alternative id", func(ctx context.Context, c *certcentral.Client) error {
			return firstError(c.Orders.AllByAlternativeID(ctx, "", certcentral.OrderAlternativeOptions{}))
		}, "listAlternateOrders: alternative_order_id is empty"},
		{"requests", func(ctx context.Context, c *certcentral.Client) error {
			return firstError(c.Requests.All(ctx, certcentral.RequestListOptions{Offset: -1}))
		}, "listRequests: offset must not be negative"},
		{"organizations", func(ctx context.Context, c *certcentral.Client) error {
			return firstError(c.Organizations.All(ctx, certcentral.OrganizationListOptions{Offset: -1}))
		}, "listOrganizations: offset must not be negative"},
		{"users", func(ctx context.Context, c *certcentral.Client) error {
			return firstError(c.Users.All(ctx, certcentral.UserListOptions{ContainerID: -1}))
		}, "listUsers: container_id must be positive"},
		{"service users", func(ctx context.Context, c *certcentral.Client) error {
			return firstError(c.Users.AllServiceUsers(ctx, certcentral.ServiceUserListOptions{Limit: -1}))
		}, "listServiceUsers: limit must not be negative or huge"},
		{"balance history", func(ctx context.Context, c *certcentral.Client) error {
			return firstError(c.Finance.AllBalanceHistory(ctx, certcentral.BalanceHistoryOptions{Offset: -1}))
		}, "getBalanceHistory: offset must not be negative"},
		{"nil option", func(ctx context.Context, c *certcentral.Client) error {
			return firstError(c.Orders.All(ctx, certcentral.OrderListOptions{}, nil))
		}, "listOrders: opts[0] is nil: leave it out"},
		{"payment profiles", func(ctx context.Context, c *certcentral.Client) error {
			return firstError(c.Finance.AllPaymentProfiles(ctx, certcentral.PaymentProfileListOptions{Limit: -1}))
		}, "listPaymentProfiles: limit must not be negative or huge"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkNotSent(t, tt.call, tt.want)
		})
	}
}

// TestArgumentErrorsOfCSV writes lists as CSV with wrong arguments.
func TestArgumentErrorsOfCSV(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		call func(context.Context, *certcentral.Client) (int64, error)
		want string
	}{
		{"orders", func(ctx context.Context, c *certcentral.Client) (int64, error) {
			return c.Orders.WriteCSV(ctx, io.Discard, certcentral.OrderListOptions{ID: certcentral.IDs()})
		}, "listOrders: filters[id] has no value: to match everything, leave it out"},
		{"nothing to write to", func(ctx context.Context, c *certcentral.Client) (int64, error) {
			return c.Orders.WriteCSV(ctx, nil, certcentral.OrderListOptions{})
		}, "listOrders: w is nil"},
		{"nil option", func(ctx context.Context, c *certcentral.Client) (int64, error) {
			return c.Orders.WriteCSV(ctx, io.Discard, certcentral.OrderListOptions{}, nil)
		}, "listOrders: opts[0] is nil: leave it out"},
		{"requests", func(ctx context.Context, c *certcentral.Client) (int64, error) {
			return c.Requests.WriteCSV(ctx, io.Discard, certcentral.RequestListOptions{Offset: -1})
		}, "listRequests: offset must not be negative"},
		{"organizations", func(ctx context.Context, c *certcentral.Client) (int64, error) {
			return c.Organizations.WriteCSV(ctx, io.Discard, certcentral.OrganizationListOptions{Limit: -1})
		}, "listOrganizations: limit must not be negative or huge"},
		{"users", func(ctx context.Context, c *certcentral.Client) (int64, error) {
			return c.Users.WriteCSV(ctx, io.Discard, certcentral.UserListOptions{ContainerID: -1})
		}, "listUsers: container_id must be positive"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkNotSent(t, func(ctx context.Context, c *certcentral.Client) error {
				n, err := tt.call(ctx, c)
				if n != 0 {
					t.Errorf("%d bytes were written", n)
				}
				return err
			}, tt.want)
		})
	}
}

// firstError returns the first error of an iteration.
func firstError[T any](items iter.Seq2[T, error]) error {
	for _, err := range items {
		if err != nil {
			return err
		}
	}
	return nil
}
