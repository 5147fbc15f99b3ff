package transport

import (
	"context"
	"strings"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// list reads a page of a list in one transaction, and converts its entities to the items of the answer.
func list[E, Item any](
	ctx context.Context, a *API, page domain.Page, read func(domain.Reader) ([]E, int), itemOf func(domain.Reader, E) Item,
) (items []Item, out api.Page, err error) {
	err = a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		entities, total := read(r)
		items = make([]Item, len(entities))
		for i := range entities {
			items[i] = itemOf(r, entities[i])
		}
		out = pageOut(page, total)
		return nil
	})
	return items, out, err
}

// sortKeys reads the parameter sort. The contract has checked the names of the keys.
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

// defaultLimit is the length of a page without the parameter limit (D-39).
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
