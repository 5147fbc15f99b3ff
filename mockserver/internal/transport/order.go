package transport

import (
	"context"
	"strconv"
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
		placed, changes, err = domain.PlaceOrder(r, actor, a.now(ctx), in)
		return changes, err
	})
	if err != nil {
		return nil, err
	}
	created := api.OrderCreated{ID: placed.OrderID, CertificateID: optional(placed.CertificateID)}
	if request := placed.Request; request != nil {
		created.Requests = []api.RequestRef{{ID: request.ID, Status: api.RequestStatus(request.Status)}}
	}
	if placed.OrganizationID != 0 {
		created.Organization = &api.OrganizationRef{ID: placed.OrganizationID}
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
	now := a.now(ctx)
	var out api.OrderList
	err = a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		orders, total := r.Orders(query)
		out = api.OrderList{Orders: make([]api.OrderSummary, len(orders)), Page: pageOut(query.Page, total)}
		for i := range orders {
			out.Orders[i] = orderSummary(r, now, orders[i])
		}
		return nil
	})
	if wantsCSV(ctx) && err == nil {
		return server.ListOrders200TextCsvResponse(writeCSV(out.Orders)), nil
	}
	return server.ListOrders200JSONResponse(out), err
}

// GetOrder returns an order.
func (a *API) GetOrder(ctx context.Context, request server.GetOrderRequestObject) (server.GetOrderResponseObject, error) {
	var out api.Order
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		order, err := domain.FindOrderNamed(r, request.OrderID)
		if err == nil {
			out = orderOut(r, a.now(ctx), order)
		}
		return err
	})
	return server.GetOrder200JSONResponse(out), err
}

// UpdateOrderStatus cancels an order.
func (a *API) UpdateOrderStatus(ctx context.Context, request server.UpdateOrderStatusRequestObject) (server.UpdateOrderStatusResponseObject, error) {
	err := a.update(ctx, func(r domain.Reader, _ domain.Actor) (domain.Changes, error) {
		order, err := domain.FindOrderNamed(r, request.OrderID)
		if err != nil {
			return domain.Changes{}, err
		}
		switch to := request.Body.Status; to {
		case api.StatusUpdateCanceled:
			return domain.CancelOrder(r, a.now(ctx), order.ID, value(request.Body.Note))
		default:
			return domain.Changes{}, domain.RefuseStatus(r, order.ID, string(to))
		}
	})
	return server.UpdateOrderStatus204Response{}, err
}

// ListAlternateOrders returns a page of the orders with an alternative id.
func (a *API) ListAlternateOrders(ctx context.Context, request server.ListAlternateOrdersRequestObject) (server.ListAlternateOrdersResponseObject, error) {
	page := pageFrom(request.Params.Limit, request.Params.Offset)
	var out api.AlternateOrders
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		orders, total := r.OrdersCalled(request.AlternativeOrderID, page)
		out = api.AlternateOrders{Orders: statusChanges(orders), Page: pageOut(page, total)}
		return nil
	})
	return server.ListAlternateOrders200JSONResponse(out), err
}

func statusChanges(orders []domain.Order) []api.StatusChange {
	out := make([]api.StatusChange, len(orders))
	for i, order := range orders {
		out[i] = api.StatusChange{OrderID: order.ID, CertificateID: optional(order.CertificateID), Status: api.OrderStatus(order.Status)}
	}
	return out
}

// ListOrderNotes returns the notes on an order.
func (a *API) ListOrderNotes(ctx context.Context, request server.ListOrderNotesRequestObject) (server.ListOrderNotesResponseObject, error) {
	out := api.NoteList{Notes: []api.Note{}}
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		order, err := domain.FindOrderNamed(r, request.OrderID)
		out.Notes = append(out.Notes, notesOut(order.Notes)...)
		return err
	})
	return server.ListOrderNotes200JSONResponse(out), err
}

