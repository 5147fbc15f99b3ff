package domain

import (
	"strings"
	"time"
)

// OrganisationPerson is the name_id of the product that the mock takes orders of.
const OrganisationPerson = "pkio_organisation_person"

// An Order is a placed order.
type Order struct {
	ID                  int64
	CertificateID       int64     // zero while the order needs an approval
	ReissueID           int64     // the certificate of the reissue; zero unless a reissue has begun
	Reissues            int       // the number of issued reissues
	ValidTill           time.Time // the end of the order; zero until a certificate is issued
	Product             string
	Status              Status
	Created             time.Time
	StatusChanged       time.Time
	UserID              int64
	OrganizationID      int64
	IndividualID        int64
	ProfileOption       string
	RSASSAPSS           bool
	Shipping            Shipping
	OrganizationContact OrderContact
	TechnicalContact    OrderContact
	VerifiedContacts    []VerifiedContact // as they were when the order was placed
	Validity            Validity
	ValidityYears       int // a begun year counts as one
	PaymentMethod       PaymentMethod
	Price               Money
	AlternativeID       string
	CustomFields        []CustomField
	AdditionalEmails    []string
	NoRenewalNotices    bool
	Notes               []Note
	ReceiptID           int64 // of a payment by card; zero for a payment from the balance
}

// A CustomField is a value for a custom field of the account (D-64).
type CustomField struct {
	MetadataID int64
	Value      string
}

// Shipping is the address that a token is sent to.
type Shipping struct {
	Name    string
	Addr1   string
	Addr2   string
	City    string
	State   string
	Zip     string
	Country string
	Method  string
}

// Expedited is the shipping method with a surcharge (vendor page, ship_info.method).
const Expedited = "EXPEDITED"

// The prices of an order. They are ours, because the vendor publishes none (D-34).
const (
	PricePerYear       Money = 300_00
	SurchargeExpedited Money = 50_00
)

// OrderRequest is a request to place an order.
type OrderRequest struct {
	ProfileOption       string
	RSASSAPSS           bool
	IndividualID        *int64
	Individual          Individual // used without IndividualID
	Shipping            Shipping
	OrganizationID      *int64
	Organization        OrganizationDetails // used without OrganizationID
	SkipDuplicateCheck  bool
	Contacts            []ContactInput
	OrganizationContact *PersonInput // for this order only
	TechnicalContact    *PersonInput // for this order only
	Validity            Validity
	Payment             Payment
	SkipApproval        bool
	Comments            string // for the user that approves
	AlternativeID       string
	ContainerID         *int64
	CustomFields        []CustomField
	AdditionalEmails    []string
	NoRenewalNotices    bool
}

// Placed is the result of a placed order.
type Placed struct {
	OrderID        int64
	CertificateID  int64    // zero while the order needs an approval
	Request        *Request // nil when the order needs no approval
	OrganizationID int64    // zero unless the order created its organization
}

// PlaceOrder orders an Organisation Person certificate. A refused order changes nothing. Only an
// administrator may skip the approval (certcentral-facts 1.2), in any account.
func PlaceOrder(r Reader, actor Actor, now time.Time, in OrderRequest) (Placed, Changes, error) {
	if in.SkipApproval && actor.Role != Administrator() {
		return Placed{}, Changes{}, MissingPermission()
	}
	var errs Errors
	plan := newPlan(r)
	individual := plan.individual(&errs, in)
	organization, created := plan.orderOrganization(&errs, actor, now, in)
	order := Order{
		Product: OrganisationPerson, Created: now.UTC(), UserID: actor.UserID,
		OrganizationID: organization.ID, IndividualID: individual.ID,
		ProfileOption: in.ProfileOption, RSASSAPSS: in.RSASSAPSS, Shipping: in.Shipping,
		OrganizationContact: plan.orderContact(&errs, "organization_contact", in.OrganizationContact, organization.OrganizationContact),
		TechnicalContact:    plan.orderContact(&errs, "technical_contact", in.TechnicalContact, organization.TechnicalContact),
		VerifiedContacts:    organization.VerifiedContacts,
		PaymentMethod:       in.Payment.Method,
		AlternativeID:       in.AlternativeID,
		CustomFields:        in.CustomFields,
		AdditionalEmails:    in.AdditionalEmails,
		NoRenewalNotices:    in.NoRenewalNotices,
	}
	order.Validity, order.ValidityYears = in.Validity.resolve(&errs, now, r.Settings().Switches)
	order.Price = price(order)
	order.ID = next(&plan.seq.Order)
	request := plan.submitOrRequest(actor, now, &order, in.SkipApproval, in.Comments)
	if in.ContainerID != nil && *in.ContainerID != ContainerID {
		errs.add(CodeInvalidField, "container.id", "container.id names no container of this account")
	}
	plan.pay(&errs, now, &order, in.Payment)
	if err := errs.err(); err != nil {
		return Placed{}, Changes{}, err
	}
	plan.changes.Orders = append(plan.changes.Orders, order)
	placed := Placed{OrderID: order.ID, CertificateID: order.CertificateID, Request: request}
	if request != nil {
		request.OrderID = order.ID
		plan.changes.Requests = append(plan.changes.Requests, *request)
	}
	if created {
		placed.OrganizationID = organization.ID
	}
	return placed, plan.finish(), nil
}

