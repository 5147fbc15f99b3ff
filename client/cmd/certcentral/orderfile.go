package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// An orderFile is an order, and what a person is told about it before it is placed.
type orderFile struct {
	request      certcentral.PKIoOrganisationPersonRequest
	person       string
	organization string
	validity     string
	payment      string
	// unsent are members that the vendor's examples have and the service ignores.
	unsent []string
}

// readOrder reads an order from a file, or from standard input for the name "-".
func readOrder(name string, stdin io.Reader) (*orderFile, error) {
	r := stdin
	if name == "-" {
		name = "standard input"
	} else {
		file, err := os.Open(name)
		if err != nil {
			return nil, usageError{err}
		}
		defer file.Close()
		r = file
	}
	d := &document{file: name}
	top, err := d.parse(r)
	if err != nil {
		return nil, err
	}
	f := &orderFile{}
	f.read(d.object("", top))
	return f, d.err()
}

// read reads the members of an order, with the vendor's names.
func (f *orderFile) read(o *object) {
	r := &f.request
	o.need("certificate", "csa_agreed_to", "organization", "payment_method", "ship_info")
	f.readCertificate(o.object("certificate"))
	if agreed, ok := o.boolean("csa_agreed_to"); ok && !agreed {
		o.wrong("csa_agreed_to", "must be true, which says that you agree to the Certificate Subscriber Agreement")
	} else {
		r.AgreedToCSA = agreed
	}
	if method := o.text("cs_provisioning_method"); method != "" && method != "token" {
		o.wrong("cs_provisioning_method", "must be token, the only place of the key that the client orders")
	}
	r.ShipInfo = shipInfo(o.object("ship_info"))
	f.readOrganization(o.object("organization"))
	r.OrganizationContact = person(o.object("organization_contact"))
	r.TechnicalContact = person(o.object("technical_contact"))
	f.readValidity(o.object("order_validity"))
	f.readPayment(o)
	r.AlternativeOrderID = o.text("alternative_order_id")
	if container := o.object("container"); container != nil {
		container.need("id")
		r.ContainerID = container.id("id")
		container.end()
	}
	for _, field := range o.objects("custom_fields") {
		field.need("metadata_id", "value")
		r.CustomFields = append(r.CustomFields, certcentral.CustomField{ID: field.id("metadata_id"), Value: field.text("value")})
		field.end()
	}
	r.AdditionalEmails = o.texts("additional_emails")
	r.DisableRenewalNotifications, _ = o.boolean("disable_renewal_notifications")
	r.Comments = o.text("comments")
	r.SkipApproval, _ = o.boolean("skip_approval")
	o.end()
}

func (f *orderFile) readCertificate(o *object) {
	o.need("profile_option", "individual")
	if hash := o.text("signature_hash"); hash != "" && hash != "sha256" {
		o.wrong("signature_hash", "must be sha256, the only hash that the service has for this product")
	}
	f.request.ProfileOption = certcentral.ProfileOption(o.text("profile_option"))
	f.request.RSASSAPSS, _ = o.boolean("is_rsassa_pss")
	individual := o.object("individual")
	id := individual.id("id")
	details := certcentral.Individual{
		FirstName: individual.text("first_name"),
		LastName:  individual.text("last_name"),
		Email:     individual.text("email"),
		Telephone: individual.text("telephone"),
		Country:   individual.text("country"),
		State:     individual.text("state"),
		City:      individual.text("city"),
		Zip:       individual.text("zip"),
	}
	switch {
	case individual.has("id"):
		if details != (certcentral.Individual{}) {
			individual.wrong("id", "excludes the details of a new person")
		}
		f.request.Individual, f.person = certcentral.ExistingIndividual(id), fmt.Sprintf("the person with the id %d", id)
	default:
		f.request.Individual, f.person = certcentral.NewIndividual(details), details.FirstName+" "+details.LastName
	}
	individual.end()
	o.end()
}

func (f *orderFile) readOrganization(o *object) {
	id := o.id("id")
	details := certcentral.OrganizationDetails{
		Name:        o.text("name"),
		AssumedName: o.text("assumed_name"),
		Address:     o.text("address"),
		Address2:    o.text("address2"),
		City:        o.text("city"),
		State:       o.text("state"),
		Zip:         o.text("zip"),
		Country:     o.text("country"),
		Telephone:   o.text("telephone"),
	}
	details.SkipDuplicateCheck, _ = o.boolean("skip_duplicate_org_check")
	var contacts []certcentral.ContactRequest
	for _, contact := range o.objects("contacts") {
		contacts = append(contacts, f.contact(contact))
	}
	if o.has("id") {
		if details != (certcentral.OrganizationDetails{}) {
			o.wrong("id", "excludes the details of a new organization")
		}
		f.request.Organization = certcentral.ExistingOrganization(id, contacts...)
		f.organization = fmt.Sprintf("the organization with the id %d", id)
	} else {
		f.request.Organization, f.organization = certcentral.NewOrganization(details, contacts...), "a new one: "+details.Name
	}
	o.end()
}

