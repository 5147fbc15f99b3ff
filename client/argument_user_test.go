package client_test

import (
	"context"
	"testing"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// TestArgumentErrorsOfUsers calls the methods about users and containers with wrong arguments.
func TestArgumentErrorsOfUsers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		call func(context.Context, *certcentral.Client) error
		want string
	}{
		{"change of user 0", func(ctx context.Context, c *certcentral.Client) error {
			return c.Users.Update(ctx, 0, certcentral.UserUpdateRequest{Email: "ada@example.org"})
		}, "updateUser: user_id must be positive"},
		{"deletion of user 0", func(ctx context.Context, c *certcentral.Client) error {
			return c.Users.Delete(ctx, 0)
		}, "deleteUser: user_id must be positive"},
		{"container -1", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Containers.Get(ctx, -1)
			return err
		}, "getContainer: container_id must be positive"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkNotSent(t, tt.call, tt.want)
		})
	}
}
