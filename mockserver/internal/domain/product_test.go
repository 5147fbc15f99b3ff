package domain_test

import (
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// TestProducts checks that every product is found, and that the names of all but one say that the mock
// takes no orders of them (D-67).
func TestProducts(t *testing.T) {
	t.Parallel()
	products := domain.Products()
	seen := map[string]bool{}
	for i, product := range products {
		found, err := domain.FindProduct(product.NameID)
		if err != nil || found != product {
			t.Errorf("%s: found %+v, %v", product.NameID, found, err)
		}
		if !strings.HasPrefix(product.NameID, "pkio_") || seen[product.NameID] || seen[product.Name] {
			t.Errorf("%s: not of PKIoverheid, or twice", product.NameID)
		}
		seen[product.NameID], seen[product.Name] = true, true
		taken := !strings.HasSuffix(product.Name, " (not taken by the mock)")
		if taken != (product.NameID == domain.OrganisationPerson) || taken != (i == 0) {
			t.Errorf("%s: taken is %v", product.NameID, taken)
		}
	}
	products[0].Name = "changed"
	if domain.Products()[0].Name == "changed" {
		t.Error("the table can be changed from outside")
	}
	for _, nameID := range []string{"", "pkio", "PKIO_BURGER", "ssl_plus"} {
		_, err := domain.FindProduct(nameID)
		checkFaults(t, err, fault{domain.CodeProductNotFound, ""})
	}
}
