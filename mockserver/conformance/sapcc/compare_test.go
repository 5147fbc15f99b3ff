package sapcc

import (
	"encoding/json"
	"errors"
	"testing"

	foreign "github.com/sapcc/go-certcentral"
)

func wantError(t *testing.T, err error, want foreign.Error) {
	t.Helper()
	var got *foreign.Error
	if !errors.As(err, &got) {
		t.Fatalf("error is %v, want one of the client", err)
	}
	if *got != want {
		t.Errorf("error is\n%+v, want\n%+v", *got, want)
	}
}

// wantEqual compares two values in the form of decoded JSON, so that a difference is easy to read.
func wantEqual(t *testing.T, what string, got, want any) {
	t.Helper()
	gotJSON, wantJSON := indented(t, got), indented(t, want)
	if gotJSON != wantJSON {
		t.Errorf("%s is\n%s\nwant\n%s", what, gotJSON, wantJSON)
	}
}

func indented(t *testing.T, value any) string {
	t.Helper()
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
