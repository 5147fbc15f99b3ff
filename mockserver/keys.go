package mockserver

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

const (
	keyHeader     = "X-DC-DEVKEY"
	invalidPrefix = "invalid" // a key that begins like this is refused, so that clients can test for it
	maxKeyLength  = 256
)

// A keyring tells which account an API key opens. It holds no keys, only hashes.
type keyring struct {
	closed map[domain.AccountID]struct{} // nil when any key opens an account
}

func newKeyring(keys []string) *keyring {
	if keys == nil {
		return &keyring{}
	}
	ring := &keyring{closed: map[domain.AccountID]struct{}{}}
	for _, key := range keys {
		ring.closed[accountOf(key)] = struct{}{}
	}
	return ring
}

// account returns the account of a key, or false for a key that opens none.
func (k *keyring) account(key string) (domain.AccountID, bool) {
	if !validKey(key) {
		return "", false
	}
	account := accountOf(key)
	if k.closed != nil {
		_, known := k.closed[account]
		return account, known
	}
	return account, !strings.HasPrefix(key, invalidPrefix)
}

func accountOf(key string) domain.AccountID {
	sum := sha256.Sum256([]byte(key))
	return domain.AccountID(hex.EncodeToString(sum[:]))
}

// shortHash is how logs name an account.
func shortHash(account domain.AccountID) string { return string(account)[:8] }

func validKey(key string) bool {
	if key == "" || len(key) > maxKeyLength {
		return false
	}
	for i := range len(key) {
		if key[i] <= ' ' || key[i] > '~' {
			return false
		}
	}
	return true
}
