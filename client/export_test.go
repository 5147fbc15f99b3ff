package client

import (
	"context"
	"time"
)

// WithoutWaits makes a client repeat requests at once, and returns it.
func WithoutWaits(c *Client) *Client {
	c.retries.sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	return c
}
