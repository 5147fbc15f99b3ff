package fault

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// pagePrefix begins the names of the pages of gateways.
const pagePrefix = "html_"

// A refusal is one of the catalogue: an error as the mock itself answers it (D-29).
type refusal struct {
	status int
	Error
}

// refusals are the refusals of the catalogue by their names, which are their codes without the path
// of a member. A test compares them with the contract and with the vectors.
func refusals() map[string]refusal {
	list := []refusal{
		{400, Error{"bad_request_format", "request body is not valid JSON: it is empty"}},
		{400, Error{"cert_unavailable_processing", "Unable to download certificate, the certificate has not yet been issued.  Try back in a bit."}},
		{400, Error{"duplicate_organization", "an organization of this account has the same details; use it, or set skip_duplicate_org_check to true"}},
		{400, Error{"inactive_organization|organization.id", "organization.id names an organization that is inactive; PUT /organization/{organization_id}/activate activates it"}},
		{400, Error{"insufficient_funds", "the order costs 300.00, and only 0.00 can be spent"}},
		{400, Error{"invalid_individual|certificate.individual.id", "certificate.individual.id names no individual of this account; leave it out to describe a new one"}},
		{400, Error{"invalid_organization|organization.id", "organization.id names no organization of this account; GET /organization lists them"}},
		{400, Error{"invalid_user|user_id", "user_id names no user of this account; GET /user and GET /user/api-only list them"}},
		{400, Error{"missing_organization_contact|organization.contacts", "organization.contacts has to hold an organization_contact, since a service user cannot be it"}},
		{400, Error{"missing_verified_contact|organization.contacts", "organization.contacts has to hold a verified_contact: no order of this product has named the organization yet"}},
		{400, Error{"order_status_conflict", "the certificate cannot be revoked: it has been revoked before, and that is for good"}},
		{400, Error{"organization_in_use", "the organization cannot be deleted: it is the first one of the account"}},
		{400, Error{"time_frame_too_long", "the window of minutes and seconds together spans more than 7 days"}},
		{400, Error{"too_many_verified_contacts|organization.contacts", "organization.contacts holds 16 verified contacts, and there may be at most 15"}},
		{400, Error{"user_in_use", "the user cannot be deleted: the key of this request belongs to it"}},
		{403, Error{"access_denied|access_denied_invalid_key", "Access denied due to access_denied_invalid_key."}},
		{403, Error{"access_denied|missing_permission", "Access denied due to missing_permission."}},
		{404, Error{"not_found|certificate", "certificate not found: no certificate of this account has this id, or its order was canceled or rejected before it was issued"}},
		{404, Error{"not_found|container", "container not found: no container of this account has this id; GET /container lists them"}},
		{404, Error{"not_found|order", "order not found: no order of this account has this id, or shows a certificate with this serial number or thumbprint; GET /order/certificate lists them"}},
		{404, Error{"not_found|organization", "organization not found: no organization of this account has this id; GET /organization lists them"}},
		{404, Error{"not_found|product", "product not found: there is no product with this name_id; GET /product lists them"}},
		{404, Error{"not_found|request", "request not found: no request of this account has this id; GET /request lists them"}},
		{404, Error{"not_found|route", "The specified route was not found."}},
		{404, Error{"not_found|user", "user not found: no user of this account has this id; GET /user and GET /user/api-only list them"}},
		{413, Error{"request_too_large", "the request body is larger than 1 MiB"}},
		{415, Error{"unsupported_media_type", "the request body has to be sent with Content-Type: application/json"}},
		{429, Error{"request_limit_exceeded", "Service unavailable, please limit request volume"}},
		{500, Error{"internal_error", "the mock failed; its log says why"}},
		{503, Error{"mock_capacity", "the mock holds as many orders as it may, 1; reset an account, or start the mock with a higher maximum"}},
	}
	byName := make(map[string]refusal, len(list))
	for _, one := range list {
		name := one.Code
		if code, detail, _ := strings.Cut(name, "|"); strings.HasPrefix(detail, "organization.") || strings.HasPrefix(detail, "certificate.") || detail == "user_id" {
			name = code // the detail is the path of a member
		}
		byName[name] = one
	}
	return byName
}

// pages are the statuses that a gateway in front of the API answers with a page of its own.
func pages() []int { return []int{403, 413, 429, 500, 502, 503, 504} }

// Catalogue lists the names of the catalogue, sorted.
func Catalogue() []string {
	var names []string
	for name := range refusals() {
		names = append(names, name)
	}
	for _, status := range pages() {
		names = append(names, pagePrefix+strconv.Itoa(status))
	}
	slices.Sort(names)
	return names
}

// fromCatalogue returns the answer of an entry.
func fromCatalogue(name string) (Answer, bool) {
	if digits, isPage := strings.CutPrefix(name, pagePrefix); isPage {
		status, err := strconv.Atoi(digits)
		if err != nil || !slices.Contains(pages(), status) {
			return Answer{}, false
		}
		return page(status), true
	}
	one, there := refusals()[name]
	if !there {
		return Answer{}, false
	}
	return envelopeOf(one.status, []Error{one.Error}), true
}

// page is what a gateway answers: HTML where a client expects JSON.
func page(status int) Answer {
	title := strconv.Itoa(status) + " " + http.StatusText(status)
	body := "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
		"</h1></center>\r\n</body>\r\n</html>\r\n"
	return Answer{Status: status, Header: http.Header{"Content-Type": {"text/html"}}, Body: []byte(body)}
}
