package client_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// TestAPIKeySource rotates the key between two attempts of a call.
func TestAPIKeySource(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	mock.Fail(t, mocktest.On("getBalance").Respond(503))
	type given struct{}
	asked := 0
	var sent []string
	cc, err := certcentral.New(
		certcentral.WithBaseURL(mock.BaseURL), certcentral.WithRetries(1),
		certcentral.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			sent = append(sent, r.Header.Get("X-DC-DEVKEY"))
			return newTransport(t).RoundTrip(r)
		})}),
		certcentral.WithAPIKeySource(func(ctx context.Context) (string, error) {
			if ctx.Value(given{}) != true {
				t.Error("the source got another context")
			}
			asked++
			return []string{mock.APIKey, "the-next-key"}[asked-1], nil
		}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := certcentral.WithoutWaits(cc).Finance.GetBalance(context.WithValue(t.Context(), given{}, true)); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(sent, []string{mock.APIKey, "the-next-key"}) {
		t.Errorf("sent the keys %q", sent)
	}
}

// TestAPIKeySourceFails uses sources without a usable key: nothing is sent, and nothing is retried.
func TestAPIKeySourceFails(t *testing.T) {
	t.Parallel()
	sealed := errors.New("the store is sealed")
	for name, tt := range map[string]struct {
		key  string
		err  error
		want string
	}{
		"an error":          {"", sealed, "getBalance: the source of the API key failed: the store is sealed"},
		"no key":            {"", nil, "getBalance: the source of the API key returned no key"},
		"a newline":         {testKey + "\n", nil, "getBalance: the API key of the source begins or ends with white space"},
		"an error with key": {testKey, errors.New("refused: " + testKey), "getBalance: the source of the API key failed: refused: [redacted]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			c, err := certcentral.New(certcentral.WithRetries(3), certcentral.WithBaseURL("https://service.example"),
				certcentral.WithHTTPClient(&http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
					t.Error("a request was sent")
					return nil, errors.New("sent")
				})}),
				certcentral.WithAPIKeySource(func(context.Context) (string, error) {
					asked++
					return tt.key, tt.err
				}))
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Finance.GetBalance(t.Context())
			if err == nil || err.Error() != tt.want || !errors.Is(err, certcentral.ErrNotAnswered) || asked != 1 {
				t.Errorf("asked %d times: %v; want %s", asked, err, tt.want)
			}
			if tt.err != nil && !errors.Is(err, tt.err) {
				t.Error("the error of the source is not wrapped")
			}
			checkRedacted(t, err, testKey)
			_, err = c.Orders.PlacePKIoOrganisationPerson(t.Context(), simpleOrder())
			if errors.Is(err, certcentral.ErrOutcomeUnknown) || !errors.Is(err, certcentral.ErrNotAnswered) {
				t.Errorf("an order: %v", err)
			}
		})
	}
}

// TestKeyOfTheSourceIsRedacted repeats the key in an answer.
func TestKeyOfTheSourceIsRedacted(t *testing.T) {
	t.Parallel()
	c, err := certcentral.New(
		certcentral.WithAPIKeySource(func(context.Context) (string, error) { return testKey, nil }),
		certcentral.WithHTTPClient(&http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			return response(400, "application/json", envelope("invalid|"+testKey)), nil
		})}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Finance.GetBalance(t.Context())
	checkRedacted(t, err, testKey)
}
