package store

import (
	"cmp"
	"slices"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// idField is the name of the field that entities are ordered by when nothing else is asked for.
const idField = "id"

// A field is one thing that entities are filtered and sorted by. It reads their value as a number or as a text. The zero
// field is one that no entity has.
type field[T any] struct {
	number func(*T) int64
	text   func(*T) string
	match  func(*T, *domain.Filter) bool
}

// number is a field that is a number, a flag or a time.
func number[T any](read func(*T) int64) field[T] {
	return field[T]{number: read, match: func(e *T, f *domain.Filter) bool { return f.HasNumber(read(e)) }}
}

// text is a field that is a text.
func text[T any](read func(*T) string) field[T] {
	return field[T]{text: read, match: func(e *T, f *domain.Filter) bool { return f.HasText(domain.Fold(read(e))) }}
}

// folded is a field that is a text in lower case.
func folded[T any](read func(*T) string) field[T] {
	return field[T]{text: read, match: func(e *T, f *domain.Filter) bool { return f.HasText(read(e)) }}
}

// matching is a field that can only be filtered by: it has several values.
func matching[T any](match func(*T, *domain.Filter) bool) field[T] { return field[T]{match: match} }

// list returns a page of the entities that the filters keep, and how many they keep in all. It looks at every entity
// once, and sorts no more of them than the page and those before it.
func list[T any](rows table[T], page domain.Page, keys []domain.SortKey, filters []domain.Filter, fieldOf func(string) field[T]) ([]T, int) {
	keep := conditions(filters, fieldOf)
	if len(keys) == 0 || keys[0] == (domain.SortKey{Name: idField}) {
		if len(keep) == 0 {
			return cut(rows, page), len(rows)
		}
		return filtered(rows, page, keep)
	}
	needed := 0
	if page.Offset < len(rows) {
		needed = page.Offset + min(page.Limit, len(rows)-page.Offset)
	}
	best, total := smallest(rows, needed, keep, comparison(keys, fieldOf), keys[0].Descending)
	return cut(best, page), total
}

// A condition tells whether an entity is kept.
type condition[T any] func(*T) bool

func conditions[T any](filters []domain.Filter, fieldOf func(string) field[T]) []condition[T] {
	all := make([]condition[T], len(filters))
	for i := range filters {
		filter, match := &filters[i], fieldOf(filters[i].Field).match
		if match == nil {
			all[i] = func(*T) bool { return false }
			continue
		}
		all[i] = func(entity *T) bool { return match(entity, filter) }
	}
	return all
}

func hold[T any](conditions []condition[T], entity *T) bool {
	for _, holds := range conditions {
		if !holds(entity) {
			return false
		}
	}
	return true
}

// comparison orders rows by the keys, and those that are equal by their ids, whatever the direction of the keys.
func comparison[T any](keys []domain.SortKey, fieldOf func(string) field[T]) func(a, b row[T]) int {
	var steps []func(a, b *T) int
	for _, key := range keys {
		var step func(a, b *T) int
		switch field := fieldOf(key.Name); {
		case field.number != nil:
			step = func(a, b *T) int { return cmp.Compare(field.number(a), field.number(b)) }
		case field.text != nil:
			step = func(a, b *T) int { return cmp.Compare(field.text(a), field.text(b)) }
		default:
			continue
		}
		if key.Descending {
			upwards := step
			step = func(a, b *T) int { return upwards(b, a) }
		}
		steps = append(steps, step)
	}
	return func(a, b row[T]) int {
		for _, step := range steps {
			if c := step(a.value, b.value); c != 0 {
				return c
			}
		}
		return cmp.Compare(a.id, b.id)
	}
}

// filtered is the page of a list in the order of ids.
func filtered[T any](rows table[T], page domain.Page, conditions []condition[T]) ([]T, int) {
	var kept table[T]
	total := 0
	for _, row := range rows {
		if !hold(conditions, row.value) {
			continue
		}
		if total >= page.Offset && len(kept) < page.Limit {
			kept = append(kept, row)
		}
		total++
	}
	return all(kept), total
}

// smallest returns the first n rows, in order, of those that the conditions keep, and how many they keep in all. It
// holds the n best ones in a heap with the worst of them on top, which most rows do not get past. Rows come roughly in
// the order of their times; whoever asks for the latest first is served faster from the end.
func smallest[T any](rows table[T], n int, conditions []condition[T], compare func(a, b row[T]) int, backward bool) (table[T], int) {
	var best table[T]
	total := 0
	for i := range rows {
		if backward {
			i = len(rows) - 1 - i
		}
		row := rows[i]
		if !hold(conditions, row.value) {
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

// sink moves a row of a heap down to where no row below it is worse.
func sink[T any](heap table[T], parent int, compare func(a, b row[T]) int) {
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

func keep[T any](rows table[T], want func(*T) bool) table[T] {
	var kept table[T]
	for _, row := range rows {
		if want(row.value) {
			kept = append(kept, row)
		}
	}
	return kept
}

// cut copies the entities of one page.
func cut[T any](rows table[T], page domain.Page) []T {
	from := min(page.Offset, len(rows))
	rows = rows[from : from+min(page.Limit, len(rows)-from)]
	items := make([]T, len(rows))
	for i, row := range rows {
		items[i] = *row.value
	}
	return items
}

// all copies every entity.
func all[T any](rows table[T]) []T { return cut(rows, domain.Page{Limit: len(rows)}) }
