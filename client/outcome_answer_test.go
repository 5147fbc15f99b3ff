package client_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/spec"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// changing are the calls that change something and whose answer has no body.
var changing = []reading{
	{"updateOrderStatus", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return nil, c.Orders.Cancel(ctx, 843668399, "Ordered by mistake.", o...)
	}},
	{"updateRequestStatus", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return nil, c.Requests.Approve(ctx, 1, "", o...)
	}},
	{"updateRequestStatus", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return nil, c.Requests.Reject(ctx, 1, "", o...)
	}},
	{"activateOrganization", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return nil, c.Organizations.Activate(ctx, 1920073, o...)
	}},
	{"deactivateOrganization", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return nil, c.Organizations.Deactivate(ctx, 1920073, o...)
	}},
	{"deleteOrganization", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return nil, c.Organizations.Delete(ctx, 1920073, o...)
	}},
	{"updateUser", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return nil, c.Users.Update(ctx, 4313912, certcentral.UserUpdateRequest{Email: "ada@example.org"}, o...)
	}},
	{"deleteUser", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return nil, c.Users.Delete(ctx, 4313912, o...)
	}},
	{"submitOrganizationForValidation", func(ctx context.Context, c *certcentral.Client, o ...certcentral.RequestOption) (any, error) {
		return nil, c.Organizations.SubmitForValidation(ctx, 1920073, nil, o...)
	}},
}

// calls are all calls of the client.
func calls() []reading {
	serviceUser := reading{"createUser", createServiceUser}
	return slices.Concat(reads, changing, downloads, []reading{serviceUser})
}

// TestOperations compares the generated table of operations with the contract, and the calls above
// with the table.
func TestOperations(t *testing.T) {
	t.Parallel()
	doc, err := spec.Load(spec.CertCentralJSON)
	if err != nil {
		t.Fatal(err)
	}
	called := map[string]bool{}
	for _, call := range calls() {
		called[call.operation] = true
	}
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			id := operation.OperationID
			got, ok := api.OperationByID(id)
			if !ok || got.Method != method {
				t.Errorf("%s is %s %s, and in the table %+v", id, method, path, got)
			}
			if !called[id] {
				t.Errorf("no call in these tests carries out %s", id)
			}
			for code, response := range operation.Responses.Map() {
				if !strings.HasPrefix(code, "2") {
					continue
				}
				i := slices.IndexFunc(got.Success, func(s api.Success) bool { return strconv.Itoa(s.Status) == code })
				if i < 0 {
					t.Errorf("%s: the table lacks %s", id, code)
					continue
				}
				for mediaType := range response.Value.Content {
					if !slices.Contains(got.Success[i].MediaTypes, mediaType) {
						t.Errorf("%s: the table lacks %s as %s", id, code, mediaType)
					}
				}
				if len(response.Value.Content) != len(got.Success[i].MediaTypes) {
					t.Errorf("%s: %s is one of %s", id, code, got.Success[i].MediaTypes)
				}
			}
		}
	}
	// The client has its own list of media types for downloads. It is the same for all downloads
	// and must contain the declared types.
	for _, download := range downloads {
		contract, _ := api.OperationByID(download.operation)
		for _, mediaType := range contract.Success[0].MediaTypes {
			if _, err := download.call(t.Context(), offline(t, 200, mediaType, string(newChain(t, 1).pem()))); err != nil {
				t.Errorf("%s as %s: %v", download.operation, mediaType, err)
			}
		}
	}
	if _, ok := api.OperationByID("nothing"); ok {
		t.Error("an operation that is not there is")
	}
}

// TestAnswersThatAreNoSuccess uses each answer that is not a success for each call, and checks the
// outcome of the error.
func TestAnswersThatAreNoSuccess(t *testing.T) {
	t.Parallel()
	const (
		html   = "text/html; charset=utf-8"
		json   = "application/json"
		signIn = "<html><title>Sign in</title></html>"
	)
	refusal := envelope("gateway_timeout")
	type given struct {
		status            int
		contentType, body string
	}
	var answers []given
	for _, status := range []int{
		300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 408, 409, 413, 415, 418, 421, 425, 429, 451, 499,
		500, 501, 502, 503, 504, 507, 511, 520, 599, 600, 999,
	} {
		answers = append(answers, given{status, html, signIn}, given{status, json, refusal}, given{status, "", ""})
	}
	for _, status := range []int{200, 201, 202, 203, 205, 206, 207, 226, 299} {
		answers = append(answers, given{status, html, signIn}, given{status, json, refusal}, given{status, json, `null`},
			given{status, json, `{"errors":[{"status":"503"}]}`}, given{status, json, `{"message":"Endpoint request timed out"}`},
			given{status, json, `[]`}, given{status, json, `""`}, given{status, "text/csv", "id\n1\n"}, given{status, "", ""})
	}
	for _, call := range calls() {
		t.Run(call.operation, func(t *testing.T) {
			t.Parallel()
			for _, a := range answers {
				_, err := call.call(t.Context(), offline(t, a.status, a.contentType, a.body))
				refused := a.status/100 == 4 && a.status != 408
				unknown := changes(t, call.operation) && !refused
				if err == nil || errors.Is(err, certcentral.ErrOutcomeUnknown) != unknown {
					t.Errorf("status %d, %s %s: %v; want outcome unknown: %t", a.status, a.contentType, a.body, err, unknown)
				}
				if errors.Is(err, certcentral.ErrUnavailable) != (a.status >= 500) {
					t.Errorf("status %d: unavailable: %v", a.status, err)
				}
				e, ok := errors.AsType[*certcentral.Error](err)
				if !ok || e.StatusCode != a.status || e.Has("gateway_timeout") != (a.body == refusal) {
					t.Errorf("status %d, %s: %#v", a.status, a.body, err)
				}
			}
		})
	}
}

