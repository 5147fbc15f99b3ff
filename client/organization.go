package client

import (
	"context"
	"net/http"

	"github.com/pkio-tools/certcentral/gen/api"
)

// OrganizationService manages the organizations of the account, which its certificates are issued
// for: [Client.Organizations].
type OrganizationService struct{ client *Client }

// An Organization is an organization with its contacts.
type Organization struct {
	OrganizationSummary

	// OrganizationContact is the contact for questions about the organization.
	OrganizationContact Contact
	// TechnicalContact is the contact for technical questions. It is zero if there is none.
	TechnicalContact Contact
	// VerifiedContacts are the authorized representatives of the organization.
	VerifiedContacts []Representative
}

// An OrganizationRef names an organization.
type OrganizationRef struct {
	// ID is the id of the organization.
	ID int64
	// Name is the legal name.
	Name string
}

// Get returns an organization with its contacts. An unknown id is [ErrNotFound]. Operation:
// getOrganization.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/organizations/organization-info.html
func (s *OrganizationService) Get(ctx context.Context, id int64, opts ...RequestOption) (Organization, error) {
	return s.get(ctx, id, &api.GetOrganizationParams{}, opts)
}

// GetWithValidations returns an organization with its contacts and its validations. An unknown id
// is [ErrNotFound]. Operation: getOrganization.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/organizations/organization-info.html
func (s *OrganizationService) GetWithValidations(
	ctx context.Context, id int64, opts ...RequestOption,
) (Organization, error) {
	params := &api.GetOrganizationParams{IncludeValidation: new(true)}
	return s.get(ctx, id, params, opts)
}

func (s *OrganizationService) get(
	ctx context.Context, id int64, params *api.GetOrganizationParams, opts []RequestOption,
) (Organization, error) {
	op := operation{id: "getOrganization"}
	if err := checkID("organization_id", id); err != nil {
		return Organization{}, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.GetOrganization(ctx, id, params, edit)
		},
		organizationFrom)
}

// OrganizationDetails describe a new organization.
type OrganizationDetails struct {
	// Name is the legal name.
	Name string
	// AssumedName is the trade name of the organization. It may be empty.
	AssumedName string
	// Address is the street address.
	Address string
	// Address2 is the second line of the street address. It may be empty.
	Address2 string
	// City is the city.
	City string
	// State is the full name of the state or province.
	State string
	// Zip is the postal code.
	Zip string
	// Country is the country in two letters (ISO 3166-1 alpha-2).
	Country string
	// Telephone is the telephone number of the organization.
	Telephone string
	// SkipDuplicateCheck creates the organization even if the account has one with the same
	// details.
	SkipDuplicateCheck bool
}

// An OrganizationCreateRequest describes an organization to add to the account.
type OrganizationCreateRequest struct {
	// Details describe the organization.
	Details OrganizationDetails
	// Contacts are the contacts of the organization: up to fifteen verified contacts, one
	// organization contact and one technical contact. The default organization contact is the user
	// of the API key.
	Contacts []ContactRequest
	// OrganizationContact is an older member of the vendor's API for the organization contact. It
	// is optional.
	OrganizationContact Person
}

// A CreatedOrganization holds the id of a new organization.
type CreatedOrganization struct {
	// ID is the id of the organization.
	ID int64
}

// Create adds an organization to the account. If the account has an organization with the same
// details, the service refuses with the code duplicate_organization, unless
// [OrganizationDetails.SkipDuplicateCheck] is set. After [ErrOutcomeUnknown] the organization may
// exist; [OrganizationService.List] shows whether it does. Operation: createOrganization.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/organizations/create-organization.html
func (s *OrganizationService) Create(
	ctx context.Context, r OrganizationCreateRequest, opts ...RequestOption,
) (CreatedOrganization, error) {
	op := operation{id: "createOrganization"}
	body, err := r.wire()
	if err != nil {
		return CreatedOrganization{}, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.CreateOrganization(ctx, body, edit)
		},
		func(w api.OrganizationCreated) (CreatedOrganization, error) {
			if w.ID <= 0 {
				return CreatedOrganization{}, missing("id")
			}
			return CreatedOrganization{ID: w.ID}, nil
		})
}

