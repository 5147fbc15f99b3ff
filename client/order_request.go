package client

import (
	"fmt"

	"github.com/pkio-tools/certcentral/gen/api"
)

// A ProfileOption is what a certificate is for. Values that the service adds pass through.
type ProfileOption string

// The profiles of an Organisation Person certificate.
const (
	// ProfileAuthentication identifies the person.
	ProfileAuthentication ProfileOption = "authentication"
	// ProfileEncryption protects data for the person.
	ProfileEncryption ProfileOption = "encryption"
	// ProfileNonrepudiation signs documents.
	ProfileNonrepudiation ProfileOption = "nonrepudiation"
)

// A ShippingMethod is how fast a token is shipped. Values that the service adds pass through.
type ShippingMethod string

// The shipping methods.
const (
	ShippingStandard ShippingMethod = "STANDARD"
	// ShippingExpedited costs more.
	ShippingExpedited ShippingMethod = "EXPEDITED"
)

// A ShipInfo is where a hardware token is shipped to.
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
	// Country is the country; two letters are usual.
	Country string
	// Method is how fast the token is shipped. There is no default, since it costs money.
	Method ShippingMethod
}

// A PKIoOrganisationPersonRequest orders a PKIoverheid "Authentication or Encryption - Organisation Person"
// certificate. Its key is made on a hardware token, and it is signed with SHA-256; the service offers nothing else.
type PKIoOrganisationPersonRequest struct {
	// ProfileOption is what the certificate is for.
	ProfileOption ProfileOption
	// RSASSAPSS is whether the certificate is signed with RSASSA-PSS rather than PKCS #1 v1.5, where the issuing
	// certificate authority has an RSA key.
	RSASSAPSS bool
	// Individual is the person who will hold the certificate. Needed.
	Individual IndividualChoice
	// Organization is whom the person acts for, with the contacts that it gets. Needed.
	Organization OrganizationChoice
	// OrganizationContact is the organization contact for this order only. It may be left out.
	OrganizationContact Person
	// TechnicalContact is the technical contact for this order only. It may be left out.
	TechnicalContact Person
	// ShipInfo is where the token is shipped to.
	ShipInfo ShipInfo
	// Validity is how long the certificate is valid. The zero value is one year.
	Validity Validity
	// Payment is how the order is paid. Needed.
	Payment Payment
	// AlternativeOrderID is an id of your own, by which the order can be found again:
	// [OrderService.ByAlternativeID]. Several orders may share one, so make one up for each order.
	AlternativeOrderID string
	// ContainerID is the division of the account that the order belongs to. Zero leaves it to the service.
	ContainerID int64
	// CustomFields are values for the custom fields of the account.
	CustomFields []CustomField
	// AdditionalEmails are further addresses that notices about the order go to.
	AdditionalEmails []string
	// DisableRenewalNotifications turns notices about a renewal off.
	DisableRenewalNotifications bool
	// Comments is a remark for whoever approves the order.
	Comments string
	// SkipApproval lets the order go ahead without the approval that the account asks for. Only an administrator may
	// say so.
	SkipApproval bool
	// AgreedToCSA is that the Certificate Subscriber Agreement has been agreed to. The client does not send an order
	// without it, nor say it on its own.
	AgreedToCSA bool
}

// wire converts the request, and finds what the types cannot rule out: a choice that was not made, and an agreement
// that was not given. Whatever else may be wrong is for the service to say.
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

// fillExtras adds what orders of every product can have.
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

// wire leaves out an address that was never filled in, for the service to say that it is missing.
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

// An OrganizationChoice says for which organization a certificate is ordered. [ExistingOrganization] and
// [NewOrganization] make one.
type OrganizationChoice struct {
	choice   choice
	id       int64
	details  OrganizationDetails
	contacts []ContactRequest
}

// ExistingOrganization orders for an organization of the account. The contacts are added to it. Until an order of this
// product has named the organization, one of them must be a [VerifiedContact]; later none is needed.
func ExistingOrganization(id int64, contacts ...ContactRequest) OrganizationChoice {
	return OrganizationChoice{choice: existing, id: id, contacts: contacts}
}

// NewOrganization orders for an organization that the order adds to the account; if the account has one with the same
// details, that one is taken. At least one of the contacts must be a [VerifiedContact].
func NewOrganization(details OrganizationDetails, contacts ...ContactRequest) OrganizationChoice {
	return OrganizationChoice{choice: described, details: details, contacts: contacts}
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