func (f *orderFile) contact(o *object) certcentral.ContactRequest {
	for _, ignored := range []string{"id", "type"} {
		if _, ok := o.take(ignored); ok {
			f.unsent = append(f.unsent, o.at(ignored))
		}
	}
	o.need("contact_type")
	kind := o.text("contact_type")
	who := person(o)
	switch kind {
	case "verified_contact":
		return certcentral.VerifiedContact(who)
	case "organization_contact":
		return certcentral.OrganizationContact(who)
	case "technical_contact":
		return certcentral.TechnicalContact(who)
	default:
		if o.has("contact_type") {
			o.wrong("contact_type", "must be verified_contact, organization_contact or technical_contact")
		}
		return certcentral.ContactRequest{}
	}
}

// person reads a contact to the end. It returns the zero value, which names no person, for nil.
func person(o *object) certcentral.Person {
	if o == nil {
		return certcentral.Person{}
	}
	id := o.id("user_id")
	details := certcentral.PersonDetails{
		FirstName: o.text("first_name"),
		LastName:  o.text("last_name"),
		Email:     o.text("email"),
		JobTitle:  o.text("job_title"),
		Telephone: o.text("telephone"),
	}
	o.end()
	if o.has("user_id") {
		return certcentral.ExistingPersonWith(id, details)
	}
	return certcentral.NewPerson(details)
}

func shipInfo(o *object) certcentral.ShipInfo {
	info := certcentral.ShipInfo{
		Name:     o.text("name"),
		Address1: o.text("addr1"),
		Address2: o.text("addr2"),
		City:     o.text("city"),
		State:    o.text("state"),
		Zip:      o.text("zip"),
		Country:  o.text("country"),
		Method:   certcentral.ShippingMethod(o.text("method")),
	}
	o.end()
	return info
}

func (f *orderFile) readValidity(o *object) {
	f.validity = "1 year, the default"
	if o == nil {
		return
	}
	years, days, last := o.number("years"), o.number("days"), o.text("custom_expiration_date")
	set := 0
	for _, member := range o.known {
		if o.has(member) {
			set++
		}
	}
	if set != 1 {
		o.d.report(o.node, o.path, "must have one of years, days and custom_expiration_date")
	}
	switch {
	case years > 0:
		f.request.Validity, f.validity = certcentral.Years(years), counted(years, "year")
	case days > 0:
		f.request.Validity, f.validity = certcentral.Days(days), counted(days, "day")
	case last != "":
		day, err := time.Parse("02 Jan 2006", last)
		if err != nil {
			o.wrong("custom_expiration_date", "must be a day in the form 09 JUN 2027")
		}
		f.request.Validity, f.validity = certcentral.ExpiresOn(day.Date()), "until "+day.Format(time.DateOnly)
	}
	o.end()
}

func counted(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

// readPayment takes no card: a file is no place for its number and its security code.
func (f *orderFile) readPayment(o *object) {
	for _, member := range []string{"credit_card", "billing_address"} {
		if o.has(member) {
			o.known = append(o.known, member)
			o.wrong(member, "has no place in a file: save the card in the account, and name it by payment_method profile and payment_profile")
		}
	}
	profile := o.object("payment_profile")
	profile.need("id")
	id := profile.id("id")
	switch method := o.text("payment_method"); method {
	case "balance":
		f.request.Payment, f.payment = certcentral.PayByBalance(), "the balance of the account"
		if profile != nil {
			o.wrong("payment_profile", "is for the payment_method profile only")
		}
	case "profile":
		f.request.Payment, f.payment = certcentral.PayByDefaultProfile(), "the default card of the account"
		if profile != nil {
			f.request.Payment, f.payment = certcentral.PayByProfile(id), fmt.Sprintf("the saved card with the id %d", id)
		}
	default:
		if o.has("payment_method") {
			o.wrong("payment_method", "must be balance, or profile for a card that is saved in the account")
		}
	}
	profile.end()
}

// summary is what the order is about, one line each.
func (f *orderFile) summary() []string {
	r := f.request
	shipping := strings.Trim(r.ShipInfo.City+", "+r.ShipInfo.Country+", "+string(r.ShipInfo.Method), ", ")
	return []string{
		"what:         PKIoverheid Organisation Person, for " + string(r.ProfileOption) + ", on a token",
		"person:       " + f.person,
		"organization: " + f.organization,
		"validity:     " + f.validity,
		"shipped to:   " + shipping,
		"paid by:      " + f.payment,
	}
}
