package client

import (
	"context"
	"iter"
	"net/http"

	"github.com/pkio-tools/certcentral/gen/api"
)

// An OrganizationStatus is whether an organization can be ordered for. Values that the service adds pass through.
type OrganizationStatus string

// The states of an organization.
const (
	OrganizationActive   OrganizationStatus = "active"
	OrganizationInactive OrganizationStatus = "inactive"
)

// OrganizationDetails describe a new organization.
type OrganizationDetails struct {
	// Name is the legal name.
	Name string
	// AssumedName is the name that the organization trades under. It may be empty.
	AssumedName string
	// Address is the street address.
	Address string
	// Address2 is the second line of the street address. It may be empty.
	Address2 string
	// City is the city.
	City string
	// State is the state or province, by its full name.
	State string
	// Zip is the postal code.
	Zip string
	// Country is two letters (ISO 3166-1 alpha-2).
	Country string
	// Telephone is the telephone number of the organization.
	Telephone string
	// SkipDuplicateCheck makes a new organization even if the account has one with the same details.
	SkipDuplicateCheck bool
}

// An OrganizationCreateRequest adds an organization to the account.
type OrganizationCreateRequest struct {
	// Details describe the organization.
	Details OrganizationDetails
	// Contacts are the contacts of the organization: up to fifteen verified contacts, one organization contact and one
	// technical contact. Without an organization contact, the user of the API key becomes it.
	Contacts []ContactRequest
	// OrganizationContact is the vendor's older way to name the organization contact. It may be left out.
	OrganizationContact Person
}

func (r OrganizationCreateRequest) wire() (w api.OrganizationCreate, err error) {
	w = api.OrganizationCreate{
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
	w.OrganizationContact, err = optionalPerson("organization_contact", r.OrganizationContact)
	return w, err
}

// A CreatedOrganization is what a new organization is known by.
type CreatedOrganization struct {
	// ID is the id of the organization.
	ID int64
}

// An OrganizationSummary is an organization as it stands in a list.
type OrganizationSummary struct {
	// ID is the id of the organization.
	ID int64
	// Name is the legal name.
	Name string
	// AssumedName is the name that the organization trades under. It may be empty.
	AssumedName string
	// DisplayName is the legal name, with the assumed name in brackets where there is one.
	DisplayName string
	// IsActive is whether the organization can be ordered for.
	IsActive bool
	// Status says the same in a word.
	Status OrganizationStatus
	// Address is the street address.
	Address string
	// Address2 is the second line of the street address. It may be empty.
	Address2 string
	// City is the city.
	City string
	// State is the state or province.
	State string
	// Zip is the postal code.
	Zip string
	// Country is two lower-case letters.
	Country string
	// Telephone is the telephone number.
	Telephone string
	// Container is the division that the organization belongs to.
	Container Container
}

// An Organization is an organization with its contacts.
type Organization struct {
	OrganizationSummary

	// OrganizationContact is the one to ask about the organization.
	OrganizationContact Contact
	// TechnicalContact is the one to ask about technical matters. It is zero if there is none.
	TechnicalContact Contact
	// VerifiedContacts are the authorized representatives.
	VerifiedContacts []Representative
}

// OrganizationListOptions say which organizations are listed. The zero value lists all of them by their id.
type OrganizationListOptions struct {
	// Limit is how many organizations a page holds at most, from 1 to 1000. Zero leaves it to the service: 1000.
	Limit int
	// Offset is how many organizations are skipped.
	Offset int64
	// Sort holds the keys to sort by, separated by commas: id, name, status; downwards with a minus sign before it.
	Sort string
	// Status lists only organizations in this state.
	Status OrganizationStatus
}

// OrganizationService keeps the organizations that the account orders for: [Client.Organizations].
type OrganizationService struct{ client *Client }

// List returns one page of organizations. Operation: listOrganizations.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/organizations/list-organizations.html
func (s *OrganizationService) List(
	ctx context.Context, o OrganizationListOptions, opts ...RequestOption,
) (Page[OrganizationSummary], error) {
	op := operation{id: "listOrganizations"}
	limit, offset, err := pageParams(o.Limit, o.Offset)
	if err != nil {
		return Page[OrganizationSummary]{}, inOperation(op, err)
	}
	params := &api.ListOrganizationsParams{
		Limit:         limit,
		Offset:        offset,
		Sort:          optional(o.Sort),
		FiltersStatus: only(api.OrganizationStatus(o.Status)),
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListOrganizations(ctx, params, edit)
		},
		func(w api.OrganizationList) (Page[OrganizationSummary], error) {
			return newPage("organizations", w.Organizations, w.Page, organizationSummaryFrom)
		})
}

