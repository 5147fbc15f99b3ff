package front

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
)

// ignoredHeader names the parts of a request that the mock ignored (D-36).
const ignoredHeader = "X-Mock-Ignored"

const maxIgnoredHeader = 1 << 10 // bytes

// writeIgnored says in the answer what of the request was ignored: the names, and +n for n more
// that don't fit.
func writeIgnored(header http.Header, ignored contract.Ignored) {
	if ignored.None() {
		return
	}
	const room = len(", +1000000") // a body is too small for more
	var text strings.Builder
	more := ignored.More
	for i, name := range ignored.Names {
		if text.Len()+len(", ")+len(name)+room > maxIgnoredHeader {
			more += len(ignored.Names) - i
			break
		}
		if i > 0 {
			text.WriteString(", ")
		}
		text.WriteString(name)
	}
	if more > 0 {
		text.WriteString(", +" + strconv.Itoa(more))
	}
	header[ignoredHeader] = []string{text.String()}
}
