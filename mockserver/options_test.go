package mockserver_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver"
)

// TestValues: the lists of values are those of the control API's contract, and every option takes
// all of its list.
func TestValues(t *testing.T) {
	t.Parallel()
	var contract struct {
		Components struct {
			Schemas map[string]struct {
				Enum []string `json:"enum"`
			} `json:"schemas"`
		} `json:"components"`
	}
	text, err := os.ReadFile(filepath.Join("..", "gen", "spec", "control.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &contract); err != nil {
		t.Fatal(err)
	}
	var approvals, lives []string
	for _, approval := range mockserver.Approvals() {
		approvals = append(approvals, string(approval))
		if err := mockserver.Validate(mockserver.WithApproval(approval)); err != nil {
			t.Error(err)
		}
	}
	for _, life := range mockserver.Lives() {
		lives = append(lives, string(life))
		if err := mockserver.Validate(mockserver.WithLife(life)); err != nil {
			t.Error(err)
		}
	}
	var validations []string
	for _, validation := range mockserver.Validations() {
		validations = append(validations, string(validation))
		if err := mockserver.Validate(mockserver.WithValidation(validation)); err != nil {
			t.Error(err)
		}
	}
	for name, values := range map[string][]string{"ApprovalMode": approvals, "Life": lives, "ValidationMode": validations} {
		want := contract.Components.Schemas[name].Enum
		slices.Sort(want)
		slices.Sort(values)
		if !slices.Equal(values, want) {
			t.Errorf("%s has %q, and the contract %q", name, values, want)
		}
	}
	for _, kind := range mockserver.KeyKinds() {
		_, err := mockserver.NewCA(mockserver.CAKey(kind))
		if err := errors.Join(err, mockserver.Validate(mockserver.WithTokenKey(kind))); err != nil {
			t.Error(err)
		}
	}
	for _, preset := range mockserver.Presets() {
		if _, err := mockserver.NewCA(mockserver.CAPreset(preset)); err != nil {
			t.Error(err)
		}
	}
	for name, err := range map[string]error{
		"approval": mockserver.Validate(mockserver.WithApproval("ON")), "life": mockserver.Validate(mockserver.WithLife("")),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), "mockserver: "+name+": must be one of [") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
