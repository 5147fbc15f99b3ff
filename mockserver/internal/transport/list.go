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
			out.Requests[i] = requestOut(r, a.now(), requests[i])
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
	f.numbers("id", params.FiltersID)
	words(&f, "status", status)
	f.times("status_last_updated", params.FiltersStatusLastUpdated)
	f.numbers("organization_id", params.FiltersOrganizationID)
	f.texts("product_name_id", params.FiltersProductNameID)
	f.times("valid_till", params.FiltersValidTill)
	f.numbers("user_id", params.FiltersUserID)
	f.texts("common_name", params.FiltersCommonName)
	f.texts("domain_name", params.FiltersDomainName)
	f.times("date_created", params.FiltersDateCreated)
	f.numbers("container_id", params.FiltersContainerID)
	f.numbers("metadata_id", params.FiltersMetadataID)
	f.flags("is_renewed", params.FiltersIsRenewed)
	f.flags("disable_renewal_notifications", params.FiltersDisableRenewalNotifications)
	f.texts("email", params.FiltersEmail)
	f.numbers("certificate_id", params.FiltersCertificateID)
	words(&f, "origin", params.FiltersOrigin)
	f.texts("serial_number", withoutColons(params.FiltersSerialNumber))
	f.texts("search", params.FiltersSearch)
	return f.done()
}

func organizationFilters(params api.ListOrganizationsParams) []domain.Filter {
	var f filters
	f.number("container_id", params.ContainerID)
	words(&f, "status", params.FiltersStatus)
	words(&f, "validation", params.FiltersValidation)
	f.numbers("container_id_for_organization", params.FiltersContainerIDForOrganization)
	f.organizations("search", params.FiltersSearch)
	return f.list
}

func userFilters(params api.ListUsersParams) []domain.Filter {
	var f filters
	f.number("container_id", params.ContainerID)
	f.number("access_role_id", params.AccessRoleID)
	f.texts("search", params.FiltersSearch)
	return f.list
}

func serviceUserFilters(params api.ListServiceUsersParams) []domain.Filter {
	var f filters
	f.number("container_id", params.ContainerID)
	f.number("access_role_id", params.AccessRoleID)
	words(&f, "status", params.FiltersStatus)
	f.texts("search", params.FiltersSearch)
	return f.list
}

func requestFilters(params api.ListRequestsParams) []domain.Filter {
	var f filters
	if params.Status != nil {
		words(&f, "status", []api.RequestStatus{*params.Status})
	}
	words(&f, "status", params.FiltersStatus)
	words(&f, "type", params.FiltersType)
	f.numbers("order_id", params.FiltersOrderID)
	return f.list
}
