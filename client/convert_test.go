package client_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/gen/api"
)

// wireTypes are the types of the answers, by operation.
func wireTypes() map[string]any {
	return map[string]any{
		"getBalance":                  api.Balance{},
		"listPaymentProfiles":         api.PaymentProfileList{},
		"listOrders":                  api.OrderList{},
		"orderPkioOrganisationPerson": api.OrderCreated{},
		"getOrder":                    api.OrderInfo{},
		"listOrganizations":           api.OrganizationList{},
		"createOrganization":          api.OrganizationCreated{},
		"getOrganization":             api.OrganizationInfo{},
		"listUsers":                   api.UserList{},
		"getCurrentUser":              api.User{},
		"getAccount":                  api.Account{},
		"getBalanceHistory":           api.BalanceHistory{},
		"listStatusChanges":           api.StatusChanges{},
		"listAlternateOrders":         api.AlternateOrders{},
		"listOrderNotes":              api.NoteList{},
		"addOrderNote":                api.NoteRef{},
		"listValidations":             api.ValidationList{},
		"listPotentialApprovers":      api.ApproverList{},
		"listProducts":                api.ProductList{},
		"getProduct":                  api.ProductInfo{},
		"listRequests":                api.ApprovalRequestList{},
		"getRequest":                  api.ApprovalRequestInfo{},
		"getUser":                     api.User{},
		"createUser":                  api.UserCreated{},
		"listContainers":              api.ContainerList{},
		"getContainer":                api.ContainerInfo{},
		"listServiceUsers":            api.ServiceUserList{},
		"listAPIRoles":                api.APIRoleList{},
		"getCertificateChain":         api.CertificateChain{},
		"listIntermediates":           api.IntermediateList{},
		"revokeCertificate":           api.ApprovalRequestCreated{},
		"revokeOrderCertificates":     api.ApprovalRequestCreated{},
		"reissueCertificate":          api.Reissued{},
		"listReissues":                api.ReissueList{},
	}
}

// TestNothingIsLost fills all members of every answer and then removes one after the other. Each
// time the client must return another value or an error. If it returns the same value, the client
// does not read this member.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	dropped := map[string]bool{
		// The identifier of the product, which is also a member of product.
		"getOrder.ProductNameID":             true,
		"getRequest.Order.ProductNameID":     true,
		"listOrders.Orders[0].ProductNameID": true,
		// A map, whose only use is the query that the client does not send.
		"getOrder.CaaStatusMessage":         true,
		"getRequest.Order.CaaStatusMessage": true,
	}
	// Members of orders of other products that no program of this product needs, and a secret of tokens, the init code.
	// A custom field is sent without its label.
	for _, name := range []string{
		"AutoReissue", "PurchasedDNSNames", "NumberOfSans", "DcvMethod", "HardwareInitCode", "IsOutOfContract",
		"DisableIssuanceEmail", "IsGuestAccessEnabled", "Product.CsrRequired", "CustomFields[0].Label",
	} {
		dropped["getOrder."+name], dropped["getRequest.Order."+name] = true, true
	}
	dropped["listOrders.Orders[0].Product.CsrRequired"] = true
	dropped["listRequests.Requests[0].Order.Product.CsrRequired"] = true
	// The employees of the vendor, and what the account shows on web pages and on bills.
	for _, name := range []string{
		"AdminEmail", "DisplayRep", "RepName", "RepPhone", "RepEmail", "RepPhotoID", "PricingModel", "IsResellerCustomer",
		"ClientMgrPhotoID", "EntSupportPlan",
	} {
		dropped["getAccount."+name] = true
	}
	// VisibleContainers say which divisions a user sees, and nothing depends on the rest.
	for _, user := range []string{"getUser", "getCurrentUser", "listUsers.Users[0]", "listServiceUsers.Users[0]"} {
		for _, name := range []string{"ContainerIDAssignments[0]", "IsCertCentral", "IsEnterprise", "IsSamlSsoOnly"} {
			dropped[user+"."+name] = true
		}
	}
	// EV certificates are another product.
	for _, name := range []string{"ID", "FirstName", "LastName"} {
		dropped["listOrganizations.Organizations[0].EvApprovers[0]."+name] = true
	}
	types := wireTypes()
	for _, read := range reads {
		t.Run(read.operation, func(t *testing.T) {
			t.Parallel()
			wire, ok := types[read.operation]
			if !ok {
				t.Fatal("no wire type")
			}
			v := reflect.New(reflect.TypeOf(wire)).Elem()
			leaves := fill(v, read.operation, new(int))
			get := func() string {
				call := read.call
				if read.operation == "createUser" {
					call = createServiceUser
				}
				got, err := call(t.Context(), offline(t, successInJSON(t, read.operation), "application/json", toJSON(t, v.Interface())))
				return fmt.Sprintf("%+v %v", got, err)
			}
			full := get()
			if strings.Contains(full, "does not fit") {
				t.Fatalf("filled: %s", full)
			}
			for _, l := range leaves {
				saved := reflect.ValueOf(l.v.Interface())
				l.v.SetZero()
				if lost := get() == full; lost != dropped[l.path] {
					t.Errorf("%s is lost: %t", l.path, lost)
				}
				l.v.Set(saved)
			}
		})
	}
}

