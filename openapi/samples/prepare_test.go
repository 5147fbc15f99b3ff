package samples_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/gen"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// prepare brings an account to where a sample of an operation succeeds. The ids in the contract's
// examples are those of a fresh account, and those that it gives to what it creates first.
func prepare(t *testing.T, mock *mocktest.Server, key, operation string) {
	t.Helper()
	client := mock.ClientFor(t, key)
	switch operation {
	case "deleteOrganization": // the first one stays
		if err := CreateOrganization(t.Context(), client); err != nil {
			t.Fatal(err)
		}
	case "deleteUser": // the first one stays
		if err := CreateUser(t.Context(), client); err != nil {
			t.Fatal(err)
		}
	case "updateOrderStatus": // an issued order cannot be canceled
		settings(t, mock, key, `{"life": "manual"}`)
		order(t, mock, key)
	case "getRequest", "updateRequestStatus":
		settings(t, mock, key, `{"approval": "on"}`)
		order(t, mock, key)
	case "activateOrganization":
		if err := client.Organizations.Deactivate(t.Context(), 1920073); err != nil {
			t.Fatal(err)
		}
	default:
		order(t, mock, key)
		if err := mock.Mock.Settle(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
}

// order places the vendor's order.
func order(t *testing.T, mock *mocktest.Server, key string) {
	t.Helper()
	var placed struct {
		ID int64 `json:"id"`
	}
	answer := send(t, http.MethodPost, mock.BaseURL+"/order/certificate/pkio_organisation_person", key, gen.ExampleOrder)
	if err := json.Unmarshal(answer, &placed); err != nil {
		t.Fatal(err)
	}
	if placed.ID != 843668399 {
		t.Fatalf("the first order of an account is %d, not that of the examples", placed.ID)
	}
}

func settings(t *testing.T, mock *mocktest.Server, key, body string) {
	t.Helper()
	send(t, http.MethodPut, mock.URL+"/_mock/account", key, body)
}

func send(t *testing.T, method, url, key, body string) []byte {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Dc-Devkey", key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= http.StatusBadRequest {
		t.Fatalf("%s %s: %s, %v\n%s", method, url, response.Status, err, answer)
	}
	return answer
}
