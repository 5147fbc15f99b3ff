package transport

import "github.com/pkio-tools/certcentral/mockserver/internal/domain"

// Hints returns the words of the hints that name operations of the vendor's API.
func Hints() map[domain.Hint]string {
	return map[domain.Hint]string{
		domain.HintListContainers:    "GET /container lists them",
		domain.HintListOrders:        "GET /order/certificate lists them",
		domain.HintListOrganizations: "GET /organization lists them",
		domain.HintListApprovers:     "GET /organization/potential-approvers lists them",
		domain.HintListProducts:      "GET /product lists them",
		domain.HintListRequests:      "GET /request lists them",
		domain.HintListUsers:         "GET /user and GET /user/api-only list them",

		domain.HintActivateOrganization: "PUT /organization/{organization_id}/activate activates it",
		domain.HintDecideRequest:        "PUT /request/{request_id}/status decides it",
		domain.HintSubmitOrganization:   "POST /organization/{organization_id}/validation submits it",
		domain.HintEndReissue: "PUT /request/{request_id}/status decides it, " +
			"PUT /order/certificate/{order_id}/status cancels it",
	}
}
