package client

import (
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
	contact, err := optionalPerson("organization_contact", r.OrganizationContact)
	w.OrganizationContact = (*api.OrganizationContact)(contact)
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
	// Validations are what the organization has been submitted for. They are there only if they were asked for:
	// IncludeValidations in the options of a list, or [OrganizationService.GetWithValidations].
	Validations []Validation
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
	// IncludeValidations is whether the organizations come with their validations.
	IncludeValidations bool
	// ContainerID lists only organizations that belong to this division.
	ContainerID int64

	// Status lists only organizations in these states.
	Status EnumFilter[OrganizationStatus]
	// ValidationPending lists only organizations with a validation that is pending, or without.
	ValidationPending FlagFilter
	// ForContainerID lists only organizations that these divisions may order for.
	ForContainerID IDFilter
	// Search lists only organizations with this id, or with this text in the name.
	Search TextFilter
}

func (o OrganizationListOptions) params() (*api.ListOrganizationsParams, error) {
	limit, offset, err := pageParams(o.Limit, o.Offset)
	if err != nil {
		return nil, err
	}
	if o.ContainerID != 0 {
		if err := checkID("container_id", o.ContainerID); err != nil {
			return nil, err
		}
	}
	var f filters
	params := &api.ListOrganizationsParams{
		Limit:                             limit,
		Offset:                            offset,
		Sort:                              optional(o.Sort),
		ContainerID:                       optional(o.ContainerID),
		FiltersStatus:                     words[api.OrganizationStatus](f.terms("status", o.Status.terms)),
		FiltersContainerIDForOrganization: f.terms("container_id_for_organization", o.ForContainerID.terms),
		FiltersSearch:                     f.terms("search", o.Search.terms),
	}
	if o.IncludeValidations {
		params.IncludeValidation = new(true)
	}
	switch o.ValidationPending {
	case Yes:
		params.FiltersValidation = []string{"pending"}
	case No:
		params.FiltersValidation = []string{"not_pending"}
	}
	return params, f.err
}

func organizationSummaryFrom(w api.Organization) (OrganizationSummary, error) {
	if w.ID <= 0 {
		return OrganizationSummary{}, missing("id")
	}
	validations, err := validationsFrom(w.Validations)
	if err != nil {
		return OrganizationSummary{}, err
	}
	return OrganizationSummary{
		Validations: validations,
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
		Validations: w.Validations,
	})
	return Organization{
		OrganizationSummary: summary,
		OrganizationContact: contactFrom(w.OrganizationContact),
		TechnicalContact:    contactFrom(value(w.TechnicalContact)),
		VerifiedContacts:    representativesFrom(w.VerifiedContacts),
	}, err
}
