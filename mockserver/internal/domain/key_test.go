package domain_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// TestSeedKeys: an account can begin with keys for the users that it begins with, and no others.
func TestSeedKeys(t *testing.T) {
	t.Parallel()
	seed := domain.Seed(manual(), unlimited(), today())
	keys := []domain.Key{{Hash: "a", UserID: domain.SeedAdministrator}, {Hash: "b", UserID: domain.SeedUser, Role: 100}}
	got, err := domain.SeedKeys(seed, keys)
	if err != nil || len(got.Keys) != 2 || len(got.People) != len(seed.People) {
		t.Errorf("%v, %+v", err, got.Keys)
	}
	_, err = domain.SeedKeys(seed, append(keys, domain.Key{UserID: 5}))
	checkFaults(t, err, fault{domain.CodeInvalidUser, "keys[2].user_id"})
}

func TestAccountNotFound(t *testing.T) {
	t.Parallel()
	for matches, want := range map[int]string{0: "no account", 2: "2 accounts"} {
		if err := domain.AccountNotFound(matches); !errors.Is(err, &domain.Error{Code: domain.CodeAccountNotFound}) || !strings.Contains(err.Error(), want) {
			t.Errorf("%d: %v", matches, err)
		}
	}
}
