package front

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
)

// TestWriteIgnored pins the form of the header, and that it stays within 1 KiB.
func TestWriteIgnored(t *testing.T) {
	t.Parallel()
	long := make([]string, 20)
	for i := range long {
		long[i] = fmt.Sprintf("organization.contacts[%d].%s", i, strings.Repeat("x", 64))
	}
	for name, tc := range map[string]struct {
		ignored contract.Names
		want    string // a prefix
		more    int
	}{
		"nothing":   {contract.Names{}, "", 0},
		"one":       {contract.Names{Names: []string{"a"}}, "a", 0},
		"two":       {contract.Names{Names: []string{"a", "b.c"}}, "a, b.c", 0},
		"more":      {contract.Names{Names: []string{"a", "b"}, More: 7}, "a, b, +7", 7},
		"very long": {contract.Names{Names: long, More: 1 << 19}, long[0] + ", " + long[1] + ", ", 1<<19 + 10},
	} {
		header := http.Header{}
		writeRemarks(header, &contract.Remarks{Ignored: tc.ignored})
		got := header.Get("X-Mock-Ignored")
		if (tc.want == "") != (len(header) == 0) || !strings.HasPrefix(got, tc.want) || len(got) > 1<<10 {
			t.Errorf("%s: got %q", name, got)
		}
		if tc.more > 0 {
			names := strings.Split(got, ", ")
			told, _ := strconv.Atoi(strings.TrimPrefix(names[len(names)-1], "+"))
			if len(names)-1+told != len(tc.ignored.Names)+tc.ignored.More {
				t.Errorf("%s: %d names and +%d", name, len(names)-1, told)
			}
		}
	}
}
