package client

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/pkio-tools/certcentral/gen/api"
)

// A ProfileOption is the purpose of a certificate. Values that the service adds pass through.
type ProfileOption string

// The profiles of an Organisation Person certificate.
const (
	// ProfileAuthentication is for authentication of the person.
	ProfileAuthentication ProfileOption = "authentication"
	// ProfileEncryption is for encryption of data for the person.
	ProfileEncryption ProfileOption = "encryption"
	// ProfileNonrepudiation is for signatures on documents.
	ProfileNonrepudiation ProfileOption = "nonrepudiation"
)

// A PKIoOrganisationPersonRequest is an order for a PKIoverheid "Authentication or Encryption -
// Organisation Person" certificate. The key is made on a hardware token and the signature uses
// SHA-256; the service has no other choice.
type PKIoOrganisationPersonRequest struct {
	// ProfileOption is the purpose of the certificate. It is required.
	ProfileOption ProfileOption
	// RSASSAPSS is whether the signature of the certificate is RSASSA-PSS instead of PKCS #1 v1.5.
	// It matters only if the issuing CA has an RSA key.
	RSASSAPSS bool
	// Individual is the person that the certificate is issued for. It is required.
	Individual IndividualChoice
	// Organization is the organization that the person belongs to, with its new contacts. It is
	// required.
	Organization OrganizationChoice
	// OrganizationContact is the organization contact for this order only. It is optional.
	OrganizationContact Person
	// TechnicalContact is the technical contact for this order only. It is optional.
	TechnicalContact Person
	// ShipInfo is the address that the token is shipped to.
	ShipInfo ShipInfo
	// Validity is the validity of the certificate. The default is one year.
	Validity Validity
	// Payment is the way in which the order is paid. It is required.
	Payment Payment
	// AlternativeOrderID is an id of your own. [OrderService.ByAlternativeID] finds the order by
	// it. The service does not check that it is unique, so use a new id for each order.
	AlternativeOrderID string
	// ContainerID is the division of the account that the order belongs to. If it is 0, the service
	// chooses it.
	ContainerID int64
	// CustomFields are values of the account's custom fields.
	CustomFields []CustomField
	// AdditionalEmails are additional email addresses for notices about the order.
	AdditionalEmails []string
	// DisableRenewalNotifications turns off notices about a renewal.
	DisableRenewalNotifications bool
	// Comments is a remark for the approver of the order.
	Comments string
	// SkipApproval places the order without the approval that the account requires. Only an
	// administrator has the permission.
	SkipApproval bool
	// AgreedToCSA confirms that you agree to the Certificate Subscriber Agreement. It is required.
	// The client never sets it itself.
	AgreedToCSA bool
}

// A ShippingMethod is the speed of a shipment. Values that the service adds pass through.
type ShippingMethod string

// The shipping methods.
const (
	ShippingStandard ShippingMethod = "STANDARD"
	// ShippingExpedited costs more.
	ShippingExpedited ShippingMethod = "EXPEDITED"
)

// A ShipInfo is the address that a hardware token is shipped to, and the shipping method.
type ShipInfo struct {
	// Name is the first and the last name of the recipient.
	Name string
	// Address1 is the street address.
	Address1 string
	// Address2 is the second line of the street address. It may be empty.
	Address2 string
	// City is the city.
	City string
	// State is the state or province.
	State string
	// Zip is the postal code.
	Zip string
	// Country is the country, usually in two letters.
	Country string
	// Method is the shipping method. It has no default, since the methods have different prices.
	Method ShippingMethod
}

// An OrganizationChoice names the organization that a certificate is ordered for.
// [ExistingOrganization] and [NewOrganization] make one.
type OrganizationChoice struct {
	choice   choice
	id       int64
	details  OrganizationDetails
	contacts []ContactRequest
}

// ExistingOrganization orders for an organization of the account. The contacts are added to the
// organization. In the first order of this product for the organization, one of them must be a
// [VerifiedContact]. Later orders need no contact.
func ExistingOrganization(id int64, contacts ...ContactRequest) OrganizationChoice {
	return OrganizationChoice{choice: existing, id: id, contacts: contacts}
}

// NewOrganization orders for an organization that the order adds to the account. If the account
// already has an organization with the same details, the order uses that one. At least one of the
// contacts must be a [VerifiedContact].
func NewOrganization(details OrganizationDetails, contacts ...ContactRequest) OrganizationChoice {
	return OrganizationChoice{choice: described, details: details, contacts: contacts}
}

// A PlacedOrder holds the ids of an order that was just placed.
type PlacedOrder struct {
	// ID is the id of the order, for [OrderService.Get].
	ID int64
	// CertificateID is the id of the certificate. The certificate has it before it is issued. It is
	// 0 while the order waits for an approval.
	CertificateID int64
	// OrganizationID is the id of the organization that the order created. It is 0 if the order
	// created none.
	OrganizationID int64
	// Requests are the requests to approve the order. There are none if the account requires no
	// approval or the order skipped it.
	Requests []RequestRef
}

// NeedsApproval reports whether the order waits for an approval. [RequestService.Approve] approves
// one of its requests.
func (p PlacedOrder) NeedsApproval() bool {
	return slices.ContainsFunc(p.Requests, func(r RequestRef) bool { return r.Status.waits() })
}

