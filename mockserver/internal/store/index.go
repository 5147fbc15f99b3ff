package store

import (
	"cmp"
	"slices"
)

// An index finds the entities of a table by a key that they have. It holds the ids of the entities
// with one key in ascending order, so that the oldest comes first.
type index[T any, K comparable] struct {
	id  func(*T) int64
	key func(*T) (K, bool) // false for an entity that is not in the index
	ids map[K][]int64
}

func newIndex[T any, K comparable](id func(*T) int64, key func(*T) (K, bool)) *index[T, K] {
	return &index[T, K]{id: id, key: key, ids: map[K][]int64{}}
}

// replace updates the index after an entity has replaced its former value. Former is nil for a new
// entity, and now is nil for a removed one.
func (x *index[T, K]) replace(former, now *T) {
	from, was := keyOf(x.key, former)
	to, is := keyOf(x.key, now)
	if was == is && from == to {
		return
	}
	if was {
		x.ids[from] = removeID(x.ids[from], x.id(former))
		if len(x.ids[from]) == 0 {
			delete(x.ids, from)
		}
	}
	if is {
		x.ids[to] = insertID(x.ids[to], x.id(now))
	}
}

// A count is an index that only tells how many entities have a key.
type count[T any, K comparable] struct {
	key func(*T) (K, bool)
	of  map[K]int
}

func newCount[T any, K comparable](key func(*T) (K, bool)) *count[T, K] {
	return &count[T, K]{key: key, of: map[K]int{}}
}

// replace does what [index.replace] does.
func (c *count[T, K]) replace(former, now *T) {
	from, was := keyOf(c.key, former)
	to, is := keyOf(c.key, now)
	if was == is && from == to {
		return
	}
	if was {
		c.of[from]--
		if c.of[from] == 0 {
			delete(c.of, from)
		}
	}
	if is {
		c.of[to]++
	}
}

// keyOf returns the key of an entity. It returns zero and false for nil, and for an entity that has
// no key.
func keyOf[T, K any](key func(*T) (K, bool), entity *T) (k K, has bool) {
	if entity == nil {
		return k, false
	}
	if found, has := key(entity); has {
		return found, true
	}
	return k, false
}

func insertID(ids []int64, id int64) []int64 {
	if at, there := slices.BinarySearch(ids, id); !there {
		return slices.Insert(ids, at, id)
	}
	return ids
}

func removeID(ids []int64, id int64) []int64 {
	if at, there := slices.BinarySearch(ids, id); there {
		return slices.Delete(ids, at, at+1)
	}
	return ids
}

// A replacer is an index of a table, of any kind.
type replacer[T any] interface{ replace(former, now *T) }

// A timeline is an index that is sorted by a time of the entities, and by their ids where the times
// are equal.
type timeline[T any] struct {
	id      func(*T) int64
	at      func(*T) (int64, bool) // false for an entity that is not in the index
	moments []moment
}

type moment struct{ at, id int64 }

// replace does what [index.replace] does.
func (l *timeline[T]) replace(former, now *T) {
	from, was := keyOf(l.at, former)
	to, is := keyOf(l.at, now)
	if was == is && from == to {
		return
	}
	if was {
		if i, there := l.find(moment{from, l.id(former)}); there {
			l.moments = slices.Delete(l.moments, i, i+1)
		}
	}
	if is {
		next := moment{to, l.id(now)}
		i, _ := l.find(next)
		l.moments = slices.Insert(l.moments, i, next)
	}
}

func (l *timeline[T]) find(m moment) (int, bool) {
	return slices.BinarySearchFunc(l.moments, m, func(a, b moment) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.id, b.id)) })
}
