package domain

import "time"

// An IssuanceJob is a pending issuance with all data that the certificate authority needs. A job that
// is equal to the current one shows that nothing has changed since the work on it began.
type IssuanceJob struct {
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

// IssuanceJobs returns the issuance jobs of an account, the oldest first, up to the limit.
func IssuanceJobs(r Reader, limit int) []IssuanceJob {
	pending := r.PendingIssuances(limit)
	all := make([]IssuanceJob, 0, len(pending))
	for _, certificate := range pending {
		all = append(all, issuanceJob(r, certificate))
	}
	return all
}

func issuanceJob(r Reader, certificate Certificate) IssuanceJob {
	order, _ := r.Order(certificate.OrderID)
	individual, _ := r.Individual(order.IndividualID)
	organization, _ := r.Organization(order.OrganizationID)
	job := IssuanceJob{
		CertificateID: certificate.ID, OrderID: order.ID, Usage: order.ProfileOption, PSS: order.RSASSAPSS,
		Country: organization.Country, Organization: organization.Name,
		GivenName: individual.FirstName, Surname: individual.LastName, IndividualID: individual.ID,
		PublicKey: string(certificate.Token.PublicKey),
	}
	switch validity := order.Validity; {
	case certificate.Reissue:
		job.Until = order.ValidTill.UTC().Round(0) // a comparable form, in which no store can change it
	case validity.CustomExpirationDate != "":
		job.Date, _ = parseDate(validity.CustomExpirationDate) // checked when the order was placed
	default:
		job.Years, job.Days = validity.Years, validity.Days
	}
	return job
}

// currentJob returns the order and the certificate of a job. It returns false for an outdated job: the
// order was canceled, the account was reset, or another worker has completed the issuance.
func currentJob(r Reader, job IssuanceJob) (order Order, certificate Certificate, current bool) {
	certificate, there := r.Certificate(job.CertificateID)
	if !there || !certificate.Pending || issuanceJob(r, certificate) != job {
		return Order{}, Certificate{}, false
	}
	order, there = r.Order(job.OrderID)
	return order, certificate, there
}

// CompleteIssuance completes a pending issuance: it puts a key, PKCS#8 in DER, and the issued material
// on the token. In an automatic life the order becomes issued in the same transaction; in a manual life
// it keeps its state (D-41). It returns false and no changes for an outdated job.
func CompleteIssuance(r Reader, now time.Time, job IssuanceJob, material IssuedMaterial, key []byte) (Changes, bool) {
	order, certificate, current := currentJob(r, job)
	if !current {
		return Changes{}, false
	}
	plan := newPlan(r)
	certificate.Pending, certificate.Material = false, &material
	certificate.Token.Key, certificate.Token.Status = NewPrivateKey(key), TokenPersonalized
	if certificate.Automatic && plan.install(&order, &certificate, now) == nil {
		plan.changes.Orders = append(plan.changes.Orders, order)
	}
	plan.putCertificate(certificate)
	return plan.finish(), true
}

// RefuseIssuance ends an order or a reissue that the certificate authority refuses, and adds the
// reason to the notes of the order. It gives the price of an order back. It returns false and no
// changes for an outdated job.
func RefuseIssuance(r Reader, now time.Time, job IssuanceJob, why string) (Changes, bool) {
	order, certificate, current := currentJob(r, job)
	if !current {
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
