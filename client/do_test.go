package client_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/gen"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// TestDo places, reads and lists orders without the methods for that.
func TestDo(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	cc, ctx := mock.Client, t.Context()
	var order map[string]any
	if err := json.Unmarshal([]byte(gen.ExampleOrder), &order); err != nil {
		t.Fatal(err)
	}
	var placed struct {
		ID int64 `json:"id"`
	}
	const orders = "/order/certificate/pkio_organisation_person"
	if err := cc.Do(ctx, "POST", orders, order, &placed); err != nil || placed.ID == 0 {
		t.Fatalf("placed %+v, %v", placed, err)
	}
	if err := cc.Do(ctx, "POST", orders, []byte(gen.ExampleOrder), nil); err != nil {
		t.Errorf("an order in bytes: %v", err)
	}

	var list struct {
		Orders []json.RawMessage `json:"orders"`
	}
	if err := cc.Do(ctx, "GET", "/order/certificate?limit=1", nil, &list); err != nil || len(list.Orders) != 1 {
		t.Errorf("list: %d orders, %v", len(list.Orders), err)
	}
	var csv []byte
	err := cc.Do(ctx, "GET", "/order/certificate", nil, &csv, certcentral.WithRequestHeader("Accept", "text/csv"))
	if err != nil || bytes.Count(csv, []byte("\n")) != 3 {
		t.Errorf("CSV: %q, %v", csv, err)
	}
	var file strings.Builder
	if err := cc.Do(ctx, "GET", "/order/certificate", nil, &file); err != nil || !json.Valid([]byte(file.String())) {
		t.Errorf("to a writer: %q, %v", file.String(), err)
	}
	untouched := map[string]int{"a": 1}
	if err := cc.Do(ctx, "PUT", "/organization/1920073/activate", nil, &untouched); err != nil || untouched["a"] != 1 {
		t.Errorf("204: %v, %v", untouched, err)
	}
	err = cc.Do(ctx, "GET", "/order/certificate/1", nil, &list)
	if !errors.Is(err, certcentral.ErrNotFound) || err.Error() != "getOrder: status 404: not_found|order" {
		t.Errorf("an unknown order: %v", err)
	}
	err = cc.Do(ctx, "GET", "/no/such/thing?name=ada", nil, nil)
	if !errors.Is(err, certcentral.ErrNotFound) || err.Error() != "GET /no/such/thing: status 404: not_found|route" {
		t.Errorf("an unknown path: %v", err)
	}
	if n := len(mock.Journal(t, mocktest.Operation("orderPkioOrganisationPerson"))); n != 2 {
		t.Errorf("%d orders were sent", n)
	}
}

// TestDoRetries pins that GET is repeated, and that an order is not.
func TestDoRetries(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	cc := certcentral.WithoutWaits(mock.ClientFor(t, mock.APIKey, certcentral.WithRetries(2)))
	mock.Fail(t, mocktest.On("getBalance").Respond(502).Times(2))
	if err := cc.Do(t.Context(), "GET", "/finance/balance", nil, nil); err != nil {
		t.Errorf("GET: %v", err)
	}
	mock.Fail(t, mocktest.On("orderPkioOrganisationPerson").LoseAnswer())
	err := cc.Do(t.Context(), "POST", "/order/certificate/pkio_organisation_person", []byte(gen.ExampleOrder), nil)
	if e, ok := errors.AsType[*certcentral.Error](err); !ok || e.Attempts != 1 || !errors.Is(err, certcentral.ErrOutcomeUnknown) {
		t.Errorf("POST: %#v", err)
	}
}

