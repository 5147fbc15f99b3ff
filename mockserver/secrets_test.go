package mockserver_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver"
)

// Secrets that occur nowhere by chance. The last four digits of the card may be shown.
const (
	secretKey    = "KEY-zeta-7d0c41"
	secretNumber = "4539718260573914"
	secretCVV    = "8642"
)

// A journal keeps what is logged, from any goroutine.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// withoutTime leaves the time of a line out, in which any digits may stand by chance.
func withoutTime(_ []string, attr slog.Attr) slog.Attr {
	if attr.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return attr
}

func noSecrets(tb testing.TB, where, text string) {
	tb.Helper()
	for _, secret := range []string{secretKey, secretNumber, secretCVV, secretNumber[:12], secretNumber[4:]} {
		if strings.Contains(text, secret) {
			tb.Errorf("%s has the secret %s: %.500s", where, secret, text)
		}
	}
}

// cardOrder is the vendor's order, paid with the secret card. Pairs are replaced in it.
func cardOrder(tb testing.TB, pairs ...string) string {
	tb.Helper()
	order := strings.Replace(string(vendorOrder(tb)), `"payment_method": "balance"`, fmt.Sprintf(`"payment_method": "card",
		"credit_card": {"number": %q, "expiration_month": "12", "expiration_year": "2031", "cvv": %q, "cardholder_name": "Jane Doe",
			"save_credit_card": true, "set_as_default": "1"},
		"billing_address": {"address": "Kade 1", "city": "Delft", "country": "nl"}`, secretNumber, secretCVV), 1)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(order, pairs[i]) {
			tb.Fatalf("the order has no %s", pairs[i])
		}
		order = strings.Replace(order, pairs[i], pairs[i+1], 1)
	}
	return order
}

// secretRequests are bodies with the secrets in them, accepted and refused, by the status that they
// get.
func secretRequests(tb testing.TB) map[string]struct {
	body        string
	contentType string
	status      int
} {
	tb.Helper()
	type request = struct {
		body        string
		contentType string
		status      int
	}
	const isJSON = "application/json"
	number, cvv := `"`+secretNumber+`"`, `"`+secretCVV+`"`
	good := cardOrder(tb)
	return map[string]request{
		"good":                      {good, isJSON, 201},
		"paid from the balance":     {cardOrder(tb, `"payment_method": "card"`, `"payment_method": "balance"`), isJSON, 201},
		"not saved":                 {cardOrder(tb, `"save_credit_card": true`, `"save_credit_card": false`), isJSON, 201},
		"unknown members":           {cardOrder(tb, `"credit_card": {`, `"x": `+number+`, `+number+`: 1, "credit_card": {"pan": `+number+`, `+cvv+`: `+cvv+`, `), isJSON, 201},
		"named by the key":          {cardOrder(tb, `"credit_card": {`, `"`+secretKey+`": 1, "x`+secretKey+`": 2, "`+secretKey[4:]+`": 3, "n`+secretNumber+`": 4, "credit_card": {`), isJSON, 201},
		"as shipping name":          {cardOrder(tb, `"cvv": `+cvv, `"cvv": {"code": `+cvv+`}`), isJSON, 400},
		"numbers, not strings":      {cardOrder(tb, number, secretNumber, cvv, secretCVV), isJSON, 400},
		"number with blanks":        {cardOrder(tb, number, `" `+secretNumber+`"`), isJSON, 400},
		"number too long":           {cardOrder(tb, number, `"`+secretNumber+secretNumber+`"`), isJSON, 400},
		"cvv too long":              {cardOrder(tb, cvv, `"`+secretCVV+`1"`), isJSON, 400},
		"array":                     {cardOrder(tb, number, `[`+number+`]`), isJSON, 400},
		"card is a string":          {strings.Replace(string(vendorOrder(tb)), `"payment_method": "balance"`, `"payment_method": "card", "credit_card": `+number+`, "billing_address": `+cvv, 1), isJSON, 400},
		"as payment method":         {cardOrder(tb, `"payment_method": "card"`, `"payment_method": `+number), isJSON, 400},
		"as default":                {cardOrder(tb, `"set_as_default": "1"`, `"set_as_default": `+number), isJSON, 400},
		"as year":                   {cardOrder(tb, `"2031"`, number), isJSON, 400},
		"as id":                     {cardOrder(tb, `"organization": {`, `"payment_profile": {"id": `+number+`}, "organization": {`), isJSON, 400},
		"expired":                   {cardOrder(tb, `"2031"`, `"2020"`), isJSON, 400},
		"unknown organization":      {cardOrder(tb, `"1920073"`, `"5"`), isJSON, 400},
		"duplicate member":          {cardOrder(tb, `"number": `+number, `"number": `+number+`, "number": `+number), isJSON, 400},
		"duplicate, named a secret": {cardOrder(tb, `"credit_card": {`, number+`: 1, `+number+`: 2, "credit_card": {`), isJSON, 400},
		"cut off in the number":     {good[:strings.Index(good, secretNumber)+16], isJSON, 400},
		"trailing comma":            {cardOrder(tb, cvv, cvv+`,,`), isJSON, 400},
		"trailing data":             {good + secretNumber, isJSON, 400},
		"bad escape":                {cardOrder(tb, number, `"`+secretNumber+`\x"`), isJSON, 400},
		"invalid UTF-8":             {cardOrder(tb, number, `"`+secretNumber+"\xff"+`"`), isJSON, 400},
		"number with a letter":      {cardOrder(tb, number, secretNumber+"x"), isJSON, 400},
		"bare":                      {secretNumber, isJSON, 400},
		"bare string":               {number, isJSON, 400},
		"too deep":                  {`{"a":` + strings.Repeat("[", 200) + number, isJSON, 400},
		"form":                      {"number=" + secretNumber + "&cvv=" + secretCVV, "application/x-www-form-urlencoded", 415},
		"media type":                {good, "application/xml", 415},
		"media type is a secret":    {good, secretNumber + "/" + secretCVV, 415},
		"too large":                 {good + strings.Repeat(" "+secretNumber, 1<<16), isJSON, 413},
	}
}

