package transport

import "github.com/pkio-tools/certcentral/mockserver/internal/domain"

// Hints are the hints of the domain whose answer is an operation of the vendor's API, in words.
func Hints() map[domain.Hint]string {
	return map[domain.Hint]string{
		domain.HintListContainers:    "GET /container lists them",
		domain.HintListOrders:        "GET /order/certificate lists them",
		domain.HintListOrganizations: "GET /organization lists them",
		domain.HintListApprovers:     "GET /organization/potential-approvers lists them",
		domain.HintListProducts:      "GET /product lists them",
		domain.HintListRequests:      "GET /request lists them",
		domain.HintListUsers:         "GET /user and GET /user/api-only list them",
	}
}
