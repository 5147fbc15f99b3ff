package client

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// A ValidationType is the type of certificates that an organization is validated for. Values that
// the service adds pass through.
type ValidationType string

// The types of a validation. The service has none for PKIoverheid.
const (
	// ValidationOV is organization validation, the normal type.
	ValidationOV ValidationType = "ov"
	// ValidationEV is extended validation. It needs approvers.
	ValidationEV ValidationType = "ev"
	// ValidationCS is for code signing. It needs approvers.
	ValidationCS ValidationType = "cs"
	// ValidationEVCS is extended validation for code signing. It needs approvers.
	ValidationEVCS ValidationType = "ev_cs"
	// ValidationDS is for document signing.
	ValidationDS ValidationType = "ds"
	// ValidationSMIME is for secure email (S/MIME).
	ValidationSMIME ValidationType = "smime"
)

// A ValidationStatus is the state of a validation. Values that the service adds pass through.
type ValidationStatus string

// The states of a validation.
const (
	ValidationActive  ValidationStatus = "active"
	ValidationPending ValidationStatus = "pending"
	ValidationExpired ValidationStatus = "expired"
)

// A Validation is a validation of an organization, finished or pending.
type Validation struct {
	// Type is the type of the validation.
	Type ValidationType
	// Name is the short name of the type, such as OV.
	Name string
	// Description is the long name of the type.
	Description string
	// Status is the state of the validation.
	Status ValidationStatus
	// DateCreated is the time at which the validation was finished. It is zero while the validation
	// is pending.
	DateCreated time.Time
	// ValidatedUntil is the time at which the validation expires. It is zero while the validation
	// is pending.
	ValidatedUntil time.Time
	// VerifiedUsers are the approvers. Some types have none.
	VerifiedUsers []VerifiedUser
}

// A VerifiedUser is an approver: a person that may approve orders of the validated type.
type VerifiedUser struct {
	// ID is the id of the user or contact, for [ExistingPerson].
	ID int64
	// FirstName is the given name.
	FirstName string
	// LastName is the surname.
	LastName string
}

// A ValidationRequest submits an organization for one type of validation.
type ValidationRequest struct {
	// Type is the type of the validation.
	Type ValidationType
	// VerifiedUsers are the approvers. [OrganizationService.PotentialApprovers] lists possible
	// ones. The types EV, CS and EVCS need at least one.
	VerifiedUsers []Person
}

// PotentialApprovers are the persons that may become approvers.
type PotentialApprovers struct {
	// Users are the persons that are users of the account.
	Users []Approver
	// Contacts are the persons that are contacts and not users.
	Contacts []Approver
}

// An Approver is a person that may become an approver.
type Approver struct {
	// UserID is the id of the user or contact, for [ExistingPerson].
	UserID int64
	// Name is the full name.
	Name string
	// FirstName is the given name.
	FirstName string
	// LastName is the surname.
	LastName string
	// Email is the email address.
	Email string
	// JobTitle is the person's job title in the organization. It may be empty.
	JobTitle string
	// Telephone is the telephone number. It may be empty.
	Telephone string
}

// Validations returns the validations of an organization, finished and pending. Operation:
// listValidations.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/organizations/validation-details.html
func (s *OrganizationService) Validations(ctx context.Context, id int64, opts ...RequestOption) ([]Validation, error) {
	op := operation{id: "listValidations"}
	if err := checkID("organization_id", id); err != nil {
		return nil, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListValidations(ctx, id, edit)
		},
		func(w listAnswer[api.ValidationList]) ([]Validation, error) {
			return wholeList("validations", w.list.Validations, w.page, validationFrom)
		})
}

