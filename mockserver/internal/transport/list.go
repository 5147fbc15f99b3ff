package transport

import (
	"strings"

	"github.com/pkio-tools/certcentral/gen/api"
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

// The bounds of a page when the request names none (D-39).
const defaultLimit = 1000

func pageFrom(limit *api.Limit, offset *api.Offset) domain.Page {
	page := domain.Page{Limit: defaultLimit}
	if limit != nil {
		page.Limit = int(*limit)
	}
	if offset != nil {
		page.Offset = int(*offset)
	}
	return page
}

func pageOut(page domain.Page, total int) api.Page {
	return api.Page{Limit: int32(page.Limit), Offset: int64(page.Offset), Total: int64(total)} //nolint:gosec // the contract bounds the limit at 1000
}
