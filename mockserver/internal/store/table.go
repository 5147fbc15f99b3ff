package store

import (
	"cmp"
	"slices"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A table holds entities in the order of their ids. Ids come from sequences, so a new one goes to the end. Keys are what
// lists ask of every entity. They stand in the table itself, one after the other: reading the entities, which lie
// scattered over the memory, takes ten times as long.
type table[T, K any] []row[T, K]

type row[T, K any] struct {
	id    int64
	keys  K
	value *T
}

// none are the keys of what there are few of.
type none struct{}

func (t table[T, K]) find(id int64) (int, bool) {
	// Where nothing has been removed, an entity stands as far from the first one as their ids are apart.
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

// put replaces or adds an entity, and tells the indexes which one it replaces.
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

// remove removes an entity, and tells the indexes.
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

// pick returns the entities with these ids.
func (t table[T, K]) pick(ids []int64) table[T, K] {
	rows := make(table[T, K], 0, len(ids))
	for _, id := range ids {
		if i, there := t.find(id); there {
			rows = append(rows, t[i])
		}
	}
	return rows
}

// all copies every entity.
func all[T, K any](rows table[T, K]) []T { return cut(rows, domain.Page{Limit: len(rows)}) }

// cut copies the entities of one page.
func cut[T, K any](rows table[T, K], page domain.Page) []T {
	rows = part(rows, page)
	items := make([]T, len(rows))
	for i := range rows {
		items[i] = *rows[i].value
	}
	return items
}

// part is one page of a list.
func part[E any](list []E, page domain.Page) []E {
	from := min(page.Offset, len(list))
	return list[from : from+min(page.Limit, len(list)-from)]
}

func keep[T, K any](rows table[T, K], want func(*T) bool) table[T, K] {
	var kept table[T, K]
	for _, row := range rows {
		if want(row.value) {
			kept = append(kept, row)
		}
	}
	return kept
}
