package client_test

import (
	"context"
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

// firstError returns the first error of an iteration.
func firstError[T any](items iter.Seq2[T, error]) error {
	for _, err := range items {
		if err != nil {
			return err
		}
	}
	return nil
}
