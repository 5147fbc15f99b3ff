package envelope

import "github.com/pkio-tools/certcentral/mockserver/internal/domain"

// hint returns the operations to call next after a refusal of the domain, to be appended to its
// message. It is empty for a refusal without a remedy.
func hint(remedy domain.Remedy) string {
	switch remedy {
	case domain.RemedyListContainers:
		return "; GET /container lists them"
	case domain.RemedyListOrders:
		return "; GET /order/certificate lists them"
	case domain.RemedyListOrganizations:
		return "; GET /organization lists them"
	case domain.RemedyListProducts:
		return "; GET /product lists them"
	case domain.RemedyListRequests:
		return "; GET /request lists them"
	case domain.RemedyListUsers:
		return "; GET /user and GET /user/api-only list them"
	case domain.RemedyListApprovers:
		return "; GET /organization/potential-approvers lists them"
	case domain.RemedyActivateOrganization:
		return "; PUT /organization/{organization_id}/activate activates it"
	case domain.RemedyDecideRequest:
		return "; PUT /request/{request_id}/status decides it"
	case domain.RemedyEndReissue:
		return "; PUT /request/{request_id}/status decides it, PUT /order/certificate/{order_id}/status cancels it"
	case domain.RemedyIssue:
		return "; POST " + controlPrefix + "/orders/{order_id}/token/transition personalizes the token, " +
			"POST " + controlPrefix + "/settle waits for it"
	case domain.RemedyShowToken:
		return "; GET " + controlPrefix + "/orders/{order_id}/token shows it"
	case domain.RemedyEndValidity:
		return "; place an order with a shorter order_validity, " +
			"or give the mock another clock (in Go: mockserver.WithClock)"
	default:
		return ""
	}
}

// controlPrefix is the first segment of the paths of the mock's own API.
const controlPrefix = "/_mock"
