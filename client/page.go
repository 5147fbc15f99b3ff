package client

import (
	"context"
	"fmt"
	"iter"
	"math"

	"github.com/pkio-tools/certcentral/gen/api"
)

// A Page is part of a list.
type Page[T any] struct {
	// Items are the items of this page.
	Items []T
	// Total is how many items there are on all pages.
	Total int64
	// Limit is how many items a page holds at most, as the service says.
	Limit int
	// Offset is how many items come before this page, as the service says.
	Offset int64
}

// newPage converts a page. The items must be there, if only as an empty array: an answer of another kind must not pass
// for an empty list, from which a caller might conclude that an order was never placed.
func newPage[W, T any](name string, items []W, page api.Page, convert func(W) (T, error)) (Page[T], error) {
	if items == nil {
		return Page[T]{}, missing(name)
	}
	p := Page[T]{Items: make([]T, 0, len(items)), Total: page.Total, Limit: int(page.Limit), Offset: page.Offset}
	for i, item := range items {
		v, err := convert(item)
		if err != nil {
			return Page[T]{}, within(fmt.Sprintf("%s[%d]", name, i), err)
		}
		p.Items = append(p.Items, v)
	}
	return p, nil
}

// pageParams checks and converts the members that every list takes. Zero stands for the service's own default.
func pageParams(limit int, offset int64) (*api.Limit, *api.Offset, error) {
	if limit < 0 || limit > math.MaxInt32 {
		return nil, nil, &ArgumentError{Path: "limit", Reason: "must not be negative or huge"}
	}
	if offset < 0 {
		return nil, nil, &ArgumentError{Path: "offset", Reason: "must not be negative"}
	}
	return optional(api.Limit(limit)), optional(offset), nil
}

// all iterates over a list from offset on, page by page. It stops after the first error.
func all[T any](
	ctx context.Context, op operation, offset int64, list func(offset int64) (Page[T], error),
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for next := offset; ; {
			page, err := list(next)
			if err != nil {
				yield(none, err)
				return
			}
			if note := stalled(page, next); note != "" {
				yield(none, &Error{Operation: op.id, StatusCode: 200, Note: note})
				return
			}
			for _, item := range page.Items {
				if err := ctx.Err(); err != nil {
					yield(none, &Error{Operation: op.id, cause: err})
					return
				}
				if !yield(item, nil) {
					return
				}
			}
			if next += int64(len(page.Items)); next >= page.Total {
				return
			}
		}
	}
}

// stalled says why the pages lead nowhere, or nothing if they do lead on. A service that repeats a page, or ends short
// of its own total, would have its reader ask for ever, or miss items without knowing.
func stalled[T any](page Page[T], asked int64) string {
	switch {
	case page.Offset != asked:
		return fmt.Sprintf("the service was asked for offset %d and answered with offset %d", asked, page.Offset)
	case len(page.Items) == 0 && asked < page.Total:
		return fmt.Sprintf("the page at offset %d is empty, short of the total of %d", asked, page.Total)
	default:
		return ""
	}
}

// optional returns nil for the zero value, which stands for a member that is left out, and else a pointer to v.
func optional[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// value returns what a member holds, or the zero value if it was left out.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
