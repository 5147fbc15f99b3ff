package front

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

const (
	invalidPrefix = "invalid" // a key that begins like this is refused, so that clients can test for it
	maxKeyLength  = 256

	// A key that an account hands out is madePrefix and madeBytes random bytes in hexadecimal.
	madePrefix = "mock-"
	madeBytes  = 16
)

// A Keyring holds the API keys that open accounts, as hashes; a nil one stands for every key. The
// keys that accounts hand out are not on it; the store knows them.
type Keyring map[domain.KeyHash]struct{}

// NewKeyring returns a ring with these keys.
func NewKeyring(keys ...string) (Keyring, error) {
	if len(keys) == 0 {
		return nil, errors.New("the list is empty, so that every request would be refused")
	}
	ring := Keyring{}
	for i, key := range keys {
		if !validKey(key) {
			return nil, fmt.Errorf("key %d is empty, longer than %d bytes or not printable ASCII", i+1, maxKeyLength)
		}
		hash := HashKey(key)
		if _, there := ring[hash]; there {
			return nil, fmt.Errorf("key %d stands in the list twice", i+1)
		}
		ring[hash] = struct{}{}
	}
	return ring, nil
}

// opens tells whether a key, given with its hash, opens an account. A key in the form of those that
// are handed out opens none: it was forgotten by a reset or comes from an earlier run, and a fresh
// account in its place would hide that.
func (k Keyring) opens(key string, hash domain.KeyHash) bool {
	if k != nil {
		_, known := k[hash]
		return known
	}
	return !strings.HasPrefix(key, invalidPrefix) && !handedOut(key)
}

// HashKey names an API key without revealing it.
func HashKey(key string) domain.KeyHash {
	sum := sha256.Sum256([]byte(key))
	return domain.KeyHash(hex.EncodeToString(sum[:]))
}

// NewKey makes an API key for an account to hand out, and its hash. It is the only source of such
// keys, and the only random value in the answers of the mock, apart from keys of certificates and
// serial numbers.
func NewKey() (key string, hash domain.KeyHash) {
	var random [madeBytes]byte
	_, _ = rand.Read(random[:]) // never fails (crypto/rand)
	key = madePrefix + hex.EncodeToString(random[:])
	return key, HashKey(key)
}

// handedOut tells whether a key has the form of those that NewKey makes.
func handedOut(key string) bool {
	digits, found := strings.CutPrefix(key, madePrefix)
	return found && len(digits) == 2*madeBytes && strings.Trim(digits, "0123456789abcdef") == ""
}

func validKey(key string) bool { return printable(key, maxKeyLength) }

// printable tells whether a text is not empty, is not too long, and consists of visible ASCII.
func printable(text string, longest int) bool {
	for i := range len(text) {
		if text[i] <= ' ' || text[i] > '~' {
			return false
		}
	}
	return text != "" && len(text) <= longest
}