// TestSecrets sends secrets in every form, and searches all answers and the log of the mock for
// them.
func TestSecrets(t *testing.T) {
	t.Parallel()
	for name, request := range secretRequests(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			logged := &journal{}
			logger := slog.New(slog.NewTextHandler(logged, &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true, ReplaceAttr: withoutTime}))
			for _, options := range [][]mockserver.Option{nil, {mockserver.WithResponseCheck(nil)}} {
				mock, err := mockserver.New(append(options, mockserver.WithQuickKeys(), mockserver.WithClock(vectorClock), mockserver.WithLogger(logger))...)
				if err != nil {
					t.Fatal(err)
				}
				got := ask(t, mock, http.MethodPost, orderPath, request.body, "X-DC-DEVKEY", secretKey, "Content-Type", request.contentType)
				if got.Code != request.status {
					t.Errorf("got %d, want %d: %s", got.Code, request.status, got.Body)
				}
				noSecrets(t, "the answer", dump(got))
				searchAccount(t, mock)
				noSecrets(t, "the log", logged.String())
			}
			for _, digits := range []string{secretCVV, secretNumber} { // a message that names a position could not tell
				if strings.Contains(logged.String(), digits) {
					t.Errorf("the log has %s", digits)
				}
			}
		})
	}
}

func dump(got *httptest.ResponseRecorder) string {
	return fmt.Sprint(got.Code, got.Header(), got.Body)
}

// searchAccount reads everything that an account shows.
func searchAccount(t *testing.T, mock http.Handler) {
	t.Helper()
	for _, target := range []string{
		"/services/v2/order/certificate", "/services/v2/order/certificate/843668399", "/services/v2/organization",
		"/services/v2/organization/1920073", "/services/v2/user", "/services/v2/user/me", "/services/v2/finance/balance",
		"/services/v2/finance/payment-profile", "/_mock/healthz",
	} {
		noSecrets(t, target, dump(ask(t, mock, http.MethodGet, target, "", "X-DC-DEVKEY", secretKey)))
	}
}

