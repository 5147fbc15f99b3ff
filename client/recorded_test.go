package client_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// TestRecordedAnswers reads what the real service was seen to send: orders of other products,
// states that no page lists, and members that are left out.
func TestRecordedAnswers(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../openapi/recorded/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recorded answers: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			id, _, _ := strings.Cut(name, ".")
			found := false
			for _, read := range reads {
				if read.operation == id {
					found = true
					if _, err := read.call(t.Context(), offline(t, 200, "application/json", string(body))); err != nil {
						t.Error(err)
					}
				}
			}
			if !found {
				t.Errorf("%s is no operation that the client reads", id)
			}
		})
	}
}

// TestRecordedOrders looks at what becomes of a TLS order, and of a state that is not known.
func TestRecordedOrders(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile("../openapi/recorded/listOrders.mixed.json")
	if err != nil {
		t.Fatal(err)
	}
	list, err := offline(t, 200, "application/json", string(body)).Orders.List(t.Context(), certcentral.OrderListOptions{})
	if err != nil || len(list.Items) != 3 {
		t.Fatalf("%d orders, %v", len(list.Items), err)
	}
	tls, unknown := list.Items[0], list.Items[2]
	if tls.Product.NameID != "ssl_plus" || len(tls.Certificate.DNSNames) != 2 || tls.Certificate.SignatureHash != "sha384" ||
		tls.Certificate.SerialNumber != "0A1B2C3D4E5F60718293A4B5C6D7E8F9" {
		t.Errorf("the TLS order is %+v", tls)
	}
	if unknown.Status != "needs_csr" || unknown.Organization != (certcentral.OrganizationRef{}) || !unknown.Certificate.ValidTill.IsZero() {
		t.Errorf("the order in a state that is not known is %+v", unknown)
	}
}