// All iterates over organizations, from the offset in the options on, and asks for the pages as it goes. It ends with
// the last organization or after the first error. Organizations that are added meanwhile may be missed or come twice.
// Operation: listOrganizations.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/organizations/list-organizations.html
func (s *OrganizationService) All(
	ctx context.Context, o OrganizationListOptions, opts ...RequestOption,
) iter.Seq2[OrganizationSummary, error] {
	return all(ctx, operation{id: "listOrganizations"}, o.Offset,
		func(offset int64) (Page[OrganizationSummary], error) {
			o := o
			o.Offset = offset
			return s.List(ctx, o, opts...)
		})
}

// Get returns an organization with its contacts. An unknown id is [ErrNotFound]. Operation: getOrganization.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/organizations/organization-info.html
func (s *OrganizationService) Get(ctx context.Context, id int64, opts ...RequestOption) (Organization, error) {
	op := operation{id: "getOrganization"}
	if err := checkID("organization_id", id); err != nil {
		return Organization{}, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.GetOrganization(ctx, id, &api.GetOrganizationParams{}, edit)
		},
		organizationFrom)
}

// Create adds an organization to the account. One with the details of another is refused with the code
// duplicate_organization, unless [OrganizationDetails.SkipDuplicateCheck] is set. It fails with [ErrOutcomeUnknown] if
// the organization may have been created nevertheless. Operation: createOrganization.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/organizations/create-organization.html
func (s *OrganizationService) Create(
	ctx context.Context, r OrganizationCreateRequest, opts ...RequestOption,
) (CreatedOrganization, error) {
	op := operation{id: "createOrganization", creates: true}
	body, err := r.wire()
	if err != nil {
		return CreatedOrganization{}, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.CreateOrganization(ctx, body, edit)
		},
		func(w api.OrganizationRef) (CreatedOrganization, error) {
			if w.ID <= 0 {
				return CreatedOrganization{}, missing("id")
			}
			return CreatedOrganization{ID: w.ID}, nil
		})
}

// Activate lets an organization be ordered for again. For an active organization it changes nothing. Operation:
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

// Deactivate keeps an organization from being ordered for. While an unfinished order names it, the service refuses
// with the code organization_in_use. For an inactive organization it changes nothing. Operation:
// deactivateOrganization.
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

func organizationSummaryFrom(w api.Organization) (OrganizationSummary, error) {
	if w.ID <= 0 {
		return OrganizationSummary{}, missing("id")
	}
	return OrganizationSummary{
		ID:          w.ID,
		Name:        w.Name,
		AssumedName: value(w.AssumedName),
		DisplayName: w.DisplayName,
		IsActive:    w.IsActive,
		Status:      OrganizationStatus(w.Status),
		Address:     w.Address,
		Address2:    value(w.Address2),
		City:        w.City,
		State:       w.State,
		Zip:         w.Zip,
		Country:     w.Country,
		Telephone:   w.Telephone,
		Container:   organizationContainerFrom(w.Container),
	}, nil
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
	})
	return Organization{
		OrganizationSummary: summary,
		OrganizationContact: contactFrom(w.OrganizationContact),
		TechnicalContact:    contactFrom(value(w.TechnicalContact)),
		VerifiedContacts:    representativesFrom(w.VerifiedContacts),
	}, err
}
