package client

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"iter"
	"math"
	"net/http"

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

// A listed is a list on the wire, with where in the whole list it says that it stands, if it does.
type listed[W any] struct {
	list W
	at   *standing
}

// A standing is the member page of a list. What is left out must not pass for zero: a list without it would look like an
// empty one, or like the last page.
type standing struct {
	Total  *int64 `json:"total"`
	Limit  *int32 `json:"limit"`
	Offset *int64 `json:"offset"`
}

// maxPage is how many items a page holds where the request does not say.
const maxPage = 1000

// standingOf is the standing of a list that came at once.
func standingOf(items int, limit api.Limit) *standing {
	return &standing{Total: new(int64(items)), Limit: &limit, Offset: new(int64(0))}
}

// UnmarshalJSON reads both from the same object.
func (l *listed[W]) UnmarshalJSON(b []byte) error {
	var object struct {
		Page *standing `json:"page"`
	}
	if err := json.Unmarshal(b, &object); err != nil {
		return err
	}
	l.at = object.Page
	return json.Unmarshal(b, &l.list)
}

// converted converts a list. It must be there, if only as an empty array: an answer of another kind must not pass for an
// empty list, from which a caller might conclude that an order was never placed.
func converted[W, T any](name string, items []W, convert func(W) (T, error)) ([]T, error) {
	if items == nil {
		return nil, missing(name)
	}
	out := make([]T, 0, len(items))
	for i, item := range items {
		v, err := convert(item)
		if err != nil {
			return nil, within(fmt.Sprintf("%s[%d]", name, i), err)
		}
		out = append(out, v)
	}
	return out, nil
}

// newPage converts the page of a list that was asked for from offset on. What it says about the whole list has to be there
// and to agree with the items, since a caller reads from it whether there are more.
func newPage[W, T any](name string, items []W, at *standing, offset int64, convert func(W) (T, error)) (Page[T], error) {
	converted, err := converted(name, items, convert)
	if err != nil {
		return Page[T]{}, err
	}
	switch {
	case at == nil:
		return Page[T]{}, missing("page")
	case at.Total == nil:
		return Page[T]{}, missing("page.total")
	case at.Limit == nil:
		return Page[T]{}, missing("page.limit")
	case at.Offset == nil:
		return Page[T]{}, missing("page.offset")
	}
	p := Page[T]{Items: converted, Total: *at.Total, Limit: int(*at.Limit), Offset: *at.Offset}
	n := int64(len(items))
	switch {
	case p.Offset != offset:
		return Page[T]{}, &wireError{"page.offset", fmt.Sprintf("is %d, not %d as asked for", p.Offset, offset)}
	case p.Total < 0:
		return Page[T]{}, &wireError{"page.total", "is negative"}
	case p.Limit < 0:
		return Page[T]{}, &wireError{"page.limit", "is negative"}
	case n > 0 && p.Total < offset+n:
		return Page[T]{}, &wireError{"page.total", fmt.Sprintf("is %d, less than the %d items up to here", p.Total, offset+n)}
	case p.Limit > 0 && n > int64(p.Limit): // an example of the vendor prints 0
		return Page[T]{}, &wireError{"page.limit", fmt.Sprintf("is %d, less than the %d items here", p.Limit, n)}
	case n == 0 && offset < p.Total:
		return Page[T]{}, &wireError{name, fmt.Sprintf("is empty at offset %d, short of the total of %d", offset, p.Total)}
	}
	return p, nil
}

// wholeList converts a list that comes without pages. Should one say nevertheless that it goes on, it is not the whole.
func wholeList[W, T any](name string, items []W, at *standing, convert func(W) (T, error)) ([]T, error) {
	out, err := converted(name, items, convert)
	if err != nil {
		return nil, err
	}
	if at != nil && at.Total != nil && *at.Total != int64(len(items)) {
		return nil, &wireError{"page.total", fmt.Sprintf("is %d, not the %d items here", *at.Total, len(items))}
	}
	return out, nil
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
		var (
			none T
			read = listing[T]{seed: maphash.MakeSeed(), seen: map[uint64]bool{}}
		)
		for next := offset; ; {
			page, err := list(next)
			if err != nil {
				yield(none, err)
				return
			}
			if note := read.add(page); note != "" {
				yield(none, &Error{Operation: op.id, StatusCode: http.StatusOK, Note: note})
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
			// No page is empty before the total is reached (newPage), so that this comes to an end.
			if next += int64(len(page.Items)); next >= page.Total {
				return
			}
		}
	}
}

// A listing is what has been read of a list: the total of the last page, and the hashes of all items, which take less
// memory than the items.
type listing[T any] struct {
	total int64
	seed  maphash.Seed
	seen  map[uint64]bool
}

// add says why a page cannot be the next one, or nothing. Items that are added or removed while a list is read move the
// others, so that some come twice or are missed. But a page that was promised and is empty, or that has only what came
// already, would end the list as if all had been seen.
func (read *listing[T]) add(p Page[T]) string {
	before, n, known := read.total, int64(len(p.Items)), int64(0)
	read.total = p.Total
	for _, item := range p.Items {
		text, err := json.Marshal(item)
		if err != nil {
			continue // counts as one that has not come yet
		}
		hash := maphash.Bytes(read.seed, text)
		if read.seen[hash] {
			known++
		}
		read.seen[hash] = true
	}
	switch {
	case n == 0 && p.Offset < before:
		return fmt.Sprintf("the page at offset %d is empty, since the total fell from %d to %d while the list was read",
			p.Offset, before, p.Total)
	case n > 0 && known == n && p.Total-before < n:
		return fmt.Sprintf("the page at offset %d repeats what came before it", p.Offset)
	default:
		return ""
	}
}
