package front

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
)

const (
	// ignoredHeader names the parts of the request that were ignored (D-36).
	ignoredHeader = "X-Mock-Ignored"
	// toleratedHeader names the parts in a form that the contract does not have and the mock accepts
	// (D-80).
	toleratedHeader = "X-Mock-Tolerated"

	maxNames = 1 << 10 // bytes of either
)

// writeRemarks says in the answer what of the request was ignored or tolerated.
func writeRemarks(header http.Header, remarks *contract.Remarks) {
	writeNames(header, ignoredHeader, remarks.Ignored)
	writeNames(header, toleratedHeader, remarks.Tolerated)
}

// writeNames writes a header with names, and +n for n more that don't fit.
func writeNames(header http.Header, key string, all contract.Names) {
	if all.None() {
		return
	}
	const room = len(", +1000000") // a body is too small for more
	var text strings.Builder
	more := all.More
	for i, name := range all.Names {
		if text.Len()+len(", ")+len(name)+room > maxNames {
			more += len(all.Names) - i
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
	header[key] = []string{text.String()}
}
