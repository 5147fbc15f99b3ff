package domain

// ChangeSettings changes how an account behaves from now on; what is nil stays as it is. Orders that have been placed
// stay as they are.
func ChangeSettings(r Reader, approval *Approval, life *Life, chain *TokenChain) Changes {
	settings := r.Settings()
	if approval != nil {
		settings.Approval = *approval
	}
	if life != nil {
		settings.Life = *life
	}
	if chain != nil {
		settings.TokenChain = *chain
	}
	return Changes{Settings: &settings}
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
