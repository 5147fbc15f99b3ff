package transport

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// OrderPkioOrganisationPerson places an order.
func (a *API) OrderPkioOrganisationPerson(ctx context.Context, request server.OrderPkioOrganisationPersonRequestObject) (server.OrderPkioOrganisationPersonResponseObject, error) {
	in := orderIn(request.Body)
	var placed domain.Placed
	err := a.update(ctx, func(r domain.Reader, actor domain.Actor) (changes domain.Changes, err error) {
		placed, changes, err = domain.PlaceOrder(r, actor, a.now(r), in)
		return changes, err
	})
	if err != nil {
		return nil, err
	}
	created := api.OrderCreated{ID: placed.OrderID, CertificateID: optional(placed.CertificateID)}
	if request := placed.Request; request != nil {
		created.Requests = []api.ApprovalRequestRef{{ID: request.ID, Status: api.ApprovalRequestStatus(request.Status)}}
	}
	if placed.OrganizationID != 0 {
		created.Organization = &api.OrganizationCreated{ID: placed.OrganizationID}
	}
	return server.OrderPkioOrganisationPerson201JSONResponse(created), nil
}

// ListOrders returns a page of orders.
func (a *API) ListOrders(ctx context.Context, request server.ListOrdersRequestObject) (server.ListOrdersResponseObject, error) {
	params := request.Params
	filters, err := orderFilters(params)
	if err != nil {
		return nil, err
	}
	query := domain.OrderQuery{Page: pageFrom(params.Limit, params.Offset), Sort: sortKeys(value(params.Sort)), Filters: filters}
	var now time.Time
	orders, page, err := list(ctx, a, query.Page,
		func(r domain.Reader) ([]domain.Order, int) {
			now = a.now(r)
			return r.Orders(query)
		},
		func(r domain.Reader, order domain.Order) api.OrderSummary { return orderSummary(r, now, order) })
	if wantsCSV(ctx) && err == nil {
		return server.ListOrders200TextCsvResponse(writeCSV(orders)), nil
	}
	return server.ListOrders200JSONResponse{Orders: orders, Page: page}, err
}

// GetOrder returns an order.
func (a *API) GetOrder(ctx context.Context, request server.GetOrderRequestObject) (server.GetOrderResponseObject, error) {
	var out api.OrderInfo
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		order, err := domain.FindOrderByReference(r, request.OrderID)
		if err == nil {
			out = orderOut(r, a.now(r), order)
		}
		return err
	})
	return server.GetOrder200JSONResponse(out), err
}

// UpdateOrderStatus cancels an order.
func (a *API) UpdateOrderStatus(ctx context.Context, request server.UpdateOrderStatusRequestObject) (server.UpdateOrderStatusResponseObject, error) {
	err := a.update(ctx, func(r domain.Reader, _ domain.Actor) (domain.Changes, error) {
		order, err := domain.FindOrderByReference(r, request.OrderID)
		if err != nil {
			return domain.Changes{}, err
		}
		switch to := request.Body.Status; to {
		case api.StatusUpdateCanceled:
			return domain.CancelOrder(r, a.now(r), order.ID, value(request.Body.Note))
		default:
			return domain.Changes{}, domain.RefuseStatus(r, order.ID, string(to))
		}
	})
	return server.UpdateOrderStatus204Response{}, err
}

// ListAlternateOrders returns a page of the orders with an alternative id.
func (a *API) ListAlternateOrders(ctx context.Context, request server.ListAlternateOrdersRequestObject) (server.ListAlternateOrdersResponseObject, error) {
	page := pageFrom(request.Params.Limit, request.Params.Offset)
	orders, out, err := list(ctx, a, page,
		func(r domain.Reader) ([]domain.Order, int) {
			return r.OrdersByAlternativeID(request.AlternativeOrderID, page)
		},
		func(_ domain.Reader, order domain.Order) api.StatusChange { return statusChange(&order) })
	return server.ListAlternateOrders200JSONResponse{Orders: orders, Page: out}, err
}

// number reads an id. The contract has checked that it is an integer or a string of digits.
func number(id *api.Identifier) *int64 {
	if id == nil {
		return nil
	}
	n, err := strconv.ParseInt(string(*id), 10, 64)
	if err != nil {
		n = -1 // too large: the id of no entity
	}
	return &n
}

func orderIn(body *api.OrderInput) domain.OrderRequest {
	organization := body.Organization
	in := domain.OrderRequest{
		ProfileOption:       string(body.Certificate.ProfileOption),
		RSASSAPSS:           value(body.Certificate.IsRsassaPss),
		IndividualID:        number(body.Certificate.Individual.ID),
		Individual:          individualIn(body.Certificate.Individual),
		OrganizationID:      number(organization.ID),
		SkipDuplicateCheck:  value(organization.SkipDuplicateOrgCheck),
		Contacts:            contactsIn(organization.Contacts),
		OrganizationContact: orderContactIn(body.OrganizationContact),
		TechnicalContact:    orderContactIn(body.TechnicalContact),
		Payment:             paymentIn(body),
		SkipApproval:        value(body.SkipApproval),
		Comments:            value(body.Comments),
		AlternativeID:       value(body.AlternativeOrderID),
		AdditionalEmails:    body.AdditionalEmails,
		NoRenewalNotices:    value(body.DisableRenewalNotifications),
		Organization: domain.OrganizationDetails{
			Name: value(organization.Name), AssumedName: value(organization.AssumedName), Address: value(organization.Address),
			Address2: value(organization.Address2), City: value(organization.City), State: value(organization.State),
			Zip: value(organization.Zip), Country: value(organization.Country), Telephone: value(organization.Telephone),
		},
	}
	if container := body.Container; container != nil {
		in.ContainerID = number(&container.ID)
	}
	for _, field := range body.CustomFields {
		in.CustomFields = append(in.CustomFields, domain.CustomField{MetadataID: *number(&field.MetadataID), Value: field.Value})
	}
	if ship := body.ShipInfo; ship != nil {
		in.Shipping = domain.Shipping{
			Name: ship.Name, Addr1: ship.Addr1, Addr2: ship.Addr2, City: ship.City, State: ship.State, Zip: ship.Zip,
			Country: ship.Country, Method: string(ship.Method),
		}
	}
	in.Validity = value(validityIn(body.OrderValidity))
	return in
}

