package client

import (
	"context"
	"iter"
	"net/http"

	"github.com/pkio-tools/certcentral/gen/api"
)

// An OrganizationStatus is the state of an organization. New orders may only name active
// organizations. Values that the service adds pass through.
type OrganizationStatus string

// The states of an organization.
const (
	OrganizationActive   OrganizationStatus = "active"
	OrganizationInactive OrganizationStatus = "inactive"
)

// An OrganizationSummary is an organization as a list shows it.
type OrganizationSummary struct {
	// ID is the id of the organization.
	ID int64
	// Name is the legal name.
	Name string
	// AssumedName is the trade name of the organization. It may be empty.
	AssumedName string
	// DisplayName is the legal name, followed by the assumed name in brackets if there is one.
	DisplayName string
	// IsActive is whether new orders may name the organization.
	IsActive bool
	// Status is the state of the organization; IsActive means the same.
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
	// Country is the country in two lower-case letters.
	Country string
	// Telephone is the telephone number.
	Telephone string
	// Container is the division that the organization belongs to.
	Container Container
	// Validations are the validations of the organization. They are present only if the call asks
	// for them: with IncludeValidations in the options of a list, or by
	// [OrganizationService.GetWithValidations].
	Validations []Validation
}

// OrganizationListOptions choose the organizations of a list. The zero value lists all of them,
// sorted by id.
type OrganizationListOptions struct {
	// Limit is the largest number of organizations on a page, from 1 to 1000. The default is 1000.
	Limit int
	// Offset is the number of organizations to skip.
	Offset int64
	// Sort is a list of sort keys, separated by commas: id, name, status. A minus sign before a key
	// reverses its order.
	Sort string
	// IncludeValidations is whether the answer contains the validations of the organizations.
	IncludeValidations bool
	// ContainerID lists only organizations of this division.
	ContainerID int64

	// Status lists only organizations in these states.
	Status EnumFilter[OrganizationStatus]
	// ValidationPending lists only organizations with a pending validation (Yes), or without one
	// (No).
	ValidationPending FlagFilter
	// ForContainerID lists only organizations that orders of these divisions may name.
	ForContainerID IDFilter
	// Search lists only organizations whose id or name matches.
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
		FiltersStatus:                     enumTerms[api.OrganizationStatusFilter](f.terms("status", o.Status.terms)),
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

// List returns one page of organizations. Operation: listOrganizations.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/organizations/list-organizations.html
func (s *OrganizationService) List(
	ctx context.Context, o OrganizationListOptions, opts ...RequestOption,
) (Page[OrganizationSummary], error) {
	op := operation{id: "listOrganizations"}
	params, err := o.params()
	if err != nil {
		return Page[OrganizationSummary]{}, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListOrganizations(ctx, params, edit)
		},
		func(w listAnswer[api.OrganizationList]) (Page[OrganizationSummary], error) {
			return newPage("organizations", w.list.Organizations, w.page, o.Offset, organizationSummaryFrom)
		})
}

// All iterates over organizations, from the offset in the options on. It requests one page after
// the other, and ends after the last organization or the first error. If organizations are added
// during the iteration, it may miss some or return some twice. Operation: listOrganizations.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/organizations/list-organizations.html
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