// TestMisplacedSecrets puts the secrets into places where they do not belong: other operations,
// paths, queries and headers.
func TestMisplacedSecrets(t *testing.T) {
	t.Parallel()
	logged := &journal{}
	logger := slog.New(slog.NewJSONHandler(logged, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: withoutTime}))
	mock, err := mockserver.New(mockserver.WithQuickKeys(), mockserver.WithLogger(logger), mockserver.WithMaxAccounts(1))
	if err != nil {
		t.Fatal(err)
	}
	organization := `{"name": "N", "address": "A", "city": "C", "state": "S", "zip": "` + secretNumber[:4] + `", "country": "` + secretNumber +
		`", "telephone": "x", "contacts": [{"contact_type": "` + secretNumber + `", "user_id": "` + secretNumber + `"}]}`
	for _, request := range [][3]string{
		{http.MethodPost, "/services/v2/organization", organization},
		{http.MethodGet, "/services/v2/order/certificate/" + secretNumber, ""},
		{http.MethodGet, "/services/v2/organization/" + secretNumber, ""},
		{http.MethodGet, "/services/v2/order/certificate?limit=" + secretNumber + "&sort=" + secretNumber + "&filters[status]=" + secretNumber, ""},
		{http.MethodGet, "/services/v2/user?offset=-" + secretNumber, ""},
		{http.MethodGet, "/services/v2/user?" + secretNumber + "&filters[" + secretKey + "]=1&filters[" + secretNumber + "]=1", ""},
		{http.MethodGet, "/services/v2/user?" + secretKey, secretNumber},
		{http.MethodGet, "/services/v2/user/me", `{"` + secretNumber + `": 1}`},
		{http.MethodPut, "/_mock/account?" + secretKey, `{"` + secretNumber + `": 1, "` + secretKey + `": 1, "life": "` + secretNumber + `"}`},
		{http.MethodGet, "/services/v2/" + secretKey + "/x", ""},
		{http.MethodGet, "/" + secretNumber, ""},
		{http.MethodPost, "/services/v2/order/certificate/" + secretNumber, ""},
		{secretNumber, "/services/v2/user", ""},
		{http.MethodPost, "/_mock/reset", secretNumber},
		{http.MethodPost, "/_mock/reset", ""},
		{http.MethodGet, "/docs/" + secretNumber, ""},
		{http.MethodPut, "/_mock/account", `{"life": "manual"}`}, // so that the account does not give way to another
	} {
		noSecrets(t, request[1], dump(ask(t, mock, request[0], request[1], request[2], "X-DC-DEVKEY", secretKey)))
	}
	for _, key := range []string{"invalid" + secretKey, secretKey + "\n", secretKey + "é", secretKey + strings.Repeat("x", 300), secretKey + "another"} {
		got := ask(t, mock, http.MethodGet, "/services/v2/user/me", "", "X-DC-DEVKEY", key)
		if got.Code != http.StatusForbidden && got.Code != http.StatusServiceUnavailable {
			t.Errorf("a key gets %d", got.Code)
		}
		noSecrets(t, "the answer to a key", dump(got))
	}
	const token = "TOKEN-zeta-8e1d52"
	for _, target := range []string{"/services/v2/user/me", "/services/v2/user/me?x-" + token, "/_mock/account?x-" + token, "/nowhere/" + token} {
		answer := dump(ask(t, mock, http.MethodGet, target, "", "X-DC-DEVKEY", secretKey, "X-Mock-Token", token, "X-Request-Id", "id-"+token))
		if strings.Contains(strings.ToLower(answer), strings.ToLower(token)) {
			t.Errorf("%s: the control token is in the answer: %s", target, answer)
		}
	}
	noSecrets(t, "the answer to a request id", dump(ask(t, mock, http.MethodGet, "/services/v2/user/me", "", "X-DC-DEVKEY", secretKey, "X-Request-Id", "id-"+secretKey)))
	noSecrets(t, "the log", logged.String())
	if !strings.Contains(logged.String(), "account reset") || !strings.Contains(logged.String(), `"msg":"request refused"`) {
		t.Errorf("the log is empty, so it proves nothing: %s", logged)
	}
}

// TestSavedCard pins all that is shown of a saved card.
func TestSavedCard(t *testing.T) {
	t.Parallel()
	mock := newMock(t)
	if got := ask(t, mock, http.MethodPost, orderPath, cardOrder(t)); got.Code != http.StatusCreated {
		t.Fatal(got.Body)
	}
	got := ask(t, mock, http.MethodGet, "/services/v2/finance/payment-profile", "").Body.String()
	if !strings.Contains(got, `"shortened_number":"3914"`) || strings.Contains(got, "73914") {
		t.Errorf("profiles: %s", got)
	}
}

// TestTokenSecrets: neither a PIN nor a key is logged, or stands in an answer that is not meant to
// hand it over.
func TestTokenSecrets(t *testing.T) {
	t.Parallel()
	logged := &journal{}
	logger := slog.New(slog.NewTextHandler(logged, &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true, ReplaceAttr: withoutTime}))
	mock := newMock(t, mockserver.WithLogger(logger), mockserver.WithTokenKey(mockserver.RSA2048))
	place(t, mock, anOrder(t))
	initCode, pin := tokenSecrets(t, mock)
	var answers strings.Builder
	for _, attempt := range [][2]string{{initCode, "99999999"}, {"0123456789abcdef", pin}} {
		answers.WriteString(ask(t, mock, http.MethodPost, firstToken+"/redeem", fmt.Sprintf(`{"init_code": %q, "pin": %q}`, attempt[0], attempt[1])).Body.String())
	}
	for _, path := range []string{firstToken, orderOne, "/services/v2/order/certificate", "/_mock/account", firstCertificate + "/download/format/pem_all"} {
		answers.WriteString(must(t, mock, http.MethodGet, path, "").Body.String())
	}
	must(t, mock, http.MethodPost, firstToken+"/redeem", fmt.Sprintf(`{"init_code": %q, "pin": %q}`, initCode, pin))
	must(t, mock, http.MethodPost, "/_mock/reset", "")
	for where, text := range map[string]string{"the log": logged.String(), "an answer": answers.String()} {
		for _, secret := range []string{pin, "99999999", "PRIVATE KEY"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s has %s", where, secret)
			}
		}
	}
	if logged.String() == "" {
		t.Error("nothing was logged, so that nothing was tested")
	}
}