func price(order Order) Money {
	price := PricePerYear * Money(order.ValidityYears)
	if order.Shipping.Method == Expedited {
		price += SurchargeExpedited
	}
	return price
}

// orderOrganization returns the organization of an order as it will be, and whether the order
// creates it (D-02, D-19, D-31, D-32).
func (p *plan) orderOrganization(errs *Errors, actor Actor, now time.Time, in OrderRequest) (Organization, bool) {
	const contacts = "organization.contacts"
	organization, created, known := p.pickOrganization(errs, in)
	before := organization
	named := p.contacts(errs, contacts, &organization, in.Contacts)
	if !known {
		return organization, false // what else is wrong depends on the organization
	}
	if named[VerifiedContactType] == 0 && (created || !p.r.HasOrdered(organization.ID, OrganisationPerson)) {
		errs.add(CodeMissingVerifiedContact, contacts,
			contacts+" has to hold a verified_contact: no order of this product has named the organization yet")
	}
	if p.r.Settings().RequireValidation && !organization.validated(ValidationOV, now) {
		errs.addWithHint(CodeNotValidated, "organization", "organization has no active validation of the type ov, which the settings of the account require",
			HintSubmitOrganization)
	}
	if created && named[OrganizationContactType] == 0 {
		fallbackContact(errs, contacts, &organization, actor)
	}
	if created || changed(before, organization) {
		p.changes.Organizations = append(p.changes.Organizations, organization)
	}
	return organization, created
}

func changed(before, after Organization) bool {
	return before.OrganizationContact != after.OrganizationContact ||
		before.TechnicalContact != after.TechnicalContact ||
		len(before.VerifiedContacts) != len(after.VerifiedContacts)
}

// pickOrganization finds the organization that an order names or describes. Details that match an
// organization of the account reuse it, an active one rather than an inactive one.
func (p *plan) pickOrganization(errs *Errors, in OrderRequest) (organization Organization, created, known bool) {
	const path = "organization.id"
	if in.OrganizationID != nil {
		organization, there := p.r.Organization(*in.OrganizationID)
		switch {
		case !there:
			errs.addWithHint(CodeInvalidOrganization, path, path+" names no organization of this account", HintListOrganizations)
			return organization, false, false
		case !organization.Active:
			errs.addWithHint(CodeInactiveOrganization, path, path+" names an organization that is inactive", HintActivateOrganization)
		}
		return organization, false, true
	}
	details := in.Organization
	details.Country = strings.ToLower(details.Country)
	var like []int64
	if !in.SkipDuplicateCheck {
		like = p.r.OrganizationsWithDetails(details.Key())
	}
	if len(like) == 0 {
		details.check(errs, "organization.")
		return p.newOrganization(details), true, true
	}
	for _, id := range like {
		if organization, there := p.r.Organization(id); there && organization.Active {
			return organization, false, true
		}
	}
	organization, _ = p.r.Organization(like[0])
	errs.add(CodeInactiveOrganization, "organization",
		"organization has the details of an organization of this account that is inactive; activate it, or set organization.skip_duplicate_org_check to true")
	return organization, false, true
}

// FindOrder returns an order of the account, or not_found|order.
func FindOrder(r Reader, id int64) (Order, error) {
	order, there := r.Order(id)
	if !there {
		return Order{}, OrderNotFound()
	}
	return order, nil
}

// FindOrderByReference returns the order that a path names by its id, or by the thumbprint or the
// serial number of the certificate that the order shows. Any other text is not_found|order, never
// an invalid id (D-38).
func FindOrderByReference(r Reader, name string) (Order, error) {
	if id, isID := parseID(name); isID {
		return FindOrder(r, id)
	}
	certificate, there := r.CertificateBySerialOrThumbprint(hexadecimal(name))
	if !there || certificate.Issued.IsZero() {
		return Order{}, OrderNotFound()
	}
	order, err := FindOrder(r, certificate.OrderID)
	if err == nil && order.CertificateID != certificate.ID {
		return Order{}, OrderNotFound() // a reissue has replaced the certificate
	}
	return order, err
}

// OrderNotFound is the refusal of a path that names no order.
func OrderNotFound() error {
	return notFound(CodeOrderNotFound, "order not found: no order of this account has this id, "+
		"or shows a certificate with this serial number or thumbprint", HintListOrders)
}

// OrderQuery asks for a page of orders.
type OrderQuery struct {
	Page
	Sort    []SortKey
	Filters []Filter
}
