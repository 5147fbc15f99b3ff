package domain

import "slices"

// ReissuedCertificate is what a reissue says of the certificate that it is to make, apart from its key. A reissue changes
// nothing else, so that each member has to be what the order says; the zero value of a member says nothing (D-72).
type ReissuedCertificate struct {
	CommonName     string
	DNSNames       []string
	Units          []string // organizational units
	ProfileOption  string
	RSASSAPSS      *bool
	IndividualID   *int64
	FirstName      string
	LastName       string
	Email          string
	CertValidity   *Validity
	OrderValidity  *Validity
	OrganizationID *int64
}

// faults are what keeps a reissue from being taken, whatever the state of its order is.
func (in ReissueRequest) faults(r Reader, order Order) error {
	individual, _ := r.Individual(order.IndividualID)
	names := []string{"", individual.CommonName()}
	if certificate, _ := r.Certificate(order.CertificateID); certificate.Made != nil {
		names = append(names, certificate.Made.CommonName) // which may have been cut
	}
	errs, asked := in.Faults, in.Asked
	differs := func(different bool, path, what string) {
		if different {
			errs.add(CodeInvalidField, path, path+" has to be "+what+
				", or left out: a reissue changes nothing but the key; another certificate takes another order")
		}
	}
	one := func(asked, ordered string) bool { return asked != "" && asked != ordered }
	id := func(asked *int64, ordered int64) bool { return asked != nil && *asked != ordered }
	validity := func(asked *Validity) bool { return asked != nil && asked.counting() != order.Validity }
	differs(!slices.Contains(names, asked.CommonName), "certificate.common_name", "the name of the person of the order")
	differs(len(asked.DNSNames) > 0, "certificate.dns_names", "empty, as in the order")
	differs(len(asked.Units) > 0, "certificate.organization_units", "empty, as in the order")
	differs(one(asked.ProfileOption, order.ProfileOption), "certificate.profile_option", "that of the order, "+order.ProfileOption)
	differs(asked.RSASSAPSS != nil && *asked.RSASSAPSS != order.RSASSAPSS, "certificate.is_rsassa_pss", "as in the order")
	differs(id(asked.IndividualID, individual.ID), "certificate.individual.id", "the individual of the order")
	differs(one(asked.FirstName, individual.FirstName), "certificate.individual.first_name", "that of the individual of the order")
	differs(one(asked.LastName, individual.LastName), "certificate.individual.last_name", "that of the individual of the order")
	differs(one(asked.Email, individual.Email), "certificate.individual.email", "that of the individual of the order")
	differs(validity(asked.CertValidity), "certificate.cert_validity", "that of the order, with which every reissue ends")
	differs(id(asked.OrganizationID, order.OrganizationID), "organization.id", "the organization of the order")
	differs(validity(asked.OrderValidity), "order_validity", "that of the order, with which every reissue ends")
	return errs.err()
}