// TestDoAnswers gives answers to targets that they do not fit.
func TestDoAnswers(t *testing.T) {
	t.Parallel()
	type object struct {
		ID   int       `json:"id"`
		Time time.Time `json:"time"`
	}
	for _, tt := range []struct {
		name, contentType, body string
		out                     any
		want                    string // the error, or empty
	}{
		{"JSON", "application/json", `{"id":1}`, new(object), ""},
		{"a kind of JSON", "application/vnd.service+json; charset=utf-8", `{"id":1}`, new(object), ""},
		{"HTML for JSON", "text/html", "<p>", new(object), "the answer is not JSON but 3 bytes of text/html"},
		{"HTML for nothing", "text/html", "<p>", nil, "the answer is an HTML page: 3 bytes of text/html"},
		{"HTML for bytes", "text/html", "<p>", new([]byte), ""},
		{"text for nothing", "text/plain", "a", nil, ""},
		{"malformed JSON", "application/json", `{"id":`, new(object), "the answer is malformed JSON at byte 6"},
		{"another type", "application/json", `{"id":"voorbeeld"}`, new(object), "the answer does not fit the contract: id is of type string"},
		{
			"what the type refuses", "application/json", `{"time":"voorbeeld"}`, new(object),
			"the answer does not fit the contract: the whole cannot be read as a *client_test.object",
		},
		{
			"errors", "application/json", `{"errors":[{"code":"a"}]}`, new(object),
			"a: the answer does not fit the contract: errors is there in spite of a status of success",
		},
		{"too large", "application/json", strings.Repeat(" ", 8<<20+1), new([]byte), "the answer is larger than 8 MiB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, method := range []string{"GET", "POST"} {
				err := offline(t, 200, tt.contentType, tt.body).Do(t.Context(), method, "/a", nil, tt.out)
				if text, raw := tt.out.(*[]byte); raw && err == nil && string(*text) != tt.body {
					t.Errorf("%s: %q", method, *text)
				}
				if tt.want == "" {
					if err != nil {
						t.Errorf("%s: %v", method, err)
					}
					continue
				}
				if err == nil || !strings.HasPrefix(err.Error(), method+" /a: status 200: "+tt.want) {
					t.Errorf("%s: %v", method, err)
				}
				if errors.Is(err, certcentral.ErrOutcomeUnknown) != (method == "POST") {
					t.Errorf("%s: the outcome: %v", method, err)
				}
				checkRedacted(t, err, "voorbeeld")
			}
		})
	}
}

type fullWriter struct{}

func (fullWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestDoCannotWrite(t *testing.T) {
	t.Parallel()
	err := offline(t, 201, "application/json", "{}").Do(t.Context(), "POST", "/a", nil, fullWriter{})
	if !errors.Is(err, io.ErrShortWrite) || errors.Is(err, certcentral.ErrOutcomeUnknown) ||
		err.Error() != "POST /a: status 201: the answer could not be written" {
		t.Errorf("got %v", err)
	}
}

// TestDoRefuses gives arguments that no request can be built from.
func TestDoRefuses(t *testing.T) {
	t.Parallel()
	c := newClient(t, certcentral.WithHTTPClient(&http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		t.Error("a request was sent")
		return nil, errors.New("sent")
	})}))
	var none *struct{}
	for _, tt := range []struct {
		name, method, path string
		in, out            any
		opts               []certcentral.RequestOption
		want               string
	}{
		{"no method", "", "/a", nil, nil, nil, "method must be"},
		{"lower case", "get", "/a", nil, nil, nil, "method must be an HTTP method in upper case, such as GET"},
		{"two words", "GET /", "/a", nil, nil, nil, "method must be"},
		{"a tunnel", "CONNECT", "/a", nil, nil, nil, "method must not be CONNECT or TRACE"},
		{"an echo of the key", "TRACE", "/a", nil, nil, nil, "method must not be CONNECT or TRACE"},
		{"no path", "GET", "", nil, nil, nil, "path must begin with one slash"},
		{"no slash", "GET", "order", nil, nil, nil, "path must begin with one slash"},
		{"another host", "GET", "https://other.example/a", nil, nil, nil, "path must be below the base URL"},
		{"another host without a scheme", "GET", "//other.example/a", nil, nil, nil, "path must be below the base URL"},
		{"slashes", "GET", "///a", nil, nil, nil, "path must begin with one slash"},
		{"dots", "GET", "/a/../../b", nil, nil, nil, "path must not have segments of dots alone"},
		{"escaped dots", "GET", "/a/%2e%2E/b", nil, nil, nil, "path must not have segments of dots alone"},
		{"a fragment", "GET", "/a#b", nil, nil, nil, "path must not have a fragment"},
		{"malformed", "GET", "/%zz", nil, nil, nil, "path is malformed"},
		{"a newline", "GET", "/a\nb", nil, nil, nil, "path is malformed"},
		{"the prefix twice", "GET", "/services/v2/user/me", nil, nil, nil, "path must not begin with /services/v2"},
		{"no JSON", "POST", "/a", []byte("a=b"), nil, nil, "in is not JSON in UTF-8"},
		{"JSON in Latin-1", "POST", "/a", []byte("\"Andr\xe9\""), nil, nil, "in is not JSON in UTF-8"},
		{"a text in Latin-1", "POST", "/a", map[string][]string{"names": {"Ada", "Andr\xe9"}}, nil, nil, "in.names[1] is not UTF-8"},
		{"a blank in the query", "GET", "/a?name=Ada Lovelace", nil, nil, nil, "path must have an encoded query"},
		{"a letter to encode in the query", "GET", "/a?name=André", nil, nil, nil, "path must have an encoded query"},
		{"not for JSON", "POST", "/a", math.NaN(), nil, nil, "in of type float64 cannot be written as JSON"},
		{"a secret", "POST", "/a", map[string]any{"key": certcentral.NewSecret("hunter22")}, nil, nil, "in holds a Secret"},
		{"no pointer", "GET", "/a", nil, map[string]any{}, nil, "out of type map[string]interface {} is not a pointer"},
		{"a nil pointer", "GET", "/a", nil, none, nil, "out is a nil pointer"},
		{"nil bytes", "GET", "/a", nil, (*[]byte)(nil), nil, "out is a nil pointer"},
		{"a nil option", "GET", "/a", nil, nil, []certcentral.RequestOption{nil}, "opts[0] is nil"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := c.Do(t.Context(), tt.method, tt.path, tt.in, tt.out, tt.opts...)
			a, ok := errors.AsType[*certcentral.ArgumentError](err)
			if !ok || !strings.HasPrefix(a.Path+" "+a.Reason, tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
			if strings.Contains(err.Error(), " :") {
				t.Errorf("the text %q has a blank before a colon", err)
			}
			checkRedacted(t, err, "hunter22")
		})
	}
}

