package client

import (
	"context"
	"iter"
	"net/http"

	"github.com/pkio-tools/certcentral/gen/api"
)

// OrganizationService keeps the organizations that the account orders for: [Client.Organizations].
type OrganizationService struct{ client *Client }

// List returns one page of organizations. Operation: listOrganizations.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/organizations/list-organizations.html
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
		func(w listed[api.OrganizationList]) (Page[OrganizationSummary], error) {
			return newPage("organizations", w.list.Organizations, w.at, o.Offset, organizationSummaryFrom)
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
	return s.get(ctx, id, &api.GetOrganizationParams{}, opts)
}

// GetWithValidations returns an organization with its contacts and with what it has been submitted for. An unknown id
// is [ErrNotFound]. Operation: getOrganization.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/organizations/organization-info.html
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

// Create adds an organization to the account. One with the details of another is refused with the code
// duplicate_organization, unless [OrganizationDetails.SkipDuplicateCheck] is set. It fails with [ErrOutcomeUnknown] if
// the organization may have been created nevertheless. Operation: createOrganization.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/organizations/create-organization.html
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
		func(w api.OrganizationRef) (CreatedOrganization, error) {
			if w.ID <= 0 {
				return CreatedOrganization{}, missing("id")
			}
			return CreatedOrganization{ID: w.ID}, nil
		})
}

// Activate lets an organization be ordered for again. For an active organization it changes nothing, so that it can be
// repeated after [ErrOutcomeUnknown]. Operation: activateOrganization.
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
// with the code organization_in_use. For an inactive organization it changes nothing, so that it can be
// repeated after [ErrOutcomeUnknown]. Operation: deactivateOrganization.
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

// Delete removes an organization that no order has named; for any other the service refuses with the code
// organization_in_use. The first organization of the account stays. Only an administrator may do this.
// [ErrOutcomeUnknown] means that it may be gone, and then [OrganizationService.Get] is [ErrNotFound]. Operation:
// deleteOrganization.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/organizations/delete-organization.html
func (s *OrganizationService) Delete(ctx context.Context, id int64, opts ...RequestOption) error {
	op := operation{id: "deleteOrganization"}
	if err := checkID("organization_id", id); err != nil {
		return inOperation(op, err)
	}
	return s.client.do(ctx, op, opts, func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
		return s.client.raw.DeleteOrganization(ctx, id, edit)
	}, nil)
}
