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

// A Page is one page of a list.
type Page[T any] struct {
	// Items are the items of this page.
	Items []T
	// Total is the number of items on all pages.
	Total int64
	// Limit is the largest number of items on a page, as the service reports it.
	Limit int
	// Offset is the number of items before this page, as the service reports it.
	Offset int64
}

// A listAnswer is a list on the wire, with its member page, which is nil if the answer has none.
type listAnswer[W any] struct {
	list W
	page *pageInfo
}

// A pageInfo is the member page of a list. Its members are pointers, since a missing member must
// not be read as zero: the list would look empty, or this page like the last one.
type pageInfo struct {
	Total  *int64 `json:"total"`
	Limit  *int32 `json:"limit"`
	Offset *int64 `json:"offset"`
}

// maxPage is the number of items on a page if the request gives no limit.
const maxPage = 1000

// onlyPage returns the pageInfo of a list that has only one page.
func onlyPage(items int, limit api.Limit) *pageInfo {
	return &pageInfo{Total: new(int64(items)), Limit: &limit, Offset: new(int64(0))}
}

// UnmarshalJSON reads the list and the member page from the same object.
func (l *listAnswer[W]) UnmarshalJSON(b []byte) error {
	var object struct {
		Page *pageInfo `json:"page"`
	}
	if err := json.Unmarshal(b, &object); err != nil {
		return err
	}
	l.page = object.Page
	return json.Unmarshal(b, &l.list)
}

// converted converts the items of a list. The member must exist, even if the array is empty.
// Otherwise any other answer would be read as an empty list, and the caller might conclude that an
// order was never placed.
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

// newPage converts a page that was requested from offset on. Its total, limit and offset must be
// present and agree with its items, since callers derive from them whether more pages follow.
func newPage[W, T any](name string, items []W, info *pageInfo, offset int64, convert func(W) (T, error)) (Page[T], error) {
	converted, err := converted(name, items, convert)
	if err != nil {
		return Page[T]{}, err
	}
	switch {
	case info == nil:
		return Page[T]{}, missing("page")
	case info.Total == nil:
		return Page[T]{}, missing("page.total")
	case info.Limit == nil:
		return Page[T]{}, missing("page.limit")
	case info.Offset == nil:
		return Page[T]{}, missing("page.offset")
	}
	p := Page[T]{Items: converted, Total: *info.Total, Limit: int(*info.Limit), Offset: *info.Offset}
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
	case p.Limit > 0 && n > int64(p.Limit): // the limit is 0 in an example of the vendor
		return Page[T]{}, &wireError{"page.limit", fmt.Sprintf("is %d, less than the %d items here", p.Limit, n)}
	case n == 0 && offset < p.Total:
		return Page[T]{}, &wireError{name, fmt.Sprintf("is empty at offset %d, short of the total of %d", offset, p.Total)}
	}
	return p, nil
}

// wholeList converts a list that has no pages. If it has a total nevertheless, the total must be
// the number of its items.
func wholeList[W, T any](name string, items []W, info *pageInfo, convert func(W) (T, error)) ([]T, error) {
	out, err := converted(name, items, convert)
	if err != nil {
		return nil, err
	}
	if info != nil && info.Total != nil && *info.Total != int64(len(items)) {
		return nil, &wireError{"page.total", fmt.Sprintf("is %d, not the %d items here", *info.Total, len(items))}
	}
	return out, nil
}

// pageParams checks and converts the limit and the offset of a list. Zero means the default of the
// service.
func pageParams(limit int, offset int64) (*api.Limit, *api.Offset, error) {
	if limit < 0 || limit > math.MaxInt32 {
		return nil, nil, &ArgumentError{Path: "limit", Reason: "must not be negative or huge"}
	}
	if offset < 0 {
		return nil, nil, &ArgumentError{Path: "offset", Reason: "must not be negative"}
	}
	return optional(api.Limit(limit)), optional(offset), nil
}

// all iterates over a list from offset on and requests one page after the other. It stops after the
// first error.
func all[T any](
	ctx context.Context, op operation, offset int64, list func(offset int64) (Page[T], error),
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var (
			none T
			read = readItems[T]{seed: maphash.MakeSeed(), seen: map[uint64]bool{}}
		)
		for next := offset; ; {
			page, err := list(next)
			if err != nil {
				yield(none, err)
				return
			}
			if note := read.add(page); note != "" {
				yield(none, &Error{Operation: op.id, Attempts: 1, StatusCode: http.StatusOK, Note: note})
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
			// This loop ends, since newPage refuses an empty page before the total.
			if next += int64(len(page.Items)); next >= page.Total {
				return
			}
		}
	}
}

// A readItems records the pages that an iterator has read: the total of the last page, and a hash
// of each item, which takes less memory than the item.
type readItems[T any] struct {
	total int64
	seed  maphash.Seed
	seen  map[uint64]bool
}

// add records a page. It returns the reason if the page cannot be the next one, and otherwise an
// empty text. If items are added to or removed from the list between two pages, the other items
// move, and the iterator gets some twice or misses some. This is not an error. But an empty page
// before the earlier total, or a page with only known items, is one: the iteration would end as if
// all items had been read.
func (read *readItems[T]) add(p Page[T]) string {
	before, n, known := read.total, int64(len(p.Items)), int64(0)
	read.total = p.Total
	for _, item := range p.Items {
		text, err := json.Marshal(item)
		if err != nil {
			continue // counts as a new item
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
