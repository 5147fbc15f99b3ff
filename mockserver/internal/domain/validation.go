package domain

import (
	"fmt"
	"slices"
	"time"
)

// ValidationType is a kind of validation of an organization.
type ValidationType string

// The kinds of validation (certcentral-facts 3.6). None of them is of PKIoverheid, and an order
// asks for none.
const (
	ValidationOV    ValidationType = "ov"
	ValidationEV    ValidationType = "ev"
	ValidationCS    ValidationType = "cs"
	ValidationEVCS  ValidationType = "ev_cs"
	ValidationDS    ValidationType = "ds"
	ValidationSMIME ValidationType = "smime"
)

// MaxValidationReuse is the number of days for which a finished validation can be used
// (certcentral-facts 3.6; D-60).
const MaxValidationReuse = 397

// A Validation is a check of an organization, pending or finished.
type Validation struct {
	Type           ValidationType
	DateCreated    time.Time // when it was finished; zero while it is pending
	ValidatedUntil time.Time // zero while it is pending
	VerifiedUsers  []int64   // the ids of the approvers
}

// ValidationStatus is the state of a validation.
type ValidationStatus string

// The states of a validation.
const (
	ValidationPending ValidationStatus = "pending"
	ValidationActive  ValidationStatus = "active"
	ValidationExpired ValidationStatus = "expired"
)

// Status returns the state of the validation at a time.
func (v Validation) Status(now time.Time) ValidationStatus {
	switch {
	case v.ValidatedUntil.IsZero():
		return ValidationPending
	case now.After(v.ValidatedUntil):
		return ValidationExpired
	default:
		return ValidationActive
	}
}

// ValidationPending tells whether a validation of the organization is pending.
func (o Organization) ValidationPending() bool {
	return slices.ContainsFunc(o.Validations, func(v Validation) bool { return v.ValidatedUntil.IsZero() })
}

// validated tells whether a validation of a type is active at a time.
func (o Organization) validated(of ValidationType, now time.Time) bool {
	return slices.ContainsFunc(o.Validations, func(v Validation) bool { return v.Type == of && v.Status(now) == ValidationActive })
}

// Name returns the short name of the type. The name of ov is documented, the others are ours
// (D-60).
func (t ValidationType) Name() string {
	switch t {
	case ValidationOV:
		return "OV"
	case ValidationEV:
		return "EV"
	case ValidationCS:
		return "CS"
	case ValidationEVCS:
		return "EV CS"
	case ValidationDS:
		return "DS"
	case ValidationSMIME:
		return "SMIME"
	default:
		return ""
	}
}

// Description returns the long name of the type. That of ov is documented, the others are ours
// (D-60).
func (t ValidationType) Description() string {
	switch t {
	case ValidationOV:
		return "Normal Organization Validation"
	case ValidationEV:
		return "Extended Organization Validation (EV)"
	case ValidationCS:
		return "Code Signing Organization Validation"
	case ValidationEVCS:
		return "Code Signing Organization Extended Validation (EV CS)"
	case ValidationDS:
		return "Document Signing Validation"
	case ValidationSMIME:
		return "S/MIME Organization Validation"
	default:
		return ""
	}
}

// hasApprovers tells whether a validation of the type has approvers, which the contract then
// demands (D-60).
func (t ValidationType) hasApprovers() bool {
	return t == ValidationEV || t == ValidationCS || t == ValidationEVCS
}

// ValidationInput asks for a validation.
type ValidationInput struct {
	Type          ValidationType
	VerifiedUsers []PersonInput
}

// SubmitOrganization submits an organization for validations (D-60).
func SubmitOrganization(r Reader, now time.Time, id int64, in []ValidationInput) (Changes, error) {
	organization, err := FindOrganization(r, id)
	if err != nil {
		return Changes{}, err
	}
	var errs Errors
	plan := newPlan(r)
	plan.validations(&errs, now, &organization, in)
	if err := errs.err(); err != nil {
		return Changes{}, err
	}
	plan.changes.Organizations = append(plan.changes.Organizations, organization)
	return plan.finish(), nil
}

// validations submits an organization for validations. Each replaces the former validation of its
// type. It is finished at once, unless validations of the account are manual, and stay
// pending.
func (p *plan) validations(errs *Errors, now time.Time, organization *Organization, in []ValidationInput) {
	validations := slices.Clone(organization.Validations)
	for i, input := range in {
		validation := Validation{Type: input.Type}
		if input.Type.hasApprovers() {
			validation.VerifiedUsers = p.verifiedUsers(errs, fmt.Sprintf("validations[%d].verified_users", i), input.VerifiedUsers)
		}
		if p.r.Settings().Validation != Manual {
			validation = validation.finished(now)
		}
		at := slices.IndexFunc(validations, func(v Validation) bool { return v.Type == input.Type })
		if at < 0 {
			validations = append(validations, validation)
		} else {
			validations[at] = validation
		}
	}
	organization.Validations = validations
}

// MoveValidation moves a validation of an organization to another state (D-60). One that is to be
// expired has ended a second ago.
func MoveValidation(r Reader, now time.Time, id int64, of ValidationType, to ValidationStatus) (Validation, Changes, error) {
	organization, err := FindOrganization(r, id)
	if err != nil {
		return Validation{}, Changes{}, err
	}
	at := slices.IndexFunc(organization.Validations, func(v Validation) bool { return v.Type == of })
	if at < 0 {
		return Validation{}, Changes{}, notFound(CodeValidationNotFound,
			"validation not found: the organization has not been submitted for "+string(of), HintSubmitOrganization)
	}
	validation := organization.Validations[at]
	switch to {
	case ValidationPending:
		validation.DateCreated, validation.ValidatedUntil = time.Time{}, time.Time{}
	case ValidationActive:
		validation = validation.finished(now)
	case ValidationExpired:
		validation = validation.finished(now.Add(-time.Second).AddDate(0, 0, -MaxValidationReuse))
	}
	organization.Validations = slices.Clone(organization.Validations)
	organization.Validations[at] = validation
	return validation, Changes{Organizations: []Organization{organization}}, nil
}

func (v Validation) finished(now time.Time) Validation {
	v.DateCreated = now.UTC()
	v.ValidatedUntil = v.DateCreated.AddDate(0, 0, MaxValidationReuse)
	return v
}

// verifiedUsers returns the ids of the approvers of a validation. A person with an id is not
// updated: the other members of the input are ignored.
func (p *plan) verifiedUsers(errs *Errors, path string, in []PersonInput) []int64 {
	var ids []int64
	for i, input := range in {
		var id int64
		if input.UserID == nil {
			id = p.person(errs, fmt.Sprintf("%s[%d]", path, i), input)
		} else {
			id = *input.UserID
			if person, there := p.findPerson(id); !there || !person.mayApprove() {
				at := fmt.Sprintf("%s[%d].id", path, i)
				errs.addWithHint(CodeInvalidUser, at, at+" names no user or contact of this account who may approve", HintListApprovers)
				continue
			}
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// mayApprove tells whether the person can become an approver. A service user cannot, because the
// vendor calls approvers, and neither can a deleted user.
func (p Person) mayApprove() bool { return !p.Deleted && (p.User == nil || !p.User.Service()) }

// PotentialApprovers returns the users and the contacts that may become approvers, in the order of
// their ids (D-60).
func PotentialApprovers(r Reader) (users, contacts []Person) {
	for _, person := range r.People() {
		switch {
		case !person.mayApprove():
		case person.User != nil:
			users = append(users, person)
		default:
			contacts = append(contacts, person)
		}
	}
	return users, contacts
}