// Activate makes an organization active, so that new orders may name it. It changes nothing if the
// organization is active already, so you may repeat it after [ErrOutcomeUnknown]. Operation:
// activateOrganization.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/organizations.html
func (s *OrganizationService) Activate(ctx context.Context, id int64, opts ...RequestOption) error {
	op := operation{id: "activateOrganization"}
	if err := checkID("organization_id", id); err != nil {
		return inOperation(op, err)
	}
	return s.client.do(ctx, op, opts, func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
		return s.client.raw.ActivateOrganization(ctx, id, edit)
	}, nil)
}

// Deactivate makes an organization inactive, so that new orders cannot name it. The service refuses
// with the code organization_in_use while an unfinished order names the organization. Deactivate
// changes nothing if the organization is inactive already, so you may repeat it after
// [ErrOutcomeUnknown]. Operation: deactivateOrganization.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/organizations.html
func (s *OrganizationService) Deactivate(ctx context.Context, id int64, opts ...RequestOption) error {
	op := operation{id: "deactivateOrganization"}
	if err := checkID("organization_id", id); err != nil {
		return inOperation(op, err)
	}
	return s.client.do(ctx, op, opts, func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
		return s.client.raw.DeactivateOrganization(ctx, id, edit)
	}, nil)
}

// Delete deletes an organization. The service refuses with the code organization_in_use if an order
// has named the organization, and for the first organization of the account. Only an administrator
// has the permission. After [ErrOutcomeUnknown] the organization may be deleted;
// [OrganizationService.Get] then returns [ErrNotFound]. Operation: deleteOrganization.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/organizations/delete-organization.html
func (s *OrganizationService) Delete(ctx context.Context, id int64, opts ...RequestOption) error {
	op := operation{id: "deleteOrganization"}
	if err := checkID("organization_id", id); err != nil {
		return inOperation(op, err)
	}
	return s.client.do(ctx, op, opts, func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
		return s.client.raw.DeleteOrganization(ctx, id, edit)
	}, nil)
}

func (r OrganizationCreateRequest) wire() (w api.OrganizationInput, err error) {
	w = api.OrganizationInput{
		Name:                  r.Details.Name,
		AssumedName:           optional(r.Details.AssumedName),
		Address:               r.Details.Address,
		Address2:              optional(r.Details.Address2),
		City:                  r.Details.City,
		State:                 r.Details.State,
		Zip:                   r.Details.Zip,
		Country:               r.Details.Country,
		Telephone:             r.Details.Telephone,
		SkipDuplicateOrgCheck: optional(r.Details.SkipDuplicateCheck),
	}
	if w.Contacts, err = wireContacts("contacts", r.Contacts); err != nil {
		return w, err
	}
	contact, err := optionalPerson("organization_contact", r.OrganizationContact)
	w.OrganizationContact = (*api.OrganizationContactInput)(contact)
	return w, err
}

func organizationFrom(w api.OrganizationInfo) (Organization, error) {
	summary, err := organizationSummaryFrom(api.Organization{
		ID:          w.ID,
		Name:        w.Name,
		AssumedName: w.AssumedName,
		DisplayName: w.DisplayName,
		IsActive:    w.IsActive,
		Status:      w.Status,
		Address:     w.Address,
		Address2:    w.Address2,
		City:        w.City,
		State:       w.State,
		Zip:         w.Zip,
		Country:     w.Country,
		Telephone:   w.Telephone,
		Container:   w.Container,
		Validations: w.Validations,
	})
	return Organization{
		OrganizationSummary: summary,
		OrganizationContact: contactFrom(w.OrganizationContact),
		TechnicalContact:    contactFrom(value(w.TechnicalContact)),
		VerifiedContacts:    representativesFrom(w.VerifiedContacts),
	}, err
}
