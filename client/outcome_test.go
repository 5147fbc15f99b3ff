package client_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// TestOutcomeUnknown breaks the connection at several points of a call.
func TestOutcomeUnknown(t *testing.T) {
	t.Parallel()
	place := func(ctx context.Context, c *certcentral.Client) error {
		_, err := c.Orders.PlacePKIoOrganisationPerson(ctx, simpleOrder())
		return err
	}
	check := func(t *testing.T, err error, status int, unknown bool) {
		t.Helper()
		var e *certcentral.Error
		if !errors.As(err, &e) || e.StatusCode != status || errors.Is(err, certcentral.ErrOutcomeUnknown) != unknown {
			t.Errorf("got %v, want status %d and outcome unknown: %t", err, status, unknown)
		}
		if errors.Unwrap(err) == nil {
			t.Error("the error has no cause")
		}
	}

	t.Run("no server listens", func(t *testing.T) {
		t.Parallel()
		srv := httptest.NewServer(http.NotFoundHandler())
		srv.Close()
		check(t, place(t.Context(), newClient(t, certcentral.WithBaseURL(srv.URL))), 0, false)
	})
	t.Run("the certificate is not trusted", func(t *testing.T) {
		t.Parallel()
		srv := httptest.NewUnstartedServer(http.NotFoundHandler())
		srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
		srv.StartTLS()
		t.Cleanup(srv.Close)
		check(t, place(t.Context(), newClient(t, certcentral.WithBaseURL(srv.URL))), 0, false)
	})
	t.Run("the context has ended", func(t *testing.T) {
		t.Parallel()
		c, s := start(t, answerJSON(201, `{"id":1}`))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := place(ctx, c)
		check(t, err, 0, false)
		if !errors.Is(err, context.Canceled) || len(s.all()) != 0 {
			t.Errorf("got %v and %d requests", err, len(s.all()))
		}
	})
	t.Run("the connection breaks before an answer", func(t *testing.T) {
		t.Parallel()
		c, s := start(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
		err := place(t.Context(), c)
		check(t, err, 0, true)
		s.only(t) // net/http repeats some requests itself, but not this one
		if !strings.HasPrefix(err.Error(), "orderPkioOrganisationPerson: ") ||
			!strings.HasSuffix(err.Error(), "; the outcome is unknown") {
			t.Errorf("error text: %s", err)
		}
	})
	t.Run("the connection was kept alive, and breaks", func(t *testing.T) {
		t.Parallel()
		calls := 0
		c, s := start(t, func(w http.ResponseWriter, r *http.Request) {
			calls++
			if calls > 1 {
				panic(http.ErrAbortHandler)
			}
			answerJSON(201, `{"id":1}`)(w, r)
		})
		if err := place(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		check(t, place(t.Context(), c), 0, true)
		if n := len(s.all()); n != 2 {
			t.Errorf("%d requests for two calls", n)
		}
	})
	t.Run("the answer takes too long", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		c, _ := start(t, func(_ http.ResponseWriter, r *http.Request) {
			cancel()
			<-r.Context().Done()
		})
		err := place(ctx, c)
		check(t, err, 0, true)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("the HTTP client's timeout", func(t *testing.T) {
		t.Parallel()
		_, s := start(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		c := newClient(t, certcentral.WithBaseURL(s.url), certcentral.WithHTTPClient(&http.Client{
			Transport: newTransport(t), Timeout: 50 * time.Millisecond,
		}))
		err := place(t.Context(), c)
		check(t, err, 0, true)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("the answer breaks off", func(t *testing.T) {
		t.Parallel()
		c, _ := start(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "100")
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, `{"id":8436`)
		})
		err := place(t.Context(), c)
		check(t, err, 201, true)
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a transport that tells nothing", func(t *testing.T) {
		t.Parallel()
		broken := errors.New("broken")
		c := newClient(t, certcentral.WithHTTPClient(&http.Client{
			Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, broken }),
		}))
		err := place(t.Context(), c)
		check(t, err, 0, true)
		if !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
		_, err = c.Orders.Get(t.Context(), 1)
		check(t, err, 0, false)
		_, err = c.Organizations.Create(t.Context(), certcentral.OrganizationCreateRequest{})
		check(t, err, 0, true)
		check(t, c.Organizations.SubmitForValidation(t.Context(), 1, nil), 0, true)
		_, err = c.Users.Create(t.Context(), certcentral.UserCreateRequest{})
		check(t, err, 0, true)
		_, err = c.Orders.AddNote(t.Context(), 1, "text")
		check(t, err, 0, true)
		check(t, c.Orders.Cancel(t.Context(), 1, "why"), 0, true)
	})
}