func orderOut(r domain.Reader, now time.Time, order domain.Order) api.OrderInfo {
	organization, _ := r.Organization(order.OrganizationID)
	individual, _ := r.Individual(order.IndividualID)
	user, _ := r.Person(order.UserID)
	contact := domain.Contact(r, order.OrganizationContact)
	technical := contact // the vendor shows the organization contact when there is no technical one
	if order.TechnicalContact != (domain.OrderContact{}) {
		technical = domain.Contact(r, order.TechnicalContact)
	}
	return api.OrderInfo{
		ID:          order.ID,
		Certificate: certificateOut(r, now, order, individual),
		Status:      api.OrderStatus(order.Status), DateCreated: timestamp(order.Created),
		Organization: api.OrderedOrganization{
			ID: organization.ID, Name: organization.Name, DisplayName: organization.DisplayName(), IsActive: organization.Active,
			City: organization.City, State: organization.State, Country: organization.Country,
		},
		OrderValidity: validityOut(order.Validity), ValidityYears: int32(order.ValidityYears), //nolint:gosec // 1 to 3
		OrderValidTill: day(order.ValidTill), HasReissues: order.Reissues > 0, ReissuesCount: int32(order.Reissues), //nolint:gosec // at most 100
		Container: container(), Product: orderedProduct(order.Product), ProductNameID: order.Product,
		OrganizationContact: contactOut(contact), TechnicalContact: contactOut(technical),
		VerifiedContacts: verifiedOut(r, order.VerifiedContacts),
		User:             userRef(user),
		APIKey:           api.OrderAPIKey{Name: strings.TrimSpace(user.FirstName + " " + user.LastName), KeyType: keyType},
		ShipInfo: api.ShipInfo{
			Name: order.Shipping.Name, Addr1: order.Shipping.Addr1, Addr2: order.Shipping.Addr2, City: order.Shipping.City,
			State: order.Shipping.State, Zip: order.Shipping.Zip, Country: order.Shipping.Country,
			Method: api.ShippingMethod(order.Shipping.Method),
		},
		CsProvisioningMethod: api.ProvisioningMethodToken,
		PaymentMethod:        api.PaymentMethod(order.PaymentMethod), Price: order.Price.Float(),
		PublicID: "mock-order-" + strconv.FormatInt(order.ID, 10), AlternativeOrderID: optional(order.AlternativeID),
		DisableRenewalNotifications: order.NoRenewalNotices, IsMultiYearPlan: "0", ReceiptID: optional(order.ReceiptID),
		Requests: orderedRequests(r.RequestsOfOrder(order.ID)), Notes: notesOut(order.Notes),
		CustomFields: customFields(order.CustomFields), AdditionalEmails: order.AdditionalEmails,
		UserAssignments: []api.UserRef{},
	}
}

// keyType is the kind of every key of the mock.
const keyType = "permanent_key"

func customFields(fields []domain.CustomField) []api.CustomField {
	out := []api.CustomField{}
	for _, field := range fields {
		out = append(out, api.CustomField{MetadataID: field.MetadataID, Value: field.Value})
	}
	return out
}

func orderSummary(r domain.Reader, now time.Time, order domain.Order) api.OrderSummary {
	organization, _ := r.Organization(order.OrganizationID)
	individual, _ := r.Individual(order.IndividualID)
	return api.OrderSummary{
		ID:          order.ID,
		Certificate: certificateSummary(r, now, order, individual),
		Status:      api.OrderStatus(order.Status), DateCreated: timestamp(order.Created),
		Organization:  api.OrganizationName{ID: organization.ID, Name: organization.Name},
		OrderValidity: validityOut(order.Validity), ValidityYears: int32(order.ValidityYears), //nolint:gosec // 1 to 3
		OrderValidTill: day(order.ValidTill), HasReissues: order.Reissues > 0, ReissuesCount: int32(order.Reissues), //nolint:gosec // at most 100
		Container: container(), Product: orderedProduct(order.Product), ProductNameID: order.Product, Price: order.Price.Float(),
		DisableRenewalNotifications: order.NoRenewalNotices,
	}
}

func orderFilters(params api.ListOrdersParams) ([]domain.Filter, error) {
	status := params.FiltersStatus
	if slices.Contains(status, api.OrderStatusFilterIssued) { // also finds expired orders (certcentral-facts 5.2)
		status = append(slices.Clip(status), api.OrderStatusFilterExpired)
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