func TestCallOptions(t *testing.T) {
	t.Parallel()
	first, second := mocktest.Start(t), mocktest.Start(t)
	c := first.ClientFor(t, "k1")
	_, err := c.Orders.Get(t.Context(), 7, certcentral.WithRequestBaseURL(second.URL+"/"), certcentral.WithRequestID("over-there"))
	if !errors.Is(err, certcentral.ErrNotFound) || first.For(t, "k1").Count(t) != 0 || second.For(t, "k1").Count(t) != 1 {
		t.Errorf("%v; %d and %d requests", err, first.For(t, "k1").Count(t), second.For(t, "k1").Count(t))
	}

	_, s := start(t, answerJSON(200, `{"balance":"1.00"}`))
	c = newClient(t, certcentral.WithBaseURL(s.url+"/a%2Fb"))
	_, err = c.Finance.GetBalance(t.Context(), certcentral.WithRequestHeader("x-tenant", "a"), certcentral.WithRequestHeader("X-Tenant", "b"),
		certcentral.WithRequestHeader("User-Agent", "mine"), certcentral.WithRequestBaseURL(s.url+"/c%2Fd/"))
	if err != nil {
		t.Fatal(err)
	}
	got := s.only(t)
	if got.Path != "/c/d/finance/balance" || strings.Join(got.Header["X-Tenant"], ",") != "a,b" || got.Header.Get("User-Agent") != "mine" {
		t.Errorf("got %+v", got)
	}

	reflecting := offline(t, 400, "application/json", envelope("bad|proxy-password"))
	_, err = reflecting.Finance.GetBalance(t.Context(), certcentral.WithRequestHeader("Proxy-Authorization", "Basic proxy-password"))
	checkRedacted(t, err, "proxy-password")
}

func TestCallOptionsRefuse(t *testing.T) {
	t.Parallel()
	c := offline(t, 200, "application/json", `{"balance":"1.00"}`)
	for want, opt := range map[string]certcentral.RequestOption{
		"WithRequestHeader was given a name that no header can have":           certcentral.WithRequestHeader("a b", "c"),
		"X-Dc-Devkey is set by the client: use WithAPIKey or WithAPIKeySource": certcentral.WithRequestHeader("x-dc-devkey", "hunter22"),
		"X-Request-Id is set by WithRequestID":                                 certcentral.WithRequestHeader("X-Request-ID", "a"),
		"Accept is set by the client":                                          certcentral.WithRequestHeader("accept", "text/csv"),
		"Content-Type is set by the client":                                    certcentral.WithRequestHeader("Content-Type", "text/csv"),
		"Host belongs to the connection":                                       certcentral.WithRequestHeader("Host", "other.example"),
		"Idempotency-Key would let net/http repeat":                            certcentral.WithRequestHeader("idempotency-key", "a"),
		"X-A holds a character that is not printable ASCII":                    certcentral.WithRequestHeader("X-A", "a\r\nb"),
		"WithRequestTimeout must not be negative":                              certcentral.WithRequestTimeout(-1),
		"WithRequestBaseURL must begin with https://":                          certcentral.WithRequestBaseURL("other.example"),
		"WithRequestBaseURL uses plain http to another machine":                certcentral.WithRequestBaseURL("http://other.example"),
		"WithRequestBaseURL must not hold a user or a password":                certcentral.WithRequestBaseURL("https://a:hunter22@other.example"),
	} {
		_, err := c.Finance.GetBalance(t.Context(), opt)
		if err == nil || !strings.HasPrefix(err.Error(), "getBalance: "+want) {
			t.Errorf("got %v, want %s", err, want)
		}
		checkRedacted(t, err, "hunter22")
	}
}
