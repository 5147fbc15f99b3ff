package transport

import (
	"context"
	"slices"
	"strings"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// ListRequests returns a page of requests.
func (a *API) ListRequests(ctx context.Context, request server.ListRequestsRequestObject) (server.ListRequestsResponseObject, error) {
	params := request.Params
	query := domain.RequestQuery{
		Page: pageFrom(params.Limit, params.Offset), Sort: sortKeys(value(params.Sort)), Filters: requestFilters(params),
	}
	var out api.RequestList
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		requests, total := r.Requests(query)
		out = api.RequestList{Requests: make([]api.Request, len(requests)), Page: pageOut(query.Page, total)}
		for i := range requests {
			out.Requests[i] = requestOut(r, a.now(ctx), requests[i])
		}
		return nil
	})
	if wantsCSV(ctx) && err == nil {
		return server.ListRequests200TextCsvResponse(writeCSV(out.Requests)), nil
	}
	return server.ListRequests200JSONResponse(out), err
}

// sortKeys reads a list of keys, whose names the contract has checked.
func sortKeys(text string) []domain.SortKey {
	if text == "" {
		return nil
	}
	var keys []domain.SortKey
	for key := range strings.SplitSeq(text, ",") {
		name, descending := strings.CutPrefix(key, "-")
		keys = append(keys, domain.SortKey{Name: strings.TrimLeft(name, "+ "), Descending: descending})
	}
	return keys
}

// The filters of each list, in the order of the contract (D-39).

func orderFilters(params api.ListOrdersParams) ([]domain.Filter, error) {
	status := params.FiltersStatus
	if slices.Contains(status, api.OrderStatusIssued) { // which also finds what has expired since (certcentral-facts 5.2)
		status = append(slices.Clip(status), api.OrderStatusExpired)
	}
	var f filters
	f.numbers(domain.FieldID, params.FiltersID)
	words(&f, domain.FieldStatus, status)
	f.times(domain.FieldStatusChanged, params.FiltersStatusLastUpdated)
	f.numbers(domain.FieldOrganizationID, params.FiltersOrganizationID)
	f.texts(domain.FieldProductNameID, params.FiltersProductNameID)
	f.times(domain.FieldValidTill, params.FiltersValidTill)
	f.numbers(domain.FieldUserID, params.FiltersUserID)
	f.texts(domain.FieldCommonName, params.FiltersCommonName)
	f.texts(domain.FieldDomainName, params.FiltersDomainName)
	f.times(domain.FieldDateCreated, params.FiltersDateCreated)
	f.numbers(domain.FieldContainerID, params.FiltersContainerID)
	f.numbers(domain.FieldMetadataID, params.FiltersMetadataID)
	f.flags(domain.FieldIsRenewed, params.FiltersIsRenewed)
	f.flags(domain.FieldNoRenewalNotices, params.FiltersDisableRenewalNotifications)
	f.texts(domain.FieldEmail, params.FiltersEmail)
	f.numbers(domain.FieldCertificateID, params.FiltersCertificateID)
	words(&f, domain.FieldOrigin, params.FiltersOrigin)
	f.texts(domain.FieldSerialNumber, withoutColons(params.FiltersSerialNumber))
	f.texts(domain.FieldSearch, params.FiltersSearch)
	return f.done()
}

func organizationFilters(params api.ListOrganizationsParams) []domain.Filter {
	var f filters
	f.number(domain.FieldContainerID, params.ContainerID)
	words(&f, domain.FieldStatus, params.FiltersStatus)
	words(&f, domain.FieldValidation, params.FiltersValidation)
	f.numbers(domain.FieldContainerOf, params.FiltersContainerIDForOrganization)
	f.organizations(domain.FieldSearch, params.FiltersSearch)
	return f.list
}

func userFilters(params api.ListUsersParams) []domain.Filter {
	var f filters
	f.number(domain.FieldContainerID, params.ContainerID)
	f.number(domain.FieldAccessRoleID, params.AccessRoleID)
	f.texts(domain.FieldSearch, params.FiltersSearch)
	return f.list
}

func serviceUserFilters(params api.ListServiceUsersParams) []domain.Filter {
	var f filters
	f.number(domain.FieldContainerID, params.ContainerID)
	f.number(domain.FieldAccessRoleID, params.AccessRoleID)
	words(&f, domain.FieldStatus, params.FiltersStatus)
	f.texts(domain.FieldSearch, params.FiltersSearch)
	return f.list
}

func requestFilters(params api.ListRequestsParams) []domain.Filter {
	var f filters
	if params.Status != nil {
		words(&f, domain.FieldStatus, []api.RequestStatus{*params.Status})
	}
	words(&f, domain.FieldStatus, params.FiltersStatus)
	words(&f, domain.FieldType, params.FiltersType)
	f.numbers(domain.FieldOrderID, params.FiltersOrderID)
	return f.list
}
