package domain

import (
	"fmt"
	"slices"
	"time"
)

// ValidationType is a kind of validation of an organization.
type ValidationType string

// The kinds of validation (certcentral-facts 3.6). None of them is of PKIoverheid, and an order asks for none.
const (
	ValidationOV    ValidationType = "ov"
	ValidationEV    ValidationType = "ev"
	ValidationCS    ValidationType = "cs"
	ValidationEVCS  ValidationType = "ev_cs"
	ValidationDS    ValidationType = "ds"
	ValidationSMIME ValidationType = "smime"
)

// MaxValidationReuse is how many days a finished validation can be used (certcentral-facts 3.6; D-60).
const MaxValidationReuse = 397

// A Validation says that an organization has been looked into, or is being so.
type Validation struct {
	Type           ValidationType
	DateCreated    time.Time // when it was finished; zero while it is pending
	ValidatedUntil time.Time // zero while it is pending
	VerifiedUsers  []int64   // people who may approve
}

// ValidationStatus is how far a validation is.
type ValidationStatus string

// The states of a validation.
const (
	ValidationPending ValidationStatus = "pending"
	ValidationActive  ValidationStatus = "active"
	ValidationExpired ValidationStatus = "expired"
)

// Status is how far the validation is at a time.
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

// Name is the short name of the kind, and Description says what is validated. The ones of ov are documented, the
// others are ours (D-60).
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

// Description says what is validated.
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

// hasApprovers tells whether the kind has people who approve; the contract demands them for these (D-60).
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

// validations submits an organization: each validation takes the place of the one of its type. In an automatic life it
// is finished at once, else it stays pending.
func (p *plan) validations(errs *Errors, now time.Time, organization *Organization, in []ValidationInput) {
	validations := slices.Clone(organization.Validations)
	for i, input := range in {
		validation := Validation{Type: input.Type}
		if input.Type.hasApprovers() {
			validation.VerifiedUsers = p.verifiedUsers(errs, fmt.Sprintf("validations[%d].verified_users", i), input.VerifiedUsers)
		}
		if p.r.Settings().Life == Auto {
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

func (v Validation) finished(now time.Time) Validation {
	v.DateCreated = now.UTC()
	v.ValidatedUntil = v.DateCreated.AddDate(0, 0, MaxValidationReuse)
	return v
}

// verifiedUsers returns the ids of the people whom a validation names or describes. An id wins over everything beside
// it, so nobody is updated here.
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
				errs.add(CodeInvalidUser, at, at+" names no user or contact of this account who may approve; GET /organization/potential-approvers lists them")
				continue
			}
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// mayApprove tells whether the person can be asked to approve: not a service user, which
// cannot be called, and not a deleted user.
func (p Person) mayApprove() bool { return !p.Deleted && (p.User == nil || !p.User.Service()) }

// PotentialApprovers returns the users and the contacts who may become approvers, in the order of their ids (D-60).
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
