package domain

import (
	"fmt"
	"slices"
)

// A Key is an API key of a user. Only its hash is kept.
type Key struct {
	Hash   KeyHash
	UserID int64
	Role   KeyRole
}

// KeyHash names an API key without revealing it.
type KeyHash string

// KeyRole is the limit of an API key; zero is no limit (D-56).
type KeyRole int64

// KeyRoles are the limits of API keys, with the names of certcentral-facts 1.2. A key without a
// limit has none of them (D-56).
func KeyRoles() []Role {
	return []Role{{100, "Orders"}, {101, "Orders, Domains, Organizations"}, {102, "View Only"}, {103, "User Management"}}
}

// CreateKey gives a user of the account one more API key.
func CreateKey(r Reader, user int64, role KeyRole, hash KeyHash) (Changes, error) {
	if person, there := r.Person(user); !there || person.User == nil {
		return Changes{}, &Error{
			Code: CodeInvalidUser, Path: "user_id", Message: "user_id names no user of this account", Hint: HintListUsers,
		}
	}
	return Changes{Keys: []Key{{Hash: hash, UserID: user, Role: role}}}, nil
}

// An Actor is the sender of a request: a user of an account, with a key.
type Actor struct {
	Account     AccountID
	UserID      int64
	Role        Role
	KeyRole     KeyRole
	ServiceUser bool
}

// ActorOf returns the sender of a request with a key that the account handed out. It returns false
// when the key has no user any more, because the account was reset after the key was looked up.
func ActorOf(r Reader, account AccountID, key Key) (Actor, bool) {
	person, there := r.Person(key.UserID)
	if !there || person.User == nil {
		return Actor{}, false
	}
	return Actor{
		Account: account, UserID: person.ID, Role: person.User.Role, KeyRole: key.Role, ServiceUser: person.User.Service(),
	}, true
}

// SeedKeys returns the contents of a new account with API keys for its users.
func SeedKeys(seed Changes, keys []Key) (Changes, error) {
	for i, key := range keys {
		if !slices.ContainsFunc(seed.People, func(p Person) bool { return p.ID == key.UserID && p.User != nil }) {
			path := fmt.Sprintf("keys[%d].user_id", i)
			return Changes{}, &Error{Code: CodeInvalidUser, Path: path, Message: path + " names no user of a new account"}
		}
	}
	seed.Keys = keys
	return seed, nil
}

// AccountNotFound is the refusal of a name that no account has, or several have.
func AccountNotFound(matches int) error {
	message := "account not found: no account has an id that begins like this"
	if matches > 1 {
		message = fmt.Sprintf("account not found: %d accounts have an id that begins like this", matches)
	}
	return notFound(CodeAccountNotFound, message, HintListAccounts)
}
