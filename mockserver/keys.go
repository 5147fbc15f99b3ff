package mockserver

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

const (
	keyHeader     = "X-DC-DEVKEY"
	invalidPrefix = "invalid" // a key that begins like this is refused, so that clients can test for it
	maxKeyLength  = 256

	// Keys that an account hands out are madePrefix and so many random bytes in hexadecimal.
	madePrefix = "mock-"
	madeBytes  = 16
)

// A keyring tells whether an API key opens an account: those on it do, and any key when it is nil. It holds no keys,
// only hashes. The keys that accounts hand out are not on it; the store knows them.
type keyring map[domain.KeyHash]struct{}

// opens tells whether a key, of which the hash is given too, opens an account. One that has the form of the keys that
// are handed out does not: it was forgotten by a reset or comes from an earlier run, and whoever still holds it should
// hear so rather than find himself the administrator of a fresh account.
func (k keyring) opens(key string, hash domain.KeyHash) bool {
	if k != nil {
		_, known := k[hash]
		return known
	}
	return !strings.HasPrefix(key, invalidPrefix) && !made(key)
}

// hashKey names a key without revealing it.
func hashKey(key string) domain.KeyHash {
	sum := sha256.Sum256([]byte(key))
	return domain.KeyHash(hex.EncodeToString(sum[:]))
}

// newKey makes an API key for an account to hand out, and its hash. It is the one source of such keys, and of chance
// in the whole mock: whatever else is unpredictable about an answer would be a mistake.
func newKey() (key string, hash domain.KeyHash) {
	var random [madeBytes]byte
	_, _ = rand.Read(random[:]) // never fails (crypto/rand)
	key = madePrefix + hex.EncodeToString(random[:])
	return key, hashKey(key)
}

// made tells whether a key has the form of those that newKey makes.
func made(key string) bool {
	digits, found := strings.CutPrefix(key, madePrefix)
	return found && len(digits) == 2*madeBytes && strings.Trim(digits, "0123456789abcdef") == ""
}

func validKey(key string) bool { return printable(key, maxKeyLength) }

// printable tells whether a text is there, is not too long, and has nothing but visible ASCII in it.
func printable(text string, longest int) bool {
	for i := range len(text) {
		if text[i] <= ' ' || text[i] > '~' {
			return false
		}
	}
	return text != "" && len(text) <= longest
}
