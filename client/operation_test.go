package client_test

import (
	"slices"
	"testing"

	"github.com/pkio-tools/certcentral/gen/spec"
)

// TestReadsAreComplete checks that reads has every operation of the contract whose answer is JSON.
// Without this, a new operation could lose a member of its answer and no test would fail.
func TestReadsAreComplete(t *testing.T) {
	t.Parallel()
	doc, err := spec.Load(spec.CertCentralJSON)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range doc.Paths.Map() {
		for _, op := range path.Operations() {
			for _, status := range []int{200, 201} {
				response := op.Responses.Status(status)
				if response == nil || response.Value.Content["application/json"] == nil {
					continue
				}
				if !slices.ContainsFunc(reads, func(r reading) bool { return r.operation == op.OperationID }) {
					t.Errorf("%s is answered with JSON; add it to reads in harness_test.go", op.OperationID)
				}
			}
		}
	}
}