// AddOrderNote adds a note to an order.
func (a *API) AddOrderNote(ctx context.Context, request server.AddOrderNoteRequestObject) (server.AddOrderNoteResponseObject, error) {
	var id int64
	err := a.update(ctx, func(r domain.Reader, _ domain.Actor) (changes domain.Changes, err error) {
		order, err := domain.FindOrderNamed(r, request.OrderID)
		if err != nil {
			return changes, err
		}
		id, changes, err = domain.AddNote(r, order.ID, request.Body.Text)
		return changes, err
	})
	return server.AddOrderNote201JSONResponse{ID: id}, err
}

func notesOut(notes []domain.Note) []api.Note {
	var out []api.Note
	for _, note := range notes {
		out = append(out, api.Note{ID: note.ID, Text: note.Text})
	}
	return out
}

// number reads an id, which the contract has checked to be an integer or a string of digits.
func number(id *api.ID) *int64 {
	if id == nil {
		return nil
	}
	n, err := strconv.ParseInt(string(*id), 10, 64)
	if err != nil {
		n = -1 // names nothing
	}
	return &n
}

func orderIn(body *api.OrderRequest) domain.OrderRequest {
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

func validityIn(validity *api.OrderValidity) *domain.Validity {
	if validity == nil {
		return nil
	}
	return &domain.Validity{
		Years: int(value(validity.Years)), Days: int(value(validity.Days)),
		CustomExpirationDate: value(validity.CustomExpirationDate),
	}
}

func individualIn(in api.IndividualRequest) domain.Individual {
	return domain.Individual{
		FirstName: value(in.FirstName), LastName: value(in.LastName), Email: value(in.Email), Telephone: value(in.Telephone),
		Country: value(in.Country), State: value(in.State), City: value(in.City), Zip: value(in.Zip),
	}
}

func orderOut(r domain.Reader, now time.Time, order domain.Order) api.Order {
	organization, _ := r.Organization(order.OrganizationID)
	individual, _ := r.Individual(order.IndividualID)
	user, _ := r.Person(order.UserID)
	contact := domain.Contact(r, order.OrganizationContact)
	technical := contact // the vendor shows the organization contact where there is no technical one
	if order.TechnicalContact != (domain.OrderContact{}) {
		technical = domain.Contact(r, order.TechnicalContact)
	}
	return api.Order{
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
		ShipInfo: api.ShipInfo{
			Name: order.Shipping.Name, Addr1: order.Shipping.Addr1, Addr2: order.Shipping.Addr2, City: order.Shipping.City,
			State: order.Shipping.State, Zip: order.Shipping.Zip, Country: order.Shipping.Country,
			Method: api.ShippingMethod(order.Shipping.Method),
		},
		CsProvisioningMethod: api.ProvisioningMethodToken,
		PaymentMethod:        api.PaymentMethod(order.PaymentMethod), Price: order.Price.Float(),
		PublicID: "mock-order-" + strconv.FormatInt(order.ID, 10), AlternativeOrderID: optional(order.AlternativeID),
		DisableRenewalNotifications: order.NoRenewalNotices, IsMultiYearPlan: "0", ReceiptID: optional(order.ReceiptID),
		Requests: orderedRequests(r.RequestsAbout(order.ID)), Notes: notesOut(order.Notes),
		CustomFields: customFields(order.CustomFields), AdditionalEmails: order.AdditionalEmails,
		UserAssignments: []api.UserRef{},
	}
}

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

func individualOut(individual domain.Individual) api.Individual {
	return api.Individual{
		ID: individual.ID, FirstName: individual.FirstName, LastName: individual.LastName, Email: individual.Email,
		Telephone: optional(individual.Telephone), Country: optional(individual.Country), State: optional(individual.State),
		City: optional(individual.City), Zip: optional(individual.Zip),
	}
}

func validityOut(validity domain.Validity) api.Validity {
	return api.Validity{
		Years: optional(int32(validity.Years)), Days: optional(int32(validity.Days)), //nolint:gosec // at most 397
		CustomExpirationDate: optional(validity.CustomExpirationDate),
	}
}
