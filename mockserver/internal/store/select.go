package store

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A field is a value that the rows of a table are filtered and sorted by: a number or a text. The
// zero field stands for a name that the list does not have.
type field[R any] struct {
	number func(*R) int64
	text   func(*R) string
	filter func(*domain.Filter) condition[R]
	grows  bool // whether the value mostly grows with the id
}

func (f field[R]) growing() field[R] {
	f.grows = true
	return f
}

// A condition tells whether a row is kept.
type condition[R any] func(*R) bool

// number is a field that is a number, a flag or a time.
func number[R any](read func(*R) int64) field[R] {
	return field[R]{number: read, filter: func(f *domain.Filter) condition[R] {
		return func(r *R) bool { return f.HasNumber(read(r)) }
	}}
}

// text is a field that is a text.
func text[R any](read func(*R) string) field[R] {
	return field[R]{text: read, filter: func(f *domain.Filter) condition[R] {
		return func(r *R) bool { return f.HasText(domain.Fold(read(r))) }
	}}
}

// folded is a field that is a text in lower case.
func folded[R any](read func(*R) string) field[R] {
	return field[R]{text: read, filter: func(f *domain.Filter) condition[R] {
		return func(r *R) bool { return f.HasText(read(r)) }
	}}
}

// matching is a field that can only be filtered by, since an entity has several values of it.
func matching[R any](match func(*R, *domain.Filter) bool) field[R] {
	return field[R]{filter: func(f *domain.Filter) condition[R] {
		return func(r *R) bool { return match(r, f) }
	}}
}

// list returns a page of the entities that the filters keep, and how many they keep in all. It reads
// every row once, and sorts only the rows up to the end of the page.
func list[T, K any](
	rows table[T, K], page domain.Page, keys []domain.SortKey, filters []domain.Filter, fieldOf func(string) field[row[T, K]],
) ([]T, int, error) {
	keep, err := conditions(filters, fieldOf)
	if err != nil {
		return nil, 0, err
	}
	compare, err := comparison(keys, fieldOf)
	if err != nil {
		return nil, 0, err
	}
	sorted := len(keys) > 0 && keys[0] != domain.SortKey{Name: domain.FieldID}
	if len(keep) == 0 && !sorted {
		return entitiesOnPage(rows, page), len(rows), nil
	}
	needed := 0 // how many of the kept rows there are up to the end of the page
	if page.Offset < len(rows) {
		needed = page.Offset + min(page.Limit, len(rows)-page.Offset)
	}
	var first []*row[T, K]
	var total int
	if sorted {
		backward := keys[0].Descending && fieldOf(keys[0].Name).grows
		first, total = smallest(rows, needed, keep, compare, backward)
	} else {
		first, total = earliest(rows, needed, keep)
	}
	first = first[min(page.Offset, len(first)):]
	items := make([]T, len(first))
	for i := range first {
		items[i] = *first[i].value
	}
	return items, total, nil
}

func conditions[R any](filters []domain.Filter, fieldOf func(string) field[R]) ([]condition[R], error) {
	all := make([]condition[R], len(filters))
	for i := range filters {
		filter := fieldOf(filters[i].Field).filter
		if filter == nil {
			return nil, fmt.Errorf("store: the list has no field %q to filter by", filters[i].Field)
		}
		all[i] = filter(&filters[i])
	}
	return all, nil
}

func holdAll[R any](conditions []condition[R], r *R) bool {
	for _, holds := range conditions {
		if !holds(r) {
			return false
		}
	}
	return true
}

// comparison orders rows by the keys, and those that are equal by their ids, whatever the direction of the keys.
func comparison[T, K any](keys []domain.SortKey, fieldOf func(string) field[row[T, K]]) (func(a, b *row[T, K]) int, error) {
	var steps []func(a, b *row[T, K]) int
	for _, key := range keys {
		var step func(a, b *row[T, K]) int
		switch field := fieldOf(key.Name); {
		case field.number != nil:
			step = func(a, b *row[T, K]) int { return cmp.Compare(field.number(a), field.number(b)) }
		case field.text != nil:
			step = func(a, b *row[T, K]) int { return strings.Compare(field.text(a), field.text(b)) }
		default:
			return nil, fmt.Errorf("store: the list has no field %q to sort by", key.Name)
		}
		if key.Descending {
			upwards := step
			step = func(a, b *row[T, K]) int { return upwards(b, a) }
		}
		steps = append(steps, step)
	}
	return func(a, b *row[T, K]) int {
		for _, step := range steps {
			if c := step(a, b); c != 0 {
				return c
			}
		}
		return cmp.Compare(a.id, b.id)
	}, nil
}

// earliest returns the first n rows of those that the conditions keep, and how many they keep in all.
func earliest[T, K any](rows table[T, K], n int, conditions []condition[row[T, K]]) (kept []*row[T, K], total int) {
	for i := range rows {
		if !holdAll(conditions, &rows[i]) {
			continue
		}
		total++
		if total <= n {
			kept = append(kept, &rows[i])
		}
	}
	return kept, total
}

// smallest returns the first n rows, in order, of those that the conditions keep, and how many they
// keep in all. It holds the n smallest rows so far in a heap with the largest of them on top, so that
// one comparison skips most of the other rows. It reads the rows backward where the latest ones come
// first, because the smallest rows then stand at the end.
func smallest[T, K any](
	rows table[T, K], n int, conditions []condition[row[T, K]], compare func(a, b *row[T, K]) int, backward bool,
) (best []*row[T, K], total int) {
	for i := range rows {
		if backward {
			i = len(rows) - 1 - i
		}
		row := &rows[i]
		if !holdAll(conditions, row) {
			continue
		}
		total++
		switch {
		case len(best) < n:
			best = append(best, row)
			if len(best) == n && n < len(rows) {
				for parent := n/2 - 1; parent >= 0; parent-- {
					sink(best, parent, compare)
				}
			}
		case n > 0 && compare(row, best[0]) < 0:
			best[0] = row
			sink(best, 0, compare)
		}
	}
	slices.SortFunc(best, compare)
	return best, total
}

// sink moves a row of a heap down until no row below it is larger.
func sink[R any](heap []*R, parent int, compare func(a, b *R) int) {
	for {
		child := 2*parent + 1
		if child >= len(heap) {
			return
		}
		if right := child + 1; right < len(heap) && compare(heap[right], heap[child]) > 0 {
			child = right
		}
		if compare(heap[child], heap[parent]) <= 0 {
			return
		}
		heap[parent], heap[child] = heap[child], heap[parent]
		parent = child
	}
}
