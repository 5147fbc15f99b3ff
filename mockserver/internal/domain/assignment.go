package domain

import "time"

// An Assignment is a certificate that is to be made, with everything that the certificate authority has to know. Two
// that are equal ask for the same, which is how the maker of a certificate tells that nothing has changed meanwhile.
type Assignment struct {
	CertificateID int64
	OrderID       int64
	Usage         string // the profile_option of the order
	PSS           bool
	Country       string // of the organization
	Organization  string
	GivenName     string
	Surname       string
	IndividualID  int64
	Years         int       // at most one of these four is set, as in order_validity
	Days          int       //
	Date          time.Time // the last day
	Until         time.Time // the end of the order, for a reissue
	PublicKey     string    // SubjectPublicKeyInfo in DER, where the mock is not to make the key
}

// Assignments returns the certificates that are to be made, the oldest first and at most so many.
func Assignments(r Reader, limit int) []Assignment {
	awaited := r.Awaited(limit)
	all := make([]Assignment, 0, len(awaited))
	for _, certificate := range awaited {
		all = append(all, assignment(r, certificate))
	}
	return all
}

func assignment(r Reader, certificate Certificate) Assignment {
	order, _ := r.Order(certificate.OrderID)
	individual, _ := r.Individual(order.IndividualID)
	organization, _ := r.Organization(order.OrganizationID)
	a := Assignment{
		CertificateID: certificate.ID, OrderID: order.ID, Usage: order.ProfileOption, PSS: order.RSASSAPSS,
		Country: organization.Country, Organization: organization.Name,
		GivenName: individual.FirstName, Surname: individual.LastName, IndividualID: individual.ID,
		PublicKey: string(certificate.Token.PublicKey),
	}
	switch validity := order.Validity; {
	case certificate.Reissue:
		a.Until = order.ValidTill.UTC().Round(0) // so that it equals itself, whichever way a store keeps times
	case validity.CustomExpirationDate != "":
		a.Date, _ = parseDate(validity.CustomExpirationDate) // it was read when the order was placed
	default:
		a.Years, a.Days = validity.Years, validity.Days
	}
	return a
}

// still returns what an assignment is about, unless it is no longer asked for in just this way: the order was canceled,
// the account was reset, or somebody else has been faster.
func still(r Reader, a Assignment) (order Order, certificate Certificate, asked bool) {
	certificate, there := r.Certificate(a.CertificateID)
	if !there || !certificate.Awaited || assignment(r, certificate) != a {
		return Order{}, Certificate{}, false
	}
	order, there = r.Order(a.OrderID)
	return order, certificate, there
}

// FulfillAssignment puts a key, PKCS#8 in DER, and a certificate on a token. An order in an automatic life is issued with
// it, in the same transaction; one in a manual life stays where it is (D-41). It returns false, and no changes, when the
// assignment is no longer asked for.
func FulfillAssignment(r Reader, now time.Time, a Assignment, made Made, key []byte) (Changes, bool) {
	order, certificate, asked := still(r, a)
	if !asked {
		return Changes{}, false
	}
	plan := newPlan(r)
	certificate.Awaited, certificate.Made = false, &made
	certificate.Token.Key, certificate.Token.Status = NewPrivateKey(key), TokenPersonalized
	if certificate.Automatic && plan.install(&order, &certificate, now) == nil {
		plan.changes.Orders = append(plan.changes.Orders, order)
	}
	plan.keep(certificate)
	return plan.finish(), true
}

// RefuseAssignment ends an order, or a reissue, that the certificate authority refuses, and notes why on the order. The
// money goes back.
func RefuseAssignment(r Reader, now time.Time, a Assignment, why string) (Changes, bool) {
	order, certificate, asked := still(r, a)
	if !asked {
		return Changes{}, false
	}
	plan := newPlan(r)
	if certificate.Reissue {
		plan.endReissue(&order, now)
	} else {
		plan.discard(certificate.ID, now)
		order.moveTo(StatusRejected, now)
		plan.refund(now, order)
	}
	// An order that has all the notes that it may goes without this one.
	_, _ = plan.note(&order, "Refused by the certificate authority: "+why)
	plan.changes.Orders = append(plan.changes.Orders, order)
	return plan.finish(), true
}
