package domain

import (
	"cmp"
	"strings"
	"time"
)

// A Filter holds for what matches one of its terms.
type Filter struct {
	Name  string
	Terms []Term
}

// A Term is one value of a filter: exactly it, more or less than it, a range, or a part of a text.
type Term struct {
	Op        Op
	Low, High Value // High only for a range
}

// Op is how a term compares.
type Op int

// The comparisons (certcentral-facts 1.5). A range includes both bounds.
const (
	Equal Op = iota
	Greater
	Less
	Between
	Contains
)

// A Value is a number, a text or a time; the zero value of the others is ignored. Day says that a time stands for the
// whole day that begins with it.
type Value struct {
	Number int64
	Text   string
	Time   time.Time
	Day    bool
}

// Num, Text and At make values.
func Num(n int64) Value    { return Value{Number: n} }
func Text(s string) Value  { return Value{Text: s} }
func At(t time.Time) Value { return Value{Time: t} }
func Flag(b bool) Value {
	if b {
		return Num(1)
	}
	return Num(0)
}

// end is the first moment after a time, or after the day that it stands for.
func (v Value) end() time.Time {
	if v.Day {
		return v.Time.AddDate(0, 0, 1)
	}
	return v.Time.Add(1)
}

// Match tells whether a value of an entity matches the filter. An entity without the value, which has neither number
// nor text nor time, matches nothing but an empty text.
func (f Filter) Match(value Value) bool {
	for _, term := range f.Terms {
		if term.match(value) {
			return true
		}
	}
	return false
}

func (t Term) match(value Value) bool {
	switch t.Op {
	case Contains:
		return strings.Contains(strings.ToLower(value.Text), strings.ToLower(t.Low.Text))
	case Equal:
		if !t.Low.Time.IsZero() {
			return !value.Time.IsZero() && !value.Time.Before(t.Low.Time) && value.Time.Before(t.Low.end())
		}
		return t.Low.Number == value.Number && strings.EqualFold(t.Low.Text, value.Text)
	case Greater:
		if !t.Low.Time.IsZero() {
			return !value.Time.Before(t.Low.end())
		}
		return value.Number > t.Low.Number
	case Less:
		if !t.Low.Time.IsZero() {
			return !value.Time.IsZero() && value.Time.Before(t.Low.Time)
		}
		return value.Number < t.Low.Number
	case Between:
		if !t.Low.Time.IsZero() {
			return !value.Time.Before(t.Low.Time) && value.Time.Before(t.High.end())
		}
		return t.Low.Number <= value.Number && value.Number <= t.High.Number
	default:
		return false
	}
}

// Compare orders two values of the same kind.
func (v Value) Compare(other Value) int {
	return cmp.Or(cmp.Compare(v.Number, other.Number), cmp.Compare(v.Text, other.Text), v.Time.Compare(other.Time))
}
