package domain

import "context"

type actorKey struct{}

// WithActor returns a context that carries the actor of a request.
func WithActor(ctx context.Context, actor Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, actor)
}

// ActorFrom returns the actor of a request from its context. It is the zero Actor for a request
// without an API key.
func ActorFrom(ctx context.Context) Actor {
	actor, _ := ctx.Value(actorKey{}).(Actor)
	return actor
}

// Short is the account in a log line: the first eight digits of its name.
func (a AccountID) Short() string { return string(a[:min(len(a), 8)]) }
