package front

import (
	"strings"
	"testing"
)

// TestKeyring pins which keys open an account, with a list of keys and without one.
func TestKeyring(t *testing.T) {
	t.Parallel()
	ring, err := NewKeyring("one", "mock-00000000000000000000000000000000")
	if err != nil {
		t.Fatal(err)
	}
	made, hash := NewKey()
	if hash != HashKey(made) || !validKey(made) {
		t.Errorf("the key has the hash %s, want %s", hash, HashKey(made))
	}
	for key, want := range map[string][2]bool{ // with the list, without
		"one": {true, true}, "two": {false, true}, "invalid": {false, false}, "invalid-two": {false, false}, made: {false, false},
		"mock-00000000000000000000000000000000": {true, false}, "mock-0000000000000000000000000000000g": {false, true}, "mock-0": {false, true},
	} {
		if got := [2]bool{ring.opens(key, HashKey(key)), Keyring(nil).opens(key, HashKey(key))}; got != want {
			t.Errorf("%s: got %v, want %v", key, got, want)
		}
	}
	for want, keys := range map[string][]string{
		"the list is empty": nil, "key 2 is empty": {"a", ""}, "key 1 is empty, longer than 256 bytes": {strings.Repeat("a", 257)},
		"not printable ASCII": {"a b"}, "key 3 stands in the list twice": {"a", "b", "a"},
	} {
		if _, err := NewKeyring(keys...); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "a b") {
			t.Errorf("%q: error %v, want %q", keys, err, want)
		}
	}
}
