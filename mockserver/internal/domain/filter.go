package domain

import (
	"math"
	"strings"
	"time"
)

// A Filter keeps the entities with a value in one of its ranges, or equal or similar to one of its
// texts. An entity has to pass all filters of a query (D-39).
type Filter struct {
	Field  string // one of the constants, such as [FieldStatus]
	Ranges []Range
	Texts  []Text
}

// A Range is a range of numbers, both ends included. A flag is 0 or 1, a time its [Nanos].
type Range struct{ Min, Max int64 }

// A Text is a text to look for, in any case: the whole of a value, or a part of it.
type Text struct {
	Folded string // in lower case
	Part   bool
}

// None is the number of an entity without a value. It is in no range, and smaller than every number.
const None int64 = math.MinInt64

// Exactly is the range of one number.
func Exactly(n int64) Range { return Range{n, n} }

// During is the range of the times from one to just before another.
func During(from, to time.Time) Range { return Range{clamp(from), clamp(to) - 1} }

// Above is the range of all numbers greater than those of a range.
func (r Range) Above() Range {
	if r.Max == math.MaxInt64 {
		return Range{1, 0}
	}
	return Range{r.Max + 1, math.MaxInt64}
}

// Below is the range of all numbers smaller than those of a range.
func (r Range) Below() Range { return Range{None + 1, r.Min - 1} }

// Through is the range from the start of one range to the end of another.
func (r Range) Through(end Range) Range { return Range{r.Min, end.Max} }

// Nanos is a time as a number: nanoseconds since 1970, or None for the zero time.
func Nanos(t time.Time) int64 {
	if t.IsZero() {
		return None
	}
	return t.UnixNano()
}

// clamp is the number of a time from a request. Nanoseconds reach from the year 1678 to 2262; a time
// outside that range gets the nearest number in it.
func clamp(t time.Time) int64 {
	switch {
	case t.Before(time.Unix(0, None+2)):
		return None + 2 // one more than the smallest number, so that Below can subtract one
	case t.After(time.Unix(0, math.MaxInt64)):
		return math.MaxInt64
	default:
		return t.UnixNano()
	}
}

// FlagNumber is the number of a flag.
func FlagNumber(flag bool) int64 {
	if flag {
		return 1
	}
	return 0
}

// Fold returns a text in lower case, in which texts are compared.
func Fold(text string) string { return strings.ToLower(text) }

// Whole looks for a text that is equal in any case.
func Whole(text string) Text { return Text{Folded: Fold(text)} }

// Part looks for a text that contains this part in any case.
func Part(text string) Text { return Text{Folded: Fold(text), Part: true} }

// HasNumber tells whether a number is in one of the ranges. [None] is in none of them.
func (f *Filter) HasNumber(n int64) bool {
	for _, r := range f.Ranges {
		if r.Min <= n && n <= r.Max {
			return true
		}
	}
	return false
}

// HasText tells whether a folded text is equal to, or contains, one of the texts of the filter. An
// empty text stands for an entity without a value.
func (f *Filter) HasText(folded string) bool {
	if folded == "" {
		return false
	}
	for i := range f.Texts {
		text := &f.Texts[i]
		if text.Folded == folded || text.Part && strings.Contains(folded, text.Folded) {
			return true
		}
	}
	return false
}
