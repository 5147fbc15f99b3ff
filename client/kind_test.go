package client_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// kindsOf returns the kinds of an error, sorted and without "Err".
func kindsOf(err error) string {
	var names []string
	for name, kind := range kinds {
		if errors.Is(err, kind) {
			names = append(names, strings.TrimPrefix(name, "Err"))
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// TestKindsOfErrors is the table of the package comment: a fault of the mock, the kinds of the error
// that a reading and an order get, whether a reading is repeated, and how many orders there are.
func TestKindsOfErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name         string
		fault        mocktest.Fault
		read, change string // the kinds
		repeated     bool
		orders       int64
	}{
		{"400", mocktest.On().Respond(400), "InvalidRequest", "InvalidRequest", false, 0},
		{"401", mocktest.On().Respond(401), "Unauthorized", "Unauthorized", false, 0},
		{"a wrong key", mocktest.On().Catalogue("access_denied|access_denied_invalid_key"), "Unauthorized", "Unauthorized", false, 0},
		{"403", mocktest.On().Respond(403), "Forbidden", "Forbidden", false, 0},
		{"404", mocktest.On().Respond(404), "NotFound", "NotFound", false, 0},
		{"405", mocktest.On().Respond(405), "", "", false, 0},
		{"408", mocktest.On().Respond(408), "", "OutcomeUnknown", true, 0},
		{"409", mocktest.On().Respond(409), "", "", false, 0},
		{"413", mocktest.On().Respond(413), "InvalidRequest", "InvalidRequest", false, 0},
		{"429", mocktest.On().Respond(429), "RateLimited", "RateLimited", true, 0},
		{"500", mocktest.On().Respond(500), "Unavailable", "OutcomeUnknown Unavailable", true, 0},
		{"501", mocktest.On().Respond(501), "Unavailable", "OutcomeUnknown Unavailable", false, 0},
		{"502", mocktest.On().Respond(502), "Unavailable", "OutcomeUnknown Unavailable", true, 0},
		{"502 in HTML", mocktest.On().Catalogue("html_502"), "Unavailable", "OutcomeUnknown Unavailable", true, 0},
		{"503", mocktest.On().Respond(503), "Unavailable", "OutcomeUnknown Unavailable", true, 0},
		{"504", mocktest.On().Respond(504), "Unavailable", "OutcomeUnknown Unavailable", true, 0},
		{"202", mocktest.On().Respond(202), "", "OutcomeUnknown", false, 0},
		{"a lost answer", mocktest.On().LoseAnswer(), "NotAnswered", "OutcomeUnknown", true, 1},
		{"cut before the headers", mocktest.On().Cut("before_headers"), "NotAnswered", "OutcomeUnknown", true, 0},
		{"cut in the headers", mocktest.On().Cut("in_headers"), "NotAnswered", "OutcomeUnknown", true, 1},
		{"cut in the body", mocktest.On().Cut("in_body"), "NotAnswered", "OutcomeUnknown", true, 1},
		{"reset", mocktest.On().Cut("reset"), "NotAnswered", "OutcomeUnknown", true, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			mock := mocktest.Start(t)
			// Each request has its own connection: on one that is kept alive net/http repeats some
			// readings by itself.
			once := certcentral.WithHTTPClient(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}})
			cc := mock.ClientFor(t, mock.APIKey, once)
			patient := certcentral.WithoutWaits(mock.ClientFor(t, mock.APIKey, once, certcentral.WithRetries(3)))

			rule := mock.Fail(t, tt.fault.Times(1))
			_, err := cc.Orders.List(t.Context(), certcentral.OrderListOptions{})
			if got := kindsOf(err); err == nil || got != tt.read || rule.Hits(t) != 1 {
				t.Errorf("a reading: %v, of the kinds %q, want %q; %d hits", err, got, tt.read, rule.Hits(t))
			}
			mock.Fail(t, tt.fault.Times(2))
			if _, err := patient.Orders.List(t.Context(), certcentral.OrderListOptions{}); (err == nil) != tt.repeated {
				t.Errorf("a reading with retries: %v", err)
			}
			mock.ClearFaults(t)

			rule = mock.Fail(t, tt.fault.Times(1))
			_, err = patient.Orders.PlacePKIoOrganisationPerson(t.Context(), exampleOrder())
			if got := kindsOf(err); err == nil || got != tt.change || rule.Hits(t) != 1 {
				t.Errorf("an order: %v, of the kinds %q, want %q", err, got, tt.change)
			}
			page, err := cc.Orders.List(t.Context(), certcentral.OrderListOptions{})
			if err != nil || page.Total != tt.orders {
				t.Errorf("%d orders, want %d; %v", page.Total, tt.orders, err)
			}
		})
	}
}

