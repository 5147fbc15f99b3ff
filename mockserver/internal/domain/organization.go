package domain

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// An Organization is the organization in a certificate.
type Organization struct {
	ID int64
	OrganizationDetails
	Active              bool
	OrganizationContact int64 // the id of a person
	TechnicalContact    int64 // the id of a person, or zero
	VerifiedContacts    []VerifiedContact
	Validations         []Validation // at most one of a type
}

// OrganizationDetails describe an organization.
type OrganizationDetails struct {
	Name        string
	AssumedName string
	Address     string
	Address2    string
	City        string
	State       string
	Zip         string
	Country     string // two lower-case letters
	Telephone   string
}

// DisplayName is the legal name, and the assumed name in brackets where there is one.
func (d OrganizationDetails) DisplayName() string {
	if d.AssumedName == "" {
		return d.Name
	}
	return d.Name + " (" + d.AssumedName + ")"
}

// DetailsKey is equal for two organizations with the same details (D-32).
type DetailsKey string

// Key is the key of the details: name, assumed name, address, city, state and country, in any case.
func (d OrganizationDetails) Key() DetailsKey {
	fields := []string{d.Name, d.AssumedName, d.Address, d.City, d.State, d.Country}
	for i := range fields {
		fields[i] = strings.ToLower(strings.TrimSpace(fields[i]))
	}
	return DetailsKey(strings.Join(fields, "\x00"))
}

// A VerifiedContact is an authorized representative of an organization. Its id is not the id of the person (D-45).
type VerifiedContact struct {
	ID       int64
	PersonID int64
}

// withVerified returns the organization with a representative, which it may have already.
func (o Organization) withVerified(seq *Sequences, person int64) Organization {
	for _, contact := range o.VerifiedContacts {
		if contact.PersonID == person {
			return o
		}
	}
	// Orders share the array of the list. It is only appended to, so that their shorter lists do not change.
	o.VerifiedContacts = append(o.VerifiedContacts, VerifiedContact{ID: next(&seq.VerifiedContact), PersonID: person})
	return o
}

// hasContact tells whether the organization has the person as a contact, or as an approver of a
// validation.
func (o Organization) hasContact(person int64) bool {
	return person == o.OrganizationContact || person == o.TechnicalContact ||
		slices.ContainsFunc(o.VerifiedContacts, func(c VerifiedContact) bool { return c.PersonID == person }) ||
		slices.ContainsFunc(o.Validations, func(v Validation) bool { return slices.Contains(v.VerifiedUsers, person) })
}

// Status is active or inactive.
func (o Organization) Status() string {
	if o.Active {
		return "active"
	}
	return "inactive"
}

// OrganizationQuery asks for a page of organizations.
type OrganizationQuery struct {
	Page
	Sort    []SortKey
	Filters []Filter
}

// FindOrganization returns an organization of the account, or not_found|organization.
func FindOrganization(r Reader, id int64) (Organization, error) {
	organization, there := r.Organization(id)
	if !there {
		return Organization{}, notFound(CodeOrganizationNotFound,
			"organization not found: no organization of this account has this id", HintListOrganizations)
	}
	return organization, nil
}

// NewOrganization is a request to create an organization.
type NewOrganization struct {
	OrganizationDetails
	SkipDuplicateCheck  bool
	OrganizationContact *PersonInput // the older form of a contact in Contacts
	Contacts            []ContactInput
	Validations         []ValidationInput
}

// MaxNames is the greatest length of the name and the assumed name together, for an organization with
// an assumed name (vendor's page of Create organization; D-51).
const MaxNames = 61

// check adds the errors in the details of a new organization.
func (d OrganizationDetails) check(errs *Errors, prefix string) {
	if d.AssumedName != "" && utf8.RuneCountInString(d.Name)+utf8.RuneCountInString(d.AssumedName) > MaxNames {
		path := prefix + "assumed_name"
		errs.add(CodeInvalidField, path, fmt.Sprintf("%s and the name have more than %d characters together", path, MaxNames))
	}
}

// CreateOrganization adds an organization to the account (D-25, D-31, D-32), and submits it for the
// validations in the request (D-60). It returns the id.
func CreateOrganization(r Reader, actor Actor, now time.Time, in NewOrganization) (int64, Changes, error) {
	var errs Errors
	in.Country = strings.ToLower(in.Country)
	in.check(&errs, "")
	if !in.SkipDuplicateCheck && len(r.OrganizationsWithDetails(in.Key())) > 0 {
		errs.add(CodeDuplicateOrganization, "", "an organization of this account has the same details; use it, or set skip_duplicate_org_check to true")
	}
	plan := newPlan(r)
	organization := plan.newOrganization(in.OrganizationDetails)
	if in.OrganizationContact != nil {
		organization.OrganizationContact = plan.person(&errs, "organization_contact", *in.OrganizationContact)
	}
	named := plan.contacts(&errs, "contacts", &organization, in.Contacts)
	if in.OrganizationContact == nil && named[OrganizationContactType] == 0 {
		fallbackContact(&errs, "contacts", &organization, actor)
	}
	plan.validations(&errs, now, &organization, in.Validations)
	if err := errs.err(); err != nil {
		return 0, Changes{}, err
	}
	plan.changes.Organizations = append(plan.changes.Organizations, organization)
	return organization.ID, plan.finish(), nil
}

// ActivateOrganization makes an organization active, so that orders can name it (D-40).
func ActivateOrganization(r Reader, id int64) (Changes, error) {
	organization, err := FindOrganization(r, id)
	if err != nil {
		return Changes{}, err
	}
	organization.Active = true
	return Changes{Organizations: []Organization{organization}}, nil
}

// DeactivateOrganization makes an organization inactive, so that new orders cannot name it. It is
// refused while the organization has unfinished orders (D-40).
func DeactivateOrganization(r Reader, id int64) (Changes, error) {
	organization, err := FindOrganization(r, id)
	if err != nil {
		return Changes{}, err
	}
	if n := r.UnfinishedOrders(id); n > 0 {
		return Changes{}, &Error{
			Code:    CodeOrganizationInUse,
			Message: fmt.Sprintf("the organization cannot be deactivated while orders that are not finished name it (orders: %d)", n),
		}
	}
	organization.Active = false
	return Changes{Organizations: []Organization{organization}}, nil
}

// DeleteOrganization deletes an organization without orders, finished ones included. The first
// organization of the account cannot be deleted. The contacts of the organization are kept (D-61).
func DeleteOrganization(r Reader, id int64) (Changes, error) {
	if _, err := FindOrganization(r, id); err != nil {
		return Changes{}, err
	}
	if id == SeedOrganization {
		return Changes{}, &Error{Code: CodeOrganizationInUse, Message: "the organization cannot be deleted: it is the first one of the account"}
	}
	if n := r.OrderCountOf(id); n > 0 {
		return Changes{}, &Error{
			Code:    CodeOrganizationInUse,
			Message: fmt.Sprintf("the organization cannot be deleted once an order has named it, whatever became of the order (orders: %d)", n),
		}
	}
	return Changes{Deleted: []int64{id}}, nil
}
