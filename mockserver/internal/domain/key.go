package domain

// A Key belongs to a user of an account. It is kept as a hash.
type Key struct {
	Hash   KeyHash
	UserID int64
	Role   KeyRole
}

// KeyHash names an API key without revealing it.
type KeyHash string

// KeyRole is what an API key is limited to; zero is no limit (D-56).
type KeyRole int64

// KeyRoles are what an API key can be limited to, by the names of certcentral-facts 1.2. No limit is not among them
// (D-56).
func KeyRoles() []Role {
	return []Role{{100, "Orders"}, {101, "Orders, Domains, Organizations"}, {102, "View Only"}, {103, "User Management"}}
}

// CreateKey gives a user of the account one more API key, which is kept as a hash.
func CreateKey(r Reader, user int64, role KeyRole, hash KeyHash) (Changes, error) {
	if person, there := r.Person(user); !there || person.User == nil {
		return Changes{}, &Error{
			Code: CodeInvalidUser, Path: "user_id",
			Message: "user_id names no user of this account; GET /user and GET /user/api-only list them",
		}
	}
	return Changes{Keys: []Key{{Hash: hash, UserID: user, Role: role}}}, nil
}

// An Actor is who sends a request: a user of an account, with a key.
type Actor struct {
	Account     AccountID
	UserID      int64
	Role        Role
	KeyRole     KeyRole
	ServiceUser bool
}

// ActorOf is who sends a request with a key that the account handed out. It is false for a key whose user is gone,
// which happens when the account is reset just then.
func ActorOf(r Reader, account AccountID, key Key) (Actor, bool) {
	person, there := r.Person(key.UserID)
	if !there || person.User == nil {
		return Actor{}, false
	}
	return Actor{
		Account: account, UserID: person.ID, Role: person.User.Role, KeyRole: key.Role, ServiceUser: person.User.Service(),
	}, true
}
