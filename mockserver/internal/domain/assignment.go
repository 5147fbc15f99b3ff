package domain

import "time"

// An Assignment is a pending issuance with all data that the certificate authority needs. A job that
// is equal to the current one shows that nothing has changed since the work on it began.
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
	PublicKey     string    // SubjectPublicKeyInfo in DER, of the holder's own token; empty when the mock makes the key
}

// Assignments returns the issuance jobs of an account, the oldest first, up to the limit.
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
		a.Until = order.ValidTill.UTC().Round(0) // a comparable form, in which no store can change it
	case validity.CustomExpirationDate != "":
		a.Date, _ = parseDate(validity.CustomExpirationDate) // checked when the order was placed
	default:
		a.Years, a.Days = validity.Years, validity.Days
	}
	return a
}

// currentJob returns the order and the certificate of a job. It returns false for an outdated job: the
// order was canceled, the account was reset, or another worker has completed the issuance.
func currentJob(r Reader, a Assignment) (order Order, certificate Certificate, asked bool) {
	certificate, there := r.Certificate(a.CertificateID)
	if !there || !certificate.Awaited || assignment(r, certificate) != a {
		return Order{}, Certificate{}, false
	}
	order, there = r.Order(a.OrderID)
	return order, certificate, there
}

// FulfillAssignment completes a pending issuance: it puts a key, PKCS#8 in DER, and the issued material
// on the token. In an automatic life the order becomes issued in the same transaction; in a manual life
// it keeps its state (D-41). It returns false and no changes for an outdated job.
func FulfillAssignment(r Reader, now time.Time, a Assignment, made Made, key []byte) (Changes, bool) {
	order, certificate, asked := currentJob(r, a)
	if !asked {
		return Changes{}, false
	}
	plan := newPlan(r)
	certificate.Awaited, certificate.Made = false, &made
	certificate.Token.Key, certificate.Token.Status = NewPrivateKey(key), TokenPersonalized
	if certificate.Automatic && plan.install(&order, &certificate, now) == nil {
		plan.changes.Orders = append(plan.changes.Orders, order)
	}
	plan.putCertificate(certificate)
	return plan.finish(), true
}

// RefuseAssignment ends an order or a reissue that the certificate authority refuses, and adds the
// reason to the notes of the order. It gives the price of an order back. It returns false and no
// changes for an outdated job.
func RefuseAssignment(r Reader, now time.Time, a Assignment, why string) (Changes, bool) {
	order, certificate, asked := currentJob(r, a)
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
	// An order with the largest number of notes gets no further one.
	_, _ = plan.note(&order, "Refused by the certificate authority: "+why)
	plan.changes.Orders = append(plan.changes.Orders, order)
	return plan.finish(), true
}
