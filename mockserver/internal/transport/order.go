package transport

import (
	"context"
	"strconv"
	"strings"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// OrderPkioOrganisationPerson places an order.
func (a *API) OrderPkioOrganisationPerson(ctx context.Context, request server.OrderPkioOrganisationPersonRequestObject) (server.OrderPkioOrganisationPersonResponseObject, error) {
	in := orderIn(request.Body)
	var placed domain.Placed
	err := a.update(ctx, func(r domain.Reader, actor domain.Actor) (changes domain.Changes, err error) {
		placed, changes, err = domain.PlaceOrder(r, actor, a.now(), in)
		return changes, err
	})
	if err != nil {
		return nil, err
	}
	created := api.OrderCreated{ID: placed.OrderID, CertificateID: &placed.CertificateID}
	if placed.OrganizationID != 0 {
		created.Organization = &api.OrganizationRef{ID: placed.OrganizationID}
	}
	return server.OrderPkioOrganisationPerson201JSONResponse(created), nil
}

// GetOrder returns an order.
func (a *API) GetOrder(ctx context.Context, request server.GetOrderRequestObject) (server.GetOrderResponseObject, error) {
	id, err := strconv.ParseInt(request.OrderID, 10, 64)
	if err != nil {
		return nil, domain.OrderNotFound()
	}
	var out api.Order
	err = a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		order, err := domain.FindOrder(r, id)
		if err == nil {
			out = orderOut(r, order)
		}
		return err
	})
	return server.GetOrder200JSONResponse(out), err
}

// ListOrders returns a page of orders.
func (a *API) ListOrders(ctx context.Context, request server.ListOrdersRequestObject) (server.ListOrdersResponseObject, error) {
	params := request.Params
	query := domain.OrderQuery{
		Page: pageFrom(params.Limit, params.Offset), Sort: sortKeys(value(params.Sort)),
		Status: domain.Status(value(params.FiltersStatus)), OrganizationID: params.FiltersOrganizationID,
		Product: value(params.FiltersProductNameID),
	}
	var out api.OrderList
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		orders, total := r.Orders(query)
		out = api.OrderList{Orders: make([]api.OrderSummary, len(orders)), Page: pageOut(query.Page, total)}
		for i := range orders {
			out.Orders[i] = orderSummary(r, orders[i])
		}
		return nil
	})
	return server.ListOrders200JSONResponse(out), err
}

// sortKeys reads a list of keys, whose names the contract has checked.
func sortKeys(text string) []domain.SortKey {
	if text == "" {
		return nil
	}
	var keys []domain.SortKey
	for key := range strings.SplitSeq(text, ",") {
		name, descending := strings.CutPrefix(key, "-")
		keys = append(keys, domain.SortKey{Name: name, Descending: descending})
	}
	return keys
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
		Organization: domain.OrganizationDetails{
			Name: value(organization.Name), AssumedName: value(organization.AssumedName), Address: value(organization.Address),
			Address2: value(organization.Address2), City: value(organization.City), State: value(organization.State),
			Zip: value(organization.Zip), Country: value(organization.Country), Telephone: value(organization.Telephone),
		},
	}
	if ship := body.ShipInfo; ship != nil {
		in.Shipping = domain.Shipping{
			Name: ship.Name, Addr1: ship.Addr1, Addr2: ship.Addr2, City: ship.City, State: ship.State, Zip: ship.Zip,
			Country: ship.Country, Method: string(ship.Method),
		}
	}
	if validity := body.OrderValidity; validity != nil {
		in.Validity = domain.Validity{
			Years: int(value(validity.Years)), Days: int(value(validity.Days)),
			CustomExpirationDate: value(validity.CustomExpirationDate),
		}
	}
	return in
}

func individualIn(in api.IndividualRequest) domain.Individual {
	return domain.Individual{
		FirstName: value(in.FirstName), LastName: value(in.LastName), Email: value(in.Email), Telephone: value(in.Telephone),
		Country: value(in.Country), State: value(in.State), City: value(in.City), Zip: value(in.Zip),
	}
}

func orderOut(r domain.Reader, order domain.Order) api.Order {
	organization, _ := r.Organization(order.OrganizationID)
	individual, _ := r.Individual(order.IndividualID)
	user, _ := r.Person(order.UserID)
	contact := domain.Contact(r, order.OrganizationContact)
	technical := contact // the vendor shows the organization contact where there is no technical one
	if order.TechnicalContact != (domain.OrderContact{}) {
		technical = domain.Contact(r, order.TechnicalContact)
	}
	return api.Order{
		ID: order.ID,
		Certificate: api.Certificate{
			ID: order.CertificateID, CommonName: individual.CommonName(), SignatureHash: api.SignatureHashSha256,
			ProfileOption: api.ProfileOption(order.ProfileOption), IsRsassaPss: order.RSASSAPSS,
			Individual: individualOut(individual), CertValidity: validityOut(order.Validity),
			Organization: api.OrganizationID{ID: order.OrganizationID},
		},
		Status: api.OrderStatus(order.Status), DateCreated: timestamp(order.Created),
		Organization: api.OrderedOrganization{
			ID: organization.ID, Name: organization.Name, DisplayName: organization.DisplayName(), IsActive: organization.Active,
			City: organization.City, State: organization.State, Country: organization.Country,
		},
		OrderValidity: validityOut(order.Validity), ValidityYears: int32(order.ValidityYears), //nolint:gosec // 1 to 3
		Container: container(), Product: product(), ProductNameID: order.Product,
		OrganizationContact: contactOut(contact), TechnicalContact: contactOut(technical),
		VerifiedContacts: verifiedOut(r, order.VerifiedContacts),
		User:             api.UserRef{ID: user.ID, FirstName: user.FirstName, LastName: user.LastName, Email: user.Email},
		ShipInfo: api.ShipInfo{
			Name: order.Shipping.Name, Addr1: order.Shipping.Addr1, Addr2: order.Shipping.Addr2, City: order.Shipping.City,
			State: order.Shipping.State, Zip: order.Shipping.Zip, Country: order.Shipping.Country,
			Method: api.ShippingMethod(order.Shipping.Method),
		},
		CsProvisioningMethod: api.ProvisioningMethodToken,
		PaymentMethod:        api.PaymentMethod(order.PaymentMethod), Price: order.Price.Float(),
	}
}

func orderSummary(r domain.Reader, order domain.Order) api.OrderSummary {
	organization, _ := r.Organization(order.OrganizationID)
	individual, _ := r.Individual(order.IndividualID)
	return api.OrderSummary{
		ID: order.ID,
		Certificate: api.CertificateSummary{
			ID: order.CertificateID, CommonName: individual.CommonName(), SignatureHash: api.SignatureHashSha256,
			CertValidity: validityOut(order.Validity),
		},
		Status: api.OrderStatus(order.Status), DateCreated: timestamp(order.Created),
		Organization:  api.OrganizationName{ID: organization.ID, Name: organization.Name},
		OrderValidity: validityOut(order.Validity), ValidityYears: int32(order.ValidityYears), //nolint:gosec // 1 to 3
		Container: container(), Product: product(), ProductNameID: order.Product, Price: order.Price.Float(),
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

// product is the one product that the mock takes orders of; its name and type are ours (D-50).
func product() api.Product {
	return api.Product{
		NameID: domain.OrganisationPerson, Name: "PKIo Authentication or Encryption - Organisation Person", Type: "pkio_certificate",
	}
}

// The one container of an account.
const (
	containerID   = 4
	containerName = "Main"
)

func container() api.Container {
	return api.Container{ID: containerID, Name: containerName, IsActive: true}
}
