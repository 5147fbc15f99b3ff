package domain_test

import (
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func TestActorOfContext(t *testing.T) {
	t.Parallel()
	if got := domain.ActorFrom(t.Context()); got.Account != "" || got.UserID != 0 {
		t.Errorf("a request without a key has the actor %+v", got)
	}
	ctx := domain.WithActor(t.Context(), domain.Actor{Account: "9f86d081884c7d65", UserID: 7})
	if got := domain.ActorFrom(ctx); got.UserID != 7 || got.Account.Short() != "9f86d081" {
		t.Errorf("got %+v, account %s in logs", got, got.Account.Short())
	}
	if got := domain.AccountID("a").Short(); got != "a" {
		t.Errorf("got %q", got)
	}
}