type leaf struct {
	path string
	v    reflect.Value
}

// fill sets every leaf of v to a different value, and returns the leaves.
func fill(v reflect.Value, path string, n *int) []leaf {
	*n++
	switch v.Kind() {
	case reflect.Struct:
		var leaves []leaf
		for i := range v.NumField() {
			leaves = append(leaves, fill(v.Field(i), path+"."+v.Type().Field(i).Name, n)...)
		}
		return leaves
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return append(fill(v.Elem(), path, n), leaf{path, v})
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("name"), reflect.ValueOf(fmt.Sprintf("text %d", *n)))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		return fill(v.Index(0), path+"[0]", n)
	case reflect.String:
		at := time.Date(2030, time.January, 1, *n%24, 0, 0, 0, time.UTC).AddDate(0, 0, *n)
		switch {
		case strings.HasSuffix(path, "CustomExpirationDate"):
			v.SetString(strings.ToUpper(at.Format("02 Jan 2006")))
		case strings.HasSuffix(path, "TransactionDate"), strings.HasPrefix(path, "listIntermediates") &&
			(strings.HasSuffix(path, "ValidFrom") || strings.HasSuffix(path, "ValidTo")):
			v.SetString(at.Format(time.DateTime))
		case strings.HasSuffix(path, "Date"), strings.HasSuffix(path, "DateCreated"), strings.HasSuffix(path, "DateIssued"),
			strings.HasSuffix(path, "DateProcessed"), strings.HasSuffix(path, "ValidatedUntil"):
			v.SetString(at.Format(time.RFC3339))
		case strings.HasSuffix(path, "ValidFrom"), strings.HasSuffix(path, "ValidTill"):
			v.SetString(at.Format(time.DateOnly))
		case strings.HasSuffix(path, ".UserID"), strings.HasSuffix(path, ".UserIDAssignments[0]"):
			v.SetString(strconv.Itoa(*n))
		default:
			v.SetString(fmt.Sprintf("text %d", *n))
		}
	case reflect.Int32, reflect.Int64:
		if strings.HasSuffix(path, ".Page.Offset") { // which must be the requested offset
			return []leaf{}
		}
		v.SetInt(int64(*n))
	case reflect.Float64:
		v.SetFloat(float64(*n) + 0.5)
	case reflect.Bool:
		v.SetBool(true)
	default:
		panic("cannot fill " + path + " of type " + v.Type().String())
	}
	return []leaf{{path, v}}
}

// TestNothingIsLostOfRequests does the same with the fields of requests: a field that makes no
// difference is not sent.
func TestNothingIsLostOfRequests(t *testing.T) {
	t.Parallel()
	for name, described := range map[string]any{
		"individual":   &certcentral.Individual{},
		"person":       &certcentral.PersonDetails{},
		"organization": &certcentral.OrganizationDetails{},
		"shipping":     &certcentral.ShipInfo{},
		"billing":      &certcentral.BillingAddress{},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := func() string {
				r := simpleOrder()
				switch d := described.(type) {
				case *certcentral.Individual:
					r.Individual = certcentral.NewIndividual(*d)
				case *certcentral.PersonDetails:
					r.TechnicalContact = certcentral.NewPerson(*d)
				case *certcentral.OrganizationDetails:
					r.Organization = certcentral.NewOrganization(*d)
				case *certcentral.ShipInfo:
					r.ShipInfo = *d
				case *certcentral.BillingAddress:
					r.Payment = certcentral.PayByCard(certcentral.Card{}, *d)
				}
				c, s := start(t, answerJSON(201, `{"id":1}`))
				if _, err := c.Orders.PlacePKIoOrganisationPerson(t.Context(), r); err != nil {
					t.Fatal(err)
				}
				return s.only(t).Body
			}
			leaves := fill(reflect.ValueOf(described).Elem(), name, new(int))
			full := body()
			for _, l := range leaves {
				saved := reflect.ValueOf(l.v.Interface())
				l.v.SetZero()
				if body() == full {
					t.Errorf("%s is lost", l.path)
				}
				l.v.Set(saved)
			}
		})
	}
}

