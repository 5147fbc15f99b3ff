package domain

// A Product is a kind of certificate that an order names.
type Product struct {
	NameID      string
	Name        string
	CSRRequired bool
	DNSNames    bool // whether it holds domain names
}

// ProductGroup is the group and the type of every product; ours (D-50).
const ProductGroup = "pkio_certificate"

// MaxValidityYears is the longest validity of every product (vendor page, order_validity; D-67).
const MaxValidityYears = 3

// products are the products of PKIoverheid with a page of the vendor (certcentral-facts 2.9), the one
// that the mock takes orders of first. The titles are those of the pages (D-67). It is an array, so
// that FindProduct allocates nothing.
func products() [9]Product {
	const notTaken = " (not taken by the mock)"
	return [9]Product{
		{NameID: OrganisationPerson, Name: "PKIo Authentication or Encryption - Organisation Person"},
		{NameID: "pkio_organisation_person_prof", Name: "PKIo Authentication or Encryption - Professional (Beroepscertificaat)" + notTaken},
		{NameID: "pkio_organisation_services", Name: "PKIo Authentication or Encryption - Organisation Services" + notTaken},
		{NameID: "pkio_burger", Name: "PKIo Authentication or Encryption - Citizen" + notTaken},
		{NameID: "pkio_private_person_prof", Name: "PKIo Authentication or Encryption - Private Professional" + notTaken},
		{NameID: "pkio_private_services_server", Name: "PKIo Private Services Server" + notTaken, CSRRequired: true, DNSNames: true},
		{NameID: "pkio_qualified_organisation_services", Name: "PKIo Qualified eSeal" + notTaken},
		{NameID: "pkio_qualified_organisation_person_prof", Name: "PKIo Professional - Signing" + notTaken},
		{NameID: "pkio_qualified_burger", Name: "PKIo Citizen - Signing" + notTaken},
	}
}

// Products returns every product, the one that the mock takes orders of first. The names of the
// others say that the mock takes no orders of them (D-67).
func Products() []Product {
	all := products()
	return all[:]
}

// FindProduct returns a product, or not_found|product.
func FindProduct(nameID string) (Product, error) {
	for _, product := range products() {
		if product.NameID == nameID {
			return product, nil
		}
	}
	return Product{}, notFound(CodeProductNotFound, "product not found: there is no product with this name_id", HintListProducts)
}
