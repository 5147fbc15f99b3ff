package mockserver_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver"
)

func TestSmoke(t *testing.T) {
	s, err := mockserver.New(mockserver.WithResponseCheck(func(err error) { t.Error(err) }))
	if err != nil {
		t.Fatal(err)
	}
	do := func(method, path, body string) {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("X-DC-DEVKEY", "k1")
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		b := w.Body.String()
		if len(b) > 3000 {
			b = b[:3000]
		}
		t.Log(method, path, w.Code, w.Header(), b)
	}
	for _, n := range []string{"vendor_new_individual", "vendor_existing_individual", "new_organization", "card_and_days", "profile_and_custom_date", "order_contacts"} {
		b, _ := os.ReadFile("../openapi/examples/orderPkioOrganisationPerson." + n + ".request.json")
		do(http.MethodPost, "/services/v2/order/certificate/pkio_organisation_person", string(b))
	}
	for _, p := range []string{"/order/certificate/843668399", "/order/certificate?limit=2", "/organization", "/organization/1920073", "/user", "/user/me", "/finance/balance", "/finance/payment-profile", "/order/certificate/pkio_organisation_person", "/order/certificate?filters[x]=1&limit=0", "/nope", "/order/certificate/"} {
		do(http.MethodGet, "/services/v2"+p, "")
	}
	do(http.MethodPost, "/services/v2/order/certificate/ssl_basic", "")
	do(http.MethodPut, "/services/v2/organization/1920073/deactivate", "")
	do(http.MethodPost, "/_mock/reset", "")
	do(http.MethodPut, "/services/v2/organization/1920073/deactivate", "")
	do(http.MethodGet, "/_mock/healthz", "")
	do(http.MethodGet, "/openapi.yaml", "")
	do(http.MethodGet, "/docs", "")
	do("FOO", "/services/v2/order/certificate/pkio_organisation_person", "")
}
