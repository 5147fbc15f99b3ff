package transport

import (
	"context"
	"strconv"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// ListValidations returns the validations of an organization.
func (a *API) ListValidations(ctx context.Context, request server.ListValidationsRequestObject) (server.ListValidationsResponseObject, error) {
	var out api.ValidationList
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		organization, err := domain.FindOrganization(r, request.OrganizationID)
		out.Validations = validationsOut(r, organization, a.now(r))
		return err
	})
	return server.ListValidations200JSONResponse(out), err
}

// SubmitOrganizationForValidation submits an organization for validations.
func (a *API) SubmitOrganizationForValidation(ctx context.Context, request server.SubmitOrganizationForValidationRequestObject) (server.SubmitOrganizationForValidationResponseObject, error) {
	in := validationsIn(request.Body.Validations)
	err := a.update(ctx, func(r domain.Reader, _ domain.Actor) (domain.Changes, error) {
		return domain.SubmitOrganization(r, a.now(r), request.OrganizationID, in)
	})
	return server.SubmitOrganizationForValidation204Response{}, err
}

// ListPotentialApprovers returns the people that may become approvers.
func (a *API) ListPotentialApprovers(ctx context.Context, _ server.ListPotentialApproversRequestObject) (server.ListPotentialApproversResponseObject, error) {
	var out api.ApproverList
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		users, contacts := domain.PotentialApprovers(r)
		out = api.ApproverList{Users: approversOut(users), Contacts: approversOut(contacts)}
		return nil
	})
	return server.ListPotentialApprovers200JSONResponse(out), err
}

func approversOut(people []domain.Person) []api.Approver {
	out := make([]api.Approver, len(people))
	for i, person := range people {
		out[i] = api.Approver{
			UserID: strconv.FormatInt(person.ID, 10), Name: person.FirstName + " " + person.LastName,
			FirstName: person.FirstName, LastName: person.LastName, Email: person.Email,
			JobTitle: optional(person.JobTitle), Telephone: optional(person.Telephone),
		}
	}
	return out
}

func validationsIn(validations []api.ValidationInput) []domain.ValidationInput {
	in := make([]domain.ValidationInput, len(validations))
	for i, validation := range validations {
		in[i] = domain.ValidationInput{Type: domain.ValidationType(validation.Type)}
		for _, user := range validation.VerifiedUsers {
			in[i].VerifiedUsers = append(in[i].VerifiedUsers,
				personIn(user.ID, user.FirstName, user.LastName, user.Email, user.JobTitle, user.Telephone))
		}
	}
	return in
}

// validationsOut returns the validations of an organization, with their current states.
func validationsOut(r domain.Reader, organization domain.Organization, now time.Time) []api.Validation {
	out := make([]api.Validation, len(organization.Validations))
	for i, validation := range organization.Validations {
		status := validation.Status(now)
		out[i] = api.Validation{
			Type: api.ValidationType(validation.Type), Name: validation.Type.Name(), Description: validation.Type.Description(),
			Status: api.ValidationStatus(status),
		}
		if status != domain.ValidationPending {
			out[i].DateCreated = optional(timestamp(validation.DateCreated))
			out[i].ValidatedUntil = optional(timestamp(validation.ValidatedUntil))
		}
		for _, id := range validation.VerifiedUsers {
			person, _ := r.Person(id)
			out[i].VerifiedUsers = append(out[i].VerifiedUsers, api.VerifiedUser{
				ID: person.ID, FirstName: person.FirstName, LastName: person.LastName,
			})
		}
	}
	return out
}