// TestSuccessWithoutABody sends status 204 with a media type and a body. The status alone means
// success.
func TestSuccessWithoutABody(t *testing.T) {
	t.Parallel()
	for _, call := range changing {
		for _, body := range []string{"", "x", envelope("a")} {
			if _, err := call.call(t.Context(), offline(t, 204, "application/json", body)); err != nil {
				t.Errorf("%s with %q: %v", call.operation, body, err)
			}
		}
	}
}

// TestSwitchedProtocols answers with status 101 and keeps the connection open.
func TestSwitchedProtocols(t *testing.T) {
	t.Parallel()
	c := newClient(t, certcentral.WithHTTPClient(&http.Client{
		Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusSwitchingProtocols, Body: endlessBody{t}}, nil
		}),
	}))
	_, err := c.Orders.PlacePKIoOrganisationPerson(t.Context(), simpleOrder())
	if want := "orderPkioOrganisationPerson: status 101: the answer is not the service's but empty; the outcome is unknown"; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// endlessBody is a body that must not be read, since it never ends.
type endlessBody struct{ t *testing.T }

func (u endlessBody) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, errors.New("endless")
}

func (endlessBody) Close() error { return nil }

// TestOneOrder orders through a gateway that passes the order on and answers instead of the mock. A
// program that follows the package comment gets exactly one order.
func TestOneOrder(t *testing.T) {
	t.Parallel()
	answers := map[string]http.HandlerFunc{
		"504 in the service's words": answerJSON(504, envelope("gateway_timeout")),
		"500 in the service's words": answerJSON(500, envelope("internal_error")),
		"503 in the service's words": answerJSON(503, envelope("mock_capacity")),
		"502 in HTML":                answer(502, "text/html", badGateway),
		"500 without a body":         answer(500, "", ""),
		"200 in HTML":                answer(200, "text/html", "<title>Sign in</title>"),
		"200 that lists errors":      answerJSON(200, envelope("access_denied")),
		"201 that lists errors":      answerJSON(201, envelope("access_denied")),
		"201 of nothing":             answerJSON(201, `{}`),
		"202":                        answer(202, "", ""),
		"204":                        answer(204, "", ""),
		"302":                        func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login", http.StatusFound) },
		"303":                        func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/done", http.StatusSeeOther) },
		"408":                        answerJSON(408, envelope("request_timeout")),
		"a broken connection":        func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	}
	mock := mocktest.Start(t)
	target, err := url.Parse(mock.URL)
	if err != nil {
		t.Fatal(err)
	}
	for name, instead := range answers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			through := httputil.NewSingleHostReverseProxy(target)
			through.Transport = newTransport(t)
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodPost {
					through.ServeHTTP(w, r)
					return
				}
				answered := httptest.NewRecorder()
				through.ServeHTTP(answered, r)
				if answered.Code != http.StatusCreated {
					t.Errorf("the mock answered %d %s", answered.Code, answered.Body)
				}
				instead(w, r)
			}))
			t.Cleanup(proxy.Close)
			key := strings.NewReplacer(" ", "-", "'", "").Replace(name)
			cc := newClient(t, certcentral.WithBaseURL(proxy.URL), certcentral.WithAPIKey(key))

			// The procedure of the package comment, with several attempts.
			placed := 0
			for range 3 {
				request := ourOrder()
				request.AlternativeOrderID = "renewal-2026-ada"
				_, err := cc.Orders.PlacePKIoOrganisationPerson(t.Context(), request)
				if err == nil {
					placed++
					break
				}
				if !errors.Is(err, certcentral.ErrOutcomeUnknown) {
					continue // refused: no order was placed
				}
				found, err := cc.Orders.ByAlternativeID(t.Context(), "renewal-2026-ada")
				if err != nil {
					t.Fatal(err)
				}
				if placed = len(found.Items); placed > 0 {
					break
				}
			}
			orders, err := mock.ClientFor(t, key).Orders.List(t.Context(), certcentral.OrderListOptions{})
			if err != nil || orders.Total != 1 || placed != 1 {
				t.Errorf("%d orders are there, %d were seen, %v", orders.Total, placed, err)
			}
		})
	}
}
