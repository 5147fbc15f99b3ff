package transport

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/bundle"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func TestPrefersCSV(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]bool{
		"":                                 false,
		"text/csv":                         true,
		"Text/CSV; charset=utf-8":          true,
		"text/csv, application/json":       false,
		"application/json, text/csv":       false,
		"text/csv;q=0.5, application/json": false,
		"text/csv, application/json;q=0.9": true,
		"text/csv;q=0":                     false,
		"text/csv;q=0.1":                   true,
		"*/*":                              false,
		"text/*":                           false,
		"text/csv, */*":                    false,
		"text/csv;q=0.9, */*":              false,
		"text/csv;q=0.5, */*;q=0.1":        true,
		"text/csv;q=0.5, */*, application/*;q=0.2":                    true,
		"text/csv;q=0.5, application/json;q=0.6, application/*;q=0.2": false,
		"text/csv;q=2":        false,
		"text/csv;q=x":        false,
		"text/csv;q=NaN":      false,
		"text/csv;;, nothing": false,
		"application/json":    false,
	} {
		if got := prefersCSV([]string{accept}); got != want {
			t.Errorf("%q: got %v", accept, got)
		}
	}
	if !prefersCSV([]string{"application/json;q=0.5", "text/csv"}) {
		t.Error("two headers: got JSON")
	}
}

func TestParseSpan(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-11-23":                "2026-11-23T07:00:00Z 2026-11-24T07:00:00Z",
		"2026-11-01":                "2026-11-01T06:00:00Z 2026-11-02T07:00:00Z", // the clocks go back
		"2026-03-08":                "2026-03-08T07:00:00Z 2026-03-09T06:00:00Z", // and forth
		"2028-02-29":                "2028-02-29T07:00:00Z 2028-03-01T07:00:00Z",
		"2026-11-23 10:00":          "2026-11-23T17:00:00Z 2026-11-23T17:00:01Z",
		"2026-11-23+10:00:30":       "2026-11-23T17:00:30Z 2026-11-23T17:00:31Z",
		"2026-11-23T10:00:30":       "2026-11-23T17:00:30Z 2026-11-23T17:00:31Z",
		"2026-11-23T10:00Z":         "2026-11-23T10:00:00Z 2026-11-23T10:00:01Z",
		"2026-11-23T10:00:30+01:00": "2026-11-23T09:00:30Z 2026-11-23T09:00:31Z",
		"2026-11-23 10:00-05:30":    "2026-11-23T15:30:00Z 2026-11-23T15:30:01Z",
		"2026-02-29":                "",
		"2026-02-31":                "",
		"2026-02-31T10:00":          "",
		"2026-11-23T10:00+99:99":    "",
		"2026-11-31 10:00:00Z":      "",
		"":                          "",
	} {
		got := ""
		if span, ok := parseSpan(text, mountainTime()); ok {
			got = span.from.UTC().Format(time.RFC3339) + " " + span.to.UTC().Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestWindows(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-11-01...2026-11-07":                            "", // seven days, and an hour for the clocks
		"2026-11-01...2026-11-08":                            "time_frame_too_long",
		"2026-03-05...2026-03-11":                            "",
		"2026-11-02T10:00...2026-11-09T10:00":                "",
		"2026-11-02T10:00...2026-11-09T10:00:01":             "time_frame_too_long",
		"2026-11-02 10:00...2026-11-08":                      "",
		"2026-11-02 10:00...2026-11-09":                      "time_frame_too_long",
		"2026-11-02T10:00Z...2026-11-09T12:00+02:00":         "",
		"2026-11-02T10:00Z...2026-11-09T12:00:01+02:00":      "time_frame_too_long",
		"2026-11-02...2026-11-02":                            "",
		"2026-11-02...2026-11-01":                            "invalid_field",
		"2026-11-02T10:00...2026-11-02":                      "invalid_field",
		"2026-11-02T10:00...2026-11-02T09:59:59":             "invalid_field",
		"2026-11-02T10:00:00+00:00...2026-11-02T10:00+01:00": "invalid_field",
		"2026-11-02...2026-11-31":                            "invalid_field",
		"2026-02-30...2026-03-01":                            "invalid_field",
	} {
		_, err := parseWindow(text, mountainTime())
		got := ""
		if refusal, ok := errors.AsType[*domain.Error](err); ok {
			got = refusal.Code
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestWriteCSV(t *testing.T) {
	t.Parallel()
	years := int32(2)
	processor := api.UserRef{ID: 7, LastName: `Ad"a`}
	orders := []api.OrderSummary{
		{ID: 1, Price: 300, Certificate: api.CertificateSummary{CommonName: "Doe, John", CertValidity: api.Validity{Years: &years}}},
		{ID: 2, Price: 650.5, Status: api.OrderStatusPending},
	}
	if got := read(t, writeCSV(orders)); !strings.HasPrefix(got, "id,") || !strings.Contains(got, "\n1,") || !strings.Contains(got, `,"Doe, John",`) {
		t.Errorf("orders:\n%s", got)
	}
	if got := read(t, writeCSV([]api.ApprovalRequest{{ID: 1, Processor: &processor}, {ID: 2}})); !strings.Contains(got, `"Ad""a"`) {
		t.Errorf("requests:\n%s", got)
	}
	if got := read(t, writeCSV([]api.User(nil))); strings.Count(got, "\n") != 1 || strings.Contains(got, "access_roles") {
		t.Errorf("no users:\n%s", got)
	}
}

func read(t *testing.T, body bundle.Content) string {
	t.Helper()
	text, err := io.ReadAll(body.Body)
	if err != nil || int64(len(text)) != body.ContentLength {
		t.Errorf("%d bytes, not %d: %v", len(text), body.ContentLength, err)
	}
	return string(text)
}

// TestIssuedFindsExpired checks that the filter for issued orders also finds expired ones, and that no other
// filter does (certcentral-facts 5.2).
func TestIssuedFindsExpired(t *testing.T) {
	t.Parallel()
	for _, status := range []api.OrderStatusFilter{api.OrderStatusFilterIssued, api.OrderStatusFilterPending, api.OrderStatusFilterRevoked} {
		filters, err := orderFilters(api.ListOrdersParams{FiltersStatus: []api.OrderStatusFilter{status}})
		if err != nil || len(filters) != 1 {
			t.Fatalf("%s: %+v, %v", status, filters, err)
		}
		filter := &filters[0]
		if !filter.HasText(string(status)) || filter.HasText("expired") != (status == api.OrderStatusFilterIssued) {
			t.Errorf("%s: %+v", status, filter)
		}
	}
}
