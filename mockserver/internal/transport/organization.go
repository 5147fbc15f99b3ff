package transport

import (
	"context"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// ListOrganizations returns a page of organizations.
func (a *API) ListOrganizations(ctx context.Context, request server.ListOrganizationsRequestObject) (server.ListOrganizationsResponseObject, error) {
	params := request.Params
	filters, err := organizationFilters(params)
	if err != nil {
		return nil, err
	}
	query := domain.OrganizationQuery{Page: pageFrom(params.Limit, params.Offset), Sort: sortKeys(value(params.Sort)), Filters: filters}
	var now time.Time
	organizations, page, err := list(ctx, a, query.Page,
		func(r domain.Reader) ([]domain.Organization, int) {
			now = a.now(r)
			return r.Organizations(query)
		},
		func(r domain.Reader, organization domain.Organization) api.Organization {
			out := organizationOut(organization)
			if value(params.IncludeValidation) {
				out.Validations = validationsOut(r, organization, now)
			}
			return out
		})
	if wantsCSV(ctx) && err == nil {
		return server.ListOrganizations200TextCsvResponse(writeCSV(organizations)), nil
	}
	return server.ListOrganizations200JSONResponse{Organizations: organizations, Page: page}, err
}

// GetOrganization returns an organization with its contacts.
func (a *API) GetOrganization(ctx context.Context, request server.GetOrganizationRequestObject) (server.GetOrganizationResponseObject, error) {
	var out api.OrganizationInfo
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		organization, err := domain.FindOrganization(r, request.OrganizationID)
		if err != nil {
			return err
		}
		out = organizationInfo(r, organization)
		if value(request.Params.IncludeValidation) {
			out.Validations = validationsOut(r, organization, a.now(r))
		}
		return nil
	})
	return server.GetOrganization200JSONResponse(out), err
}

// CreateOrganization creates an organization.
func (a *API) CreateOrganization(ctx context.Context, request server.CreateOrganizationRequestObject) (server.CreateOrganizationResponseObject, error) {
	body := request.Body
	in := domain.NewOrganization{
		SkipDuplicateCheck:  value(body.SkipDuplicateOrgCheck),
		OrganizationContact: orderContactIn((*api.OrderContactInput)(body.OrganizationContact)),
		Contacts:            contactsIn(body.Contacts),
		Validations:         validationsIn(body.Validations),
		OrganizationDetails: domain.OrganizationDetails{
			Name: body.Name, AssumedName: value(body.AssumedName), Address: body.Address, Address2: value(body.Address2),
			City: body.City, State: body.State, Zip: body.Zip, Country: body.Country, Telephone: body.Telephone,
		},
	}
	var id int64
	err := a.update(ctx, func(r domain.Reader, actor domain.Actor) (changes domain.Changes, err error) {
		id, changes, err = domain.CreateOrganization(r, actor, a.now(r), in)
		return changes, err
	})
	return server.CreateOrganization201JSONResponse{ID: id}, err
}

// ActivateOrganization makes an organization active.
func (a *API) ActivateOrganization(ctx context.Context, request server.ActivateOrganizationRequestObject) (server.ActivateOrganizationResponseObject, error) {
	err := a.update(ctx, func(r domain.Reader, _ domain.Actor) (domain.Changes, error) {
		return domain.ActivateOrganization(r, request.OrganizationID)
	})
	return server.ActivateOrganization204Response{}, err
}

// DeactivateOrganization makes an organization inactive.
func (a *API) DeactivateOrganization(ctx context.Context, request server.DeactivateOrganizationRequestObject) (server.DeactivateOrganizationResponseObject, error) {
	err := a.update(ctx, func(r domain.Reader, _ domain.Actor) (domain.Changes, error) {
		return domain.DeactivateOrganization(r, request.OrganizationID)
	})
	return server.DeactivateOrganization204Response{}, err
}

// DeleteOrganization deletes an organization without orders.
func (a *API) DeleteOrganization(ctx context.Context, request server.DeleteOrganizationRequestObject) (server.DeleteOrganizationResponseObject, error) {
	err := a.update(ctx, func(r domain.Reader, _ domain.Actor) (domain.Changes, error) {
		return domain.DeleteOrganization(r, request.OrganizationID)
	})
	return server.DeleteOrganization204Response{}, err
}

func organizationOut(organization domain.Organization) api.Organization {
	return api.Organization{
		ID: organization.ID, Status: organizationStatus(organization), Name: organization.Name,
		AssumedName: optional(organization.AssumedName), DisplayName: organization.DisplayName(), IsActive: organization.Active,
		Address: organization.Address, Address2: optional(organization.Address2), Zip: organization.Zip, City: organization.City,
		State: organization.State, Country: organization.Country, Telephone: organization.Telephone,
		Container: api.OrganizationContainer{ID: domain.ContainerID, Name: containerName, IsActive: true},
	}
}

func organizationInfo(r domain.Reader, organization domain.Organization) api.OrganizationInfo {
	out := organizationOut(organization)
	contact, _ := r.Person(organization.OrganizationContact)
	info := api.OrganizationInfo{
		ID: out.ID, Status: out.Status, Name: out.Name, AssumedName: out.AssumedName, DisplayName: out.DisplayName,
		IsActive: out.IsActive, Address: out.Address, Address2: out.Address2, Zip: out.Zip, City: out.City, State: out.State,
		Country: out.Country, Telephone: out.Telephone, Container: out.Container,
		OrganizationContact: contactOut(contact), VerifiedContacts: verifiedOut(r, organization.VerifiedContacts),
	}
	if technical, there := r.Person(organization.TechnicalContact); there {
		out := contactOut(technical)
		info.TechnicalContact = &out
	}
	return info
}

func organizationStatus(organization domain.Organization) api.OrganizationStatus {
	if organization.Active {
		return api.OrganizationStatusActive
	}
	return api.OrganizationStatusInactive
}

func organizationFilters(params api.ListOrganizationsParams) ([]domain.Filter, error) {
	var f filters
	f.number(domain.FieldContainerID, params.ContainerID)
	words(&f, domain.FieldStatus, params.FiltersStatus)
	words(&f, domain.FieldValidation, params.FiltersValidation)
	f.numbers(domain.FieldContainerOf, params.FiltersContainerIDForOrganization)
	f.organizations(domain.FieldSearch, params.FiltersSearch)
	return f.done()
}
