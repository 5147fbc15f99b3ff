package client_test

import (
	"context"
	"errors"
	"net/http"
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

// TestOneOrder orders through middleware that passes the order on and answers instead of the mock. A
// program that follows the package comment gets exactly one order.
func TestOneOrder(t *testing.T) {
	t.Parallel()
	const html, json = "text/html", "application/json"
	redirect := func(status int) *http.Response {
		return &http.Response{StatusCode: status, Header: http.Header{"Location": {"/login"}}, Body: http.NoBody}
	}
	answers := map[string]func() *http.Response{
		"504 in the service's words": func() *http.Response { return response(504, json, envelope("gateway_timeout")) },
		"500 in the service's words": func() *http.Response { return response(500, json, envelope("internal_error")) },
		"503 in the service's words": func() *http.Response { return response(503, json, envelope("mock_capacity")) },
		"502 in HTML":                func() *http.Response { return response(502, html, badGateway) },
		"500 without a body":         func() *http.Response { return response(500, "", "") },
		"200 in HTML":                func() *http.Response { return response(200, html, "<title>Sign in</title>") },
		"200 that lists errors":      func() *http.Response { return response(200, json, envelope("access_denied")) },
		"201 that lists errors":      func() *http.Response { return response(201, json, envelope("access_denied")) },
		"201 of nothing":             func() *http.Response { return response(201, json, `{}`) },
		"202":                        func() *http.Response { return response(202, "", "") },
		"204":                        func() *http.Response { return response(204, "", "") },
		"302":                        func() *http.Response { return redirect(http.StatusFound) },
		"303":                        func() *http.Response { return redirect(http.StatusSeeOther) },
		"408":                        func() *http.Response { return response(408, json, envelope("request_timeout")) },
		"a broken connection":        nil, // by the mock
	}
	mock := mocktest.Start(t)
	for name, instead := range answers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := mock.For(t, strings.NewReplacer(" ", "-", "'", "").Replace(name))
			if instead == nil {
				account.Fail(t, mocktest.On("orderPkioOrganisationPerson").LoseAnswer().Times(0))
			}
			cc := mock.ClientFor(t, account.APIKey, certcentral.WithMiddleware(func(next certcentral.Doer) certcentral.Doer {
				return certcentral.DoerFunc(func(r *http.Request) (*http.Response, error) {
					resp, err := next.Do(r)
					if r.Method != http.MethodPost || instead == nil || err != nil {
						return resp, err
					}
					if resp.StatusCode != http.StatusCreated {
						t.Errorf("the mock answered with status %d", resp.StatusCode)
					}
					_ = resp.Body.Close()
					return instead(), nil
				})
			}))

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
			orders, err := account.Client.Orders.List(t.Context(), certcentral.OrderListOptions{})
			if err != nil || orders.Total != 1 || placed != 1 {
				t.Errorf("%d orders are there, %d were seen, %v", orders.Total, placed, err)
			}
		})
	}
}
