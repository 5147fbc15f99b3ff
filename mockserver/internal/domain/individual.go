package domain

// An Individual is the person in a certificate.
type Individual struct {
	ID        int64
	FirstName string
	LastName  string
	Email     string
	Telephone string
	Country   string
	State     string
	City      string
	Zip       string
}

// CommonName is the name of the individual in certificates.
func (i Individual) CommonName() string { return i.FirstName + " " + i.LastName }

// individual returns the individual of an order request. A description without an id always makes a
// new individual (D-22).
func (p *plan) individual(errs *Errors, in OrderRequest) Individual {
	const path = "certificate.individual.id"
	if in.IndividualID == nil {
		individual := in.Individual
		individual.ID = next(&p.seq.Individual)
		p.changes.Individuals = append(p.changes.Individuals, individual)
		return individual
	}
	individual, there := p.r.Individual(*in.IndividualID)
	if !there {
		errs.add(CodeInvalidIndividual, path, path+" names no individual of this account; leave it out to describe a new one")
	}
	return individual
}