// TestKindsWithoutAConnection calls servers that cannot be reached.
func TestKindsWithoutAConnection(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	for _, tt := range []struct {
		name, baseURL string
		attempts      int // of a reading with two retries
	}{
		{"no server listens", gone.URL, 3},
		{"the certificate is not trusted", secure.URL, 1},
		{"the server has no TLS", strings.Replace(plain.URL, "http:", "https:", 1), 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := certcentral.WithoutWaits(newClient(t, certcentral.WithBaseURL(tt.baseURL), certcentral.WithRetries(2)))
			_, read := c.Orders.Get(t.Context(), 1)
			_, order := c.Orders.PlacePKIoOrganisationPerson(t.Context(), simpleOrder())
			if kindsOf(read) != "NotAnswered" || kindsOf(order) != "NotAnswered" {
				t.Errorf("the kinds are %q and %q of %v and %v", kindsOf(read), kindsOf(order), read, order)
			}
			if e, ok := errors.AsType[*certcentral.Error](read); !ok || e.Attempts != tt.attempts {
				t.Errorf("got %v, want %d attempts", read, tt.attempts)
			}
			if e, ok := errors.AsType[*certcentral.Error](order); !ok || e.Attempts != 1 {
				t.Errorf("got %v, want one attempt", order)
			}
		})
	}
}

// TestServerIsGone stops the server of a connection that was kept alive. The order was not sent.
func TestServerIsGone(t *testing.T) {
	t.Parallel()
	mock, err := mockserver.New()
	if err != nil {
		t.Fatal(err)
	}
	if err := mock.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	c := newClient(t, certcentral.WithBaseURL(mock.BaseURL()))
	if _, err := c.Finance.GetBalance(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := mock.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = c.Orders.PlacePKIoOrganisationPerson(t.Context(), simpleOrder())
	// Whether net/http has noticed the end of the connection by now is chance. If it has not, it
	// writes the order into the void.
	if got := kindsOf(err); got != "NotAnswered" && got != "OutcomeUnknown" {
		t.Errorf("%v is of the kinds %q", err, got)
	}
	_, err = c.Orders.PlacePKIoOrganisationPerson(t.Context(), simpleOrder())
	if got := kindsOf(err); got != "NotAnswered" {
		t.Errorf("%v is of the kinds %q", err, got)
	}
}

// TestTimeLimits ends the time of an attempt and the time of a context while the mock is slow.
func TestTimeLimits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := 0 // how many of the next requests get no answer
		cc := newClient(t, certcentral.WithRetries(1), certcentral.WithHTTPClient(&http.Client{
			Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				if slow == 0 {
					return response(200, "application/json", `{"balance":"1.00"}`), nil
				}
				slow--
				<-r.Context().Done()
				return nil, r.Context().Err()
			}),
		}))
		limit := certcentral.WithRequestTimeout(time.Second) // the second attempt has the same time
		slow = 1
		if _, err := cc.Finance.GetBalance(t.Context(), limit); err != nil {
			t.Errorf("a slow answer, and then a quick one: %v", err)
		}
		slow = 1
		_, err := cc.Orders.PlacePKIoOrganisationPerson(t.Context(), exampleOrder(), limit)
		if kindsOf(err) != "OutcomeUnknown" || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("an order: %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		slow = 1
		_, err = cc.Finance.GetBalance(ctx)
		if e, ok := errors.AsType[*certcentral.Error](err); !ok || e.Attempts != 1 || kindsOf(err) != "NotAnswered" || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the context has ended: %#v", err)
		}
	})
}
