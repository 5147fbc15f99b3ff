package transport

import (
	"strings"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// sortKeys reads a list of keys, whose names the contract has checked.
func sortKeys(text string) []domain.SortKey {
	if text == "" {
		return nil
	}
	var keys []domain.SortKey
	for key := range strings.SplitSeq(text, ",") {
		name, descending := strings.CutPrefix(key, "-")
		keys = append(keys, domain.SortKey{Name: strings.TrimLeft(name, "+ "), Descending: descending})
	}
	return keys
}