// recordedAnswer reads an answer from the examples of the contract.
func recordedAnswer(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "openapi", "examples", name+".response.json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestOrderFromExample pins the field of each member of an order.
func TestOrderFromExample(t *testing.T) {
	t.Parallel()
	got, err := offline(t, 200, "application/json", recordedAnswer(t, "getOrder.pending")).Orders.Get(t.Context(), 843668399)
	if err != nil {
		t.Fatal(err)
	}
	smith := certcentral.Contact{
		ID: 4313912, FirstName: "John", LastName: "Smith", Email: "john.smith@example.com",
		JobTitle: "Authentication Analyst", Telephone: "911-249-7064",
	}
	want := certcentral.Order{
		ID:          843668399,
		PublicID:    "mock-order-843668399",
		Status:      certcentral.OrderPending,
		DateCreated: time.Date(2026, time.November, 23, 9, 30, 0, 0, time.UTC),
		Product: certcentral.ProductRef{
			NameID: "pkio_organisation_person", Name: "PKIo Authentication or Encryption - Organisation Person",
			Type: "pkio_certificate",
		},
		Certificate: certcentral.Certificate{
			ID: 845503702, CommonName: "Jane Doe", ProfileOption: certcentral.ProfileNonrepudiation,
			DateCreated:   time.Date(2026, time.November, 23, 9, 30, 0, 0, time.UTC),
			SignatureHash: "sha256", RSASSAPSS: true, IndividualID: 21,
			Individual: certcentral.Individual{
				FirstName: "Jane", LastName: "Doe", Email: "jane.doe@example.com", Telephone: "+31 70 000 0000",
				Country: "nl", State: "Zuid-Holland", City: "Den Haag", Zip: "2515 AA",
			},
			OrganizationID: 1920073, Validity: certcentral.Years(1),
		},
		Organization: certcentral.OrderOrganization{
			ID: 1920073, Name: "Example Organisation B.V.", DisplayName: "Example Organisation B.V.", IsActive: true,
			City: "Den Haag", State: "Zuid-Holland", Country: "nl",
		},
		OrganizationContact: smith,
		TechnicalContact:    smith,
		VerifiedContacts: []certcentral.Representative{{
			ID: 1040245, UserID: 4313813, FirstName: "John", LastName: "Doe", Email: "john.doe@example.com",
			JobTitle: "Authentication Engineer", Telephone: "911-249-7064",
		}},
		User: certcentral.UserRef{
			ID: 4313813, FirstName: "John", LastName: "Doe", Email: "john.doe@example.com",
		},
		APIKey:             certcentral.OrderAPIKey{Name: "John Doe", Type: "permanent_key"},
		Container:          certcentral.Container{ID: 4, Name: "Main", IsActive: true},
		Validity:           certcentral.Years(1),
		ValidityYears:      1,
		ProvisioningMethod: "token",
		ShipInfo: certcentral.ShipInfo{
			Name: "John Doe", Address1: "534 Jefferson Street", Address2: "Floor 94", City: "Bern",
			State: "Switzerland", Zip: "3030", Country: "ch", Method: certcentral.ShippingStandard,
		},
		PaymentMethod: certcentral.PaymentMethodBalance,
		Price:         "300.00",
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

// TestNewValuesPassThrough reads values of enumerations that the contract does not have.
func TestNewValuesPassThrough(t *testing.T) {
	t.Parallel()
	got, err := offline(t, 200, "application/json", `{"id":1,"status":"frozen","payment_method":"barter",
		"cs_provisioning_method":"cloud","ship_info":{"method":"DRONE"},"new":{"member":[1]},
		"certificate":{"profile_option":"sealing","signature_hash":"sha3"}}`).Orders.Get(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%v %v %v %v %v %v", got.Status, got.PaymentMethod, got.ProvisioningMethod, got.ShipInfo.Method,
		got.Certificate.ProfileOption, got.Certificate.SignatureHash)
	if want := "frozen barter cloud DRONE sealing sha3"; text != want {
		t.Errorf("got %s, want %s", text, want)
	}
	if !got.DateCreated.IsZero() || !got.OrganizationContact.IsZero() || got.Validity != (certcentral.Validity{}) {
		t.Errorf("what is absent is not zero: %+v", got)
	}
}

func TestMalformedTimes(t *testing.T) {
	t.Parallel()
	const prefix = "getOrder: status 200: the answer does not fit the contract: "
	for body, want := range map[string]string{
		`{"id":1,"date_created":"yesterday"}`:                                          "date_created is not a timestamp",
		`{"id":1,"order_valid_till":"tomorrow"}`:                                       "order_valid_till is not a date",
		`{"id":1,"requests":[{"date":"today"}]}`:                                       "requests[0].date is not a timestamp",
		`{"id":1,"order_validity":{"custom_expiration_date":"31 FEB 2027"}}`:           "order_validity.custom_expiration_date is not a date",
		`{"id":1,"certificate":{"cert_validity":{"custom_expiration_date":"a name"}}}`: "certificate.cert_validity.custom_expiration_date is not a date",
		`{"id":1,"certificate":{"date_issued":"a name"}}`:                              "certificate.date_issued is not a timestamp",
		`{"id":1,"certificate":{"valid_from":"a name"}}`:                               "certificate.valid_from is not a date",
		`{"id":1,"certificate":{"valid_till":"a name"}}`:                               "certificate.valid_till is not a date",
	} {
		_, err := offline(t, 200, "application/json", body).Orders.Get(t.Context(), 1)
		checkError(t, err, 200, prefix+want, nil)
	}
	for _, tt := range []struct{ operation, body, want string }{
		{"getRequest", `{"id":1,"date":"a name"}`, "date is not a timestamp"},
		{"getRequest", `{"id":1,"date_processed":"a name"}`, "date_processed is not a timestamp"},
		{"getRequest", `{"id":1,"order":{"id":1,"date_created":"a name"}}`, "order.date_created is not a timestamp"},
		{"listRequests", `{"requests":[{"id":1,"date":"a name"}]}`, "requests[0].date is not a timestamp"},
		{"getBalanceHistory", `{"adjustments":[{"id":"1"}]}`, "adjustments[0].transaction_date is not a timestamp"},
		{"listValidations", `{"validations":[{"type":"ov","date_created":"a name"}]}`, "validations[0].date_created is not a timestamp"},
		{"getOrganization", `{"id":1,"validations":[{"type":"ov","validated_until":"a name"}]}`, "validations[0].validated_until is not a timestamp"},
		{"listPotentialApprovers", `{"users":[{"user_id":"a name"}]}`, "users[0].user_id is not a number"},
		{"listPotentialApprovers", `{"users":[]}`, "contacts is missing"},
		{"listValidations", `{"validations":[{}]}`, "validations[0].type is missing"},
		{"listOrderNotes", `{"notes":[{}]}`, "notes[0].id is missing"},
		{"listAPIRoles", `{"access_roles":[{}]}`, "access_roles[0].name is missing"},
		{"listOrders", `{"orders":[{"id":1,"order_valid_till":"a name"}]}`, "orders[0].order_valid_till is not a date"},
		{"listOrders", `{"orders":[{"id":1,"certificate":{"valid_from":"a name"}}]}`, "orders[0].certificate.valid_from is not a date"},
		{"listOrders", `{"orders":[{"id":1,"certificate":{"valid_till":"a name"}}]}`, "orders[0].certificate.valid_till is not a date"},
		{"listOrders", `{"orders":[{"id":1,"certificate":{"cert_validity":{"custom_expiration_date":"a name"}}}]}`, "orders[0].certificate.cert_validity.custom_expiration_date is not a date"},
		{"getCertificateChain", `{}`, "intermediates is missing"},
		{"getCertificateChain", `{"intermediates":[{"subject_common_name":"a name"}]}`, "intermediates[0].pem is missing"},
		{"listIntermediates", `{"intermediates":[{"pem":"a"}]}`, "intermediates[0].valid_from is not a timestamp"},
		{"listIntermediates", `{"intermediates":[{"pem":"a","valid_from":"2022-01-03 00:00:00","valid_to":"a name"}]}`, "intermediates[0].valid_to is not a timestamp"},
		{"listIntermediates", `{"intermediates":[{}]}`, "intermediates[0].pem is missing"},
		{"listContainers", `{}`, "containers is missing"},
		{"listContainers", `{"containers":[{}]}`, "containers[0].id is missing"},
		{"getContainer", `{"id":4,"user_id_assignments":["1","a name"]}`, "user_id_assignments[1] is not a number"},
		{"listReissues", `{}`, "certificates is missing"},
		{"listReissues", `{"certificates":[{}]}`, "certificates[0].id is missing"},
		{"listReissues", `{"certificates":[{"id":1,"date_created":"a name"}]}`, "certificates[0].date_created is not a timestamp"},
		{"listReissues", `{"certificates":[{"id":1,"date_issued":"a name"}]}`, "certificates[0].date_issued is not a timestamp"},
		{"listReissues", `{"certificates":[{"id":1,"valid_till":"a name"}]}`, "certificates[0].valid_till is not a date"},
		{"reissueCertificate", `{}`, "id is missing; the outcome is unknown"},
		{"revokeCertificate", `{}`, "id is missing; the outcome is unknown"},
		{"revokeOrderCertificates", `{"id":1,"date":"a name"}`, "date is not a timestamp; the outcome is unknown"},
		{"createUser", `{"id":1}`, "api_key is missing; the outcome is unknown"},
		{"createUser", `{"api_key":"a name"}`, "id is missing; the outcome is unknown"},
		{"createUser", `{"id":1,"api_key":["a name"]}`, "api_key is of type array; the outcome is unknown"},
	} {
		for _, read := range reads {
			if read.operation != tt.operation {
				continue
			}
			call := read.call
			if read.operation == "createUser" {
				call = createServiceUser
			}
			status := successInJSON(t, tt.operation)
			_, err := call(t.Context(), offline(t, status, "application/json", tt.body))
			want := fmt.Sprintf("%s: status %d: the answer does not fit the contract: %s", tt.operation, status, tt.want)
			if err == nil || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		}
	}
}

func TestExpirationDateOfAnOrder(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"09 JUN 2027", "09 jun 2027", "09 Jun 2027"} {
		body := `{"id":1,"order_validity":{"custom_expiration_date":"` + text + `"}}`
		got, err := offline(t, 200, "application/json", body).Orders.Get(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if want := certcentral.ExpiresOn(2027, time.June, 9); got.Validity != want {
			t.Errorf("%s: %+v", text, got.Validity)
		}
		if s := got.Validity.ExpiresOn.String(); s != "2027-06-09" {
			t.Errorf("%s prints %s", text, s)
		}
	}
	at := time.Date(2026, time.November, 23, 23, 30, 0, 0, time.FixedZone("", -3600))
	if got, next := certcentral.DateOf(at), certcentral.DateOf(at.UTC()); got.Day != 23 || next.Day != 24 {
		t.Errorf("the days are %v and %v", got, next)
	}
	if s := (certcentral.Date{}).String(); s != "" {
		t.Errorf("the zero date prints %q", s)
	}
}

func TestAmount(t *testing.T) {
	t.Parallel()
	for amount, want := range map[certcentral.Amount]string{
		"454.00": "454", "-12.50": "-25/2", "0.1": "1/10", "7": "7",
		"": "", "-": "", ".5": "", "5.": "", "1/2": "", "1e9": "", "0x10": "", "1_000": "", "+1": "", "--1": "", "1 000": "", "1.2.3": "",
	} {
		got := ""
		if r, ok := amount.Rat(); ok {
			got = r.RatString()
		}
		if got != want {
			t.Errorf("%q is %q, want %q", amount, got, want)
		}
	}
	for price, want := range map[string]certcentral.Amount{
		"300": "300.00", "300.5": "300.50", "0": "0.00", "-12.25": "-12.25", "0.1": "0.10", "300.125": "300.125", "1e3": "1000.00",
	} {
		got, err := offline(t, 200, "application/json", `{"id":1,"price":`+price+`}`).Orders.Get(t.Context(), 1)
		if err != nil || got.Price != want {
			t.Errorf("price %s: %q, %v; want %q", price, got.Price, err, want)
		}
	}
}
