package contract

import (
	"slices"
	"strconv"
	"testing"
)

// TestRefuseAll: an error has at most a hundred violations, and then the number of the others.
func TestRefuseAll(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		found, more int
		kept        int
		left        string // the message of the last violation, if there are others
	}{
		{1, 0, 1, ""},
		{100, 0, 100, ""},
		{101, 0, 100, "1 more errors are left out"},
		{250, 0, 100, "150 more errors are left out"},
		{3, 1, 3, "1 more errors are left out"},
		{102, 5, 100, "7 more errors are left out"},
	} {
		var list, want []Violation
		for i := range tc.found {
			list = append(list, Violation{Code: strconv.Itoa(i)})
		}
		want = slices.Clone(list[:tc.kept])
		if tc.left != "" {
			want = append(want, Violation{Code: "too_many_errors", Message: tc.left})
		}
		if got := refuseAll(list, tc.more); got.Status != 400 || !slices.Equal(got.List, want) {
			t.Errorf("%d violations and %d more: status %d, %d violations, the last one %v", tc.found, tc.more, got.Status, len(got.List), got.List[len(got.List)-1])
		}
	}
}