// PlacePKIoOrganisationPerson orders a PKIoverheid "Authentication or Encryption - Organisation
// Person" certificate. The account is charged.
//
// If a required choice is missing, or the agreement to the Certificate Subscriber Agreement, the
// call fails with an [*ArgumentError] and sends nothing. If the service refuses the order, the call
// fails with an [*Error] that has all reasons.
//
// The client never repeats an order. After [ErrOutcomeUnknown] the order may have been placed and
// charged: look for it before you order again, as the package comment shows. If the account
// requires approvals, the new order waits for one: [PlacedOrder.NeedsApproval]. Operation:
// orderPkioOrganisationPerson.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/orders/order-pkio-authentication-or-encryption-organisation-person.html
func (s *OrderService) PlacePKIoOrganisationPerson(
	ctx context.Context, r PKIoOrganisationPersonRequest, opts ...RequestOption,
) (PlacedOrder, error) {
	op := operation{id: "orderPkioOrganisationPerson", secrets: r.Payment.secrets()}
	body, err := r.wire()
	if err != nil {
		return PlacedOrder{}, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.OrderPkioOrganisationPerson(ctx, body, edit)
		},
		placedOrderFrom)
}

// wire converts the request. It refuses mistakes that the types allow: a choice that was not made,
// and a missing agreement. The service checks everything else.
func (r PKIoOrganisationPersonRequest) wire() (w api.OrderInput, err error) {
	w.Certificate = api.CertificateInput{
		SignatureHash: api.SignatureHashInputSha256,
		ProfileOption: api.ProfileOptionInput(r.ProfileOption),
		IsRsassaPss:   optional(r.RSASSAPSS),
	}
	if w.Certificate.Individual, err = r.Individual.wire(); err != nil {
		return w, err
	}
	if !r.AgreedToCSA {
		return w, &ArgumentError{Path: "csa_agreed_to", Reason: "is false: set AgreedToCSA once the agreement is given"}
	}
	w.CsaAgreedTo = true
	w.CsProvisioningMethod = api.ProvisioningMethodInputToken
	w.ShipInfo = r.ShipInfo.wire()
	if w.Organization, err = r.Organization.wire(); err != nil {
		return w, err
	}
	if w.OrganizationContact, err = optionalPerson("organization_contact", r.OrganizationContact); err != nil {
		return w, err
	}
	if w.TechnicalContact, err = optionalPerson("technical_contact", r.TechnicalContact); err != nil {
		return w, err
	}
	if w.OrderValidity, err = r.Validity.wire(); err != nil {
		return w, err
	}
	if err := r.Payment.fill(&w); err != nil {
		return w, err
	}
	err = r.fillExtras(&w)
	return w, err
}

// fillExtras sets the members that orders of all products have.
func (r PKIoOrganisationPersonRequest) fillExtras(w *api.OrderInput) error {
	w.AlternativeOrderID = optional(r.AlternativeOrderID)
	w.AdditionalEmails = r.AdditionalEmails
	w.DisableRenewalNotifications = optional(r.DisableRenewalNotifications)
	w.Comments = optional(r.Comments)
	w.SkipApproval = optional(r.SkipApproval)
	if r.ContainerID != 0 {
		if err := checkID("container.id", r.ContainerID); err != nil {
			return err
		}
		w.Container = &api.ContainerRef{ID: *wireID(r.ContainerID)}
	}
	for i, field := range r.CustomFields {
		if err := checkID(fmt.Sprintf("custom_fields[%d].metadata_id", i), field.ID); err != nil {
			return err
		}
		w.CustomFields = append(w.CustomFields, api.CustomFieldValue{MetadataID: *wireID(field.ID), Value: field.Value})
	}
	return nil
}

func (c OrganizationChoice) wire() (w api.OrderOrganizationInput, err error) {
	const path = "organization"
	switch c.choice {
	case existing:
		if err := checkID(path+".id", c.id); err != nil {
			return w, err
		}
		w.ID = wireID(c.id)
	case described:
		w.Name = optional(c.details.Name)
		w.AssumedName = optional(c.details.AssumedName)
		w.Address = optional(c.details.Address)
		w.Address2 = optional(c.details.Address2)
		w.City = optional(c.details.City)
		w.State = optional(c.details.State)
		w.Zip = optional(c.details.Zip)
		w.Country = optional(c.details.Country)
		w.Telephone = optional(c.details.Telephone)
		w.SkipDuplicateOrgCheck = optional(c.details.SkipDuplicateCheck)
	default:
		return w, &ArgumentError{Path: path, Reason: "is not chosen: use ExistingOrganization or NewOrganization"}
	}
	w.Contacts, err = wireContacts(path+".contacts", c.contacts)
	return w, err
}

// wire returns nil for the zero value, so that the service reports the missing address.
func (s ShipInfo) wire() *api.ShipInfoInput {
	if s == (ShipInfo{}) {
		return nil
	}
	return &api.ShipInfoInput{
		Name:    s.Name,
		Addr1:   s.Address1,
		Addr2:   s.Address2,
		City:    s.City,
		State:   s.State,
		Zip:     s.Zip,
		Country: s.Country,
		Method:  api.ShippingMethodInput(s.Method),
	}
}

func shipInfoFrom(w api.ShipInfo) ShipInfo {
	return ShipInfo{
		Name:     w.Name,
		Address1: w.Addr1,
		Address2: w.Addr2,
		City:     w.City,
		State:    w.State,
		Zip:      w.Zip,
		Country:  w.Country,
		Method:   ShippingMethod(w.Method),
	}
}

func placedOrderFrom(w api.OrderCreated) (PlacedOrder, error) {
	if w.ID <= 0 {
		return PlacedOrder{}, missing("id")
	}
	return PlacedOrder{
		ID:             w.ID,
		CertificateID:  value(w.CertificateID),
		OrganizationID: value(w.Organization).ID,
		Requests:       requestRefsFrom(w.Requests),
	}, nil
}
