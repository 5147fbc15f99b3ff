package store

import (
	"cmp"
	"slices"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A table holds entities in the order of their ids. Ids come from sequences, so a new entity goes to
// the end. Keys are the values that lists read of every entity. They stand in the table itself, one
// after the other: the entities are scattered over the memory, and reading them takes ten times as
// long.
type table[T, K any] []row[T, K]

type row[T, K any] struct {
	id    int64
	keys  K
	value *T
}

// none are the keys of a table that is short, and the key of an index that is a set.
type none struct{}

func (t table[T, K]) find(id int64) (int, bool) {
	// While no entity has been removed, the position of one is the distance from the first id to its id.
	if len(t) > 0 {
		if i := id - t[0].id; 0 <= i && i < int64(len(t)) && t[i].id == id {
			return int(i), true
		}
	}
	return slices.BinarySearchFunc(t, id, func(r row[T, K], id int64) int { return cmp.Compare(r.id, id) })
}

func (t table[T, K]) get(id int64) (value T, there bool) {
	i, there := t.find(id)
	if there {
		value = *t[i].value
	}
	return value, there
}

// first returns the first of the entities with these ids.
func (t table[T, K]) first(ids []int64) (value T, there bool) {
	if len(ids) == 0 {
		return value, false
	}
	return t.get(ids[0])
}

// put adds an entity or replaces one, and updates the indexes.
func (t *table[T, K]) put(id int64, value T, keys K, indexes []replacer[T]) {
	var former *T
	if i, there := t.find(id); there {
		former = (*t)[i].value
		(*t)[i].value, (*t)[i].keys = &value, keys
	} else {
		*t = slices.Insert(*t, i, row[T, K]{id, keys, &value})
	}
	for _, index := range indexes {
		index.replace(former, &value)
	}
}

// added counts the entities that are not in the table yet.
func (t table[T, K]) added(entities []T, id func(*T) int64) int {
	n := 0
	for i := range entities {
		if _, there := t.find(id(&entities[i])); !there {
			n++
		}
	}
	return n
}

// remove removes an entity, and updates the indexes.
func (t *table[T, K]) remove(id int64, indexes []replacer[T]) {
	i, there := t.find(id)
	if !there {
		return
	}
	former := (*t)[i].value
	*t = slices.Delete(*t, i, i+1)
	for _, index := range indexes {
		index.replace(former, nil)
	}
}

// withIDs returns the rows with these ids.
func (t table[T, K]) withIDs(ids []int64) table[T, K] {
	rows := make(table[T, K], 0, len(ids))
	for _, id := range ids {
		if i, there := t.find(id); there {
			rows = append(rows, t[i])
		}
	}
	return rows
}

// entities copies the entities of all rows.
func entities[T, K any](rows table[T, K]) []T {
	return entitiesOnPage(rows, domain.Page{Limit: len(rows)})
}

// entitiesOnPage copies the entities of the rows of one page.
func entitiesOnPage[T, K any](rows table[T, K], page domain.Page) []T {
	rows = onPage(rows, page)
	items := make([]T, len(rows))
	for i := range rows {
		items[i] = *rows[i].value
	}
	return items
}

// onPage returns the elements of a list that are on a page.
func onPage[E any](list []E, page domain.Page) []E {
	from := min(page.Offset, len(list))
	return list[from : from+min(page.Limit, len(list)-from)]
}

// where returns the rows whose entities meet a condition.
func where[T, K any](rows table[T, K], want func(*T) bool) table[T, K] {
	var kept table[T, K]
	for _, row := range rows {
		if want(row.value) {
			kept = append(kept, row)
		}
	}
	return kept
}