// SubmitForValidation submits an organization for validations. After [ErrOutcomeUnknown] the
// organization may have been submitted; [OrganizationService.Validations] shows this. Operation:
// submitOrganizationForValidation.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/organizations/submit-for-validation.html
func (s *OrganizationService) SubmitForValidation(
	ctx context.Context, id int64, rs []ValidationRequest, opts ...RequestOption,
) error {
	op := operation{id: "submitOrganizationForValidation"}
	if err := checkID("organization_id", id); err != nil {
		return inOperation(op, err)
	}
	body := api.ValidationSubmissionInput{Validations: make([]api.ValidationInput, 0, len(rs))}
	for i, r := range rs {
		w, err := r.wire(fmt.Sprintf("validations[%d]", i))
		if err != nil {
			return inOperation(op, err)
		}
		body.Validations = append(body.Validations, w)
	}
	return s.client.do(ctx, op, opts, func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
		return s.client.raw.SubmitOrganizationForValidation(ctx, id, body, edit)
	}, nil)
}

// PotentialApprovers returns the users and the contacts of the account that may become approvers.
// Operation: listPotentialApprovers.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/organizations/list-approvers.html
func (s *OrganizationService) PotentialApprovers(
	ctx context.Context, opts ...RequestOption,
) (PotentialApprovers, error) {
	return fetch(ctx, s.client, operation{id: "listPotentialApprovers"}, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListPotentialApprovers(ctx, edit)
		},
		func(w api.ApproverList) (PotentialApprovers, error) {
			users, err := converted("users", w.Users, approverFrom)
			if err != nil {
				return PotentialApprovers{}, err
			}
			contacts, err := converted("contacts", w.Contacts, approverFrom)
			if err != nil {
				return PotentialApprovers{}, err
			}
			return PotentialApprovers{Users: users, Contacts: contacts}, nil
		})
}

func (r ValidationRequest) wire(path string) (api.ValidationInput, error) {
	w := api.ValidationInput{Type: api.ValidationTypeInput(r.Type)}
	for i, user := range r.VerifiedUsers {
		// The id of a person is the member id here, and user_id in other requests.
		p, err := user.wireNamed("id")
		if err != nil {
			return w, inMember(fmt.Sprintf("%s.verified_users[%d]", path, i), err)
		}
		w.VerifiedUsers = append(w.VerifiedUsers, api.VerifiedUserInput{
			ID:        p.UserID,
			FirstName: p.FirstName,
			LastName:  p.LastName,
			Email:     p.Email,
			JobTitle:  p.JobTitle,
			Telephone: p.Telephone,
		})
	}
	return w, nil
}

func validationsFrom(ws []api.Validation) ([]Validation, error) {
	vs := make([]Validation, 0, len(ws))
	for i, w := range ws {
		v, err := validationFrom(w)
		if err != nil {
			return nil, within(fmt.Sprintf("validations[%d]", i), err)
		}
		vs = append(vs, v)
	}
	return vs, nil
}

func validationFrom(w api.Validation) (Validation, error) {
	if w.Type == "" {
		return Validation{}, missing("type")
	}
	created, err := timeFrom("date_created", value(w.DateCreated))
	if err != nil {
		return Validation{}, err
	}
	until, err := timeFrom("validated_until", value(w.ValidatedUntil))
	if err != nil {
		return Validation{}, err
	}
	v := Validation{
		Type:           ValidationType(w.Type),
		Name:           w.Name,
		Description:    w.Description,
		Status:         ValidationStatus(w.Status),
		DateCreated:    created,
		ValidatedUntil: until,
		VerifiedUsers:  make([]VerifiedUser, 0, len(w.VerifiedUsers)),
	}
	for _, user := range w.VerifiedUsers {
		v.VerifiedUsers = append(v.VerifiedUsers,
			VerifiedUser{ID: user.ID, FirstName: user.FirstName, LastName: user.LastName})
	}
	return v, nil
}

func approverFrom(w api.Approver) (Approver, error) {
	id, err := strconv.ParseInt(w.UserID, 10, 64)
	if err != nil {
		return Approver{}, &wireError{path: "user_id", reason: "is not a number"}
	}
	return Approver{
		UserID:    id,
		Name:      w.Name,
		FirstName: w.FirstName,
		LastName:  w.LastName,
		Email:     w.Email,
		JobTitle:  value(w.JobTitle),
		Telephone: value(w.Telephone),
	}, nil
}
