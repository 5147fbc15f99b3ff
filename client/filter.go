package client

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
)

// terms are the values of a filter, in the vendor's grammar: a value itself, >a, <a, a...b or %text.
type terms struct {
	values []string
	// fault is the first mistake that was made, told when the filter is used. A filter that was made of nothing is a
	// mistake: sent as no filter at all, it would find everything.
	fault string
}

func faulty(reason string) terms { return terms{fault: reason} }

// or adds the values of u.
func (t terms) or(u terms) terms {
	return terms{values: slices.Concat(t.values, u.values), fault: cmp.Or(t.fault, u.fault)}
}

// collect makes terms of values, each with a reason to refuse it or with none.
func collect[T any](values []T, check func(T) (term, fault string)) terms {
	if len(values) == 0 {
		return faulty("lists nothing to look for")
	}
	t := terms{values: make([]string, 0, len(values))}
	for _, v := range values {
		term, fault := check(v)
		t = t.or(terms{values: []string{term}, fault: fault})
	}
	return t
}

// filters reads the filters of a list, and keeps the first mistake.
type filters struct{ err error }

func (f *filters) terms(name string, t terms) []string {
	if t.fault != "" && f.err == nil {
		f.err = &ArgumentError{Path: "filters[" + name + "]", Reason: t.fault}
	}
	return t.values
}

// words converts the terms of an enumeration.
func words[W ~string](values []string) []W {
	var ws []W
	for _, v := range values {
		ws = append(ws, W(v))
	}
	return ws
}

// An EnumFilter finds what has one of some words. [AnyOf] makes one; the zero value finds everything.
type EnumFilter[T ~string] struct{ terms terms }

// AnyOf finds what has one of the values: AnyOf(OrderPending, OrderIssued).
func AnyOf[T ~string](values ...T) EnumFilter[T] {
	return EnumFilter[T]{collect(values, func(v T) (string, string) {
		if v == "" {
			return "", "is empty"
		}
		return string(v), ""
	})}
}

// Or finds what either filter finds. The zero value adds nothing.
func (f EnumFilter[T]) Or(g EnumFilter[T]) EnumFilter[T] { return EnumFilter[T]{f.terms.or(g.terms)} }

// An IDFilter finds what has one of some ids. [IDs], [IDsFrom], [IDsUpTo] and [IDsBetween] make one; the zero value
// finds everything. A filter that lists nothing, such as IDs(none...), is an [*ArgumentError].
type IDFilter struct{ terms terms }

// IDs finds what has one of the ids.
func IDs(ids ...int64) IDFilter {
	return IDFilter{collect(ids, func(id int64) (string, string) { return strconv.FormatInt(id, 10), faultOfID(id) })}
}

// IDsFrom finds what has this id or a higher one.
func IDsFrom(id int64) IDFilter {
	return IDFilter{terms{[]string{">" + strconv.FormatInt(id-1, 10)}, faultOfID(id)}}
}

// IDsUpTo finds what has this id or a lower one.
func IDsUpTo(id int64) IDFilter {
	return IDFilter{terms{[]string{"<" + strconv.FormatInt(id+1, 10)}, faultOfID(id)}}
}

// IDsBetween finds what has an id from low to high, both included.
func IDsBetween(low, high int64) IDFilter {
	fault := cmp.Or(faultOfID(low), faultOfID(high))
	if fault == "" && high < low {
		fault = "ends before it begins"
	}
	return IDFilter{terms{[]string{strconv.FormatInt(low, 10) + "..." + strconv.FormatInt(high, 10)}, fault}}
}

// Or finds what either filter finds. The zero value adds nothing.
func (f IDFilter) Or(g IDFilter) IDFilter { return IDFilter{f.terms.or(g.terms)} }

func faultOfID(id int64) string {
	if id <= 0 {
		return "must be positive"
	}
	return ""
}

// A TextFilter finds texts, without regard to upper and lower case. [Exactly] and [Contains] make one; the zero value
// finds everything.
type TextFilter struct{ terms terms }

// Exactly finds what is one of the texts.
func Exactly(texts ...string) TextFilter {
	return TextFilter{collect(texts, func(text string) (string, string) {
		switch {
		case text == "":
			return "", "is empty"
		case strings.HasPrefix(text, "%"):
			return "", "begins with a percent sign, which the service reads as a part of a text: use Contains"
		}
		return text, ""
	})}
}

// Contains finds what has one of the texts in it.
func Contains(parts ...string) TextFilter {
	return TextFilter{collect(parts, func(part string) (string, string) {
		if part == "" {
			return "", "is empty"
		}
		return "%" + part, ""
	})}
}

// Or finds what either filter finds. The zero value adds nothing.
func (f TextFilter) Or(g TextFilter) TextFilter { return TextFilter{f.terms.or(g.terms)} }

// A FlagFilter finds what has a property or what lacks it: [Yes] or [No]. The zero value finds everything.
type FlagFilter int

// The values of a [FlagFilter].
const (
	Yes FlagFilter = iota + 1
	No
)

func (f FlagFilter) wire() []api.FlagFilter {
	switch f {
	case Yes:
		return []api.FlagFilter{api.FlagFilterYes}
	case No:
		return []api.FlagFilter{api.FlagFilterNo}
	default:
		return nil
	}
}

// A DateFilter finds what happened on some days or at some times. [On], [Since], [Until] and [Between] make one; all
// of them include their bounds. The zero value finds everything.
//
// Days are those of UTC. Times count to the second.
type DateFilter struct{ terms terms }

// A Moment is a day, or a time.
type Moment interface{ Date | time.Time }

// On finds what happened on a day.
func On(day Date) DateFilter { return DateFilter{terms{[]string{day.String()}, faultOfMoment(day)}} }

// Since finds what happened on a day or later, or at a time or later.
func Since[M Moment](from M) DateFilter {
	return DateFilter{terms{[]string{">" + momentText(from, -1)}, faultOfMoment(from)}}
}

// Until finds what happened on a day or earlier, or at a time or earlier.
func Until[M Moment](to M) DateFilter {
	return DateFilter{terms{[]string{"<" + momentText(to, +1)}, faultOfMoment(to)}}
}

// Between finds what happened from one day to another, or from one time to another.
func Between[M Moment](from, to M) DateFilter {
	fault := cmp.Or(faultOfMoment(from), faultOfMoment(to))
	if fault == "" && startOf(to).Before(startOf(from)) {
		fault = "ends before it begins"
	}
	seconds := 0
	if startOf(to).Nanosecond() > 0 {
		seconds = 1 // what happened before the fraction of the last second counts as well
	}
	return DateFilter{terms{[]string{momentText(from, 0) + "..." + momentText(to, seconds)}, fault}}
}

// Or finds what either filter finds. The zero value adds nothing.
func (f DateFilter) Or(g DateFilter) DateFilter { return DateFilter{f.terms.or(g.terms)} }

func startOf[M Moment](m M) time.Time {
	switch m := any(m).(type) {
	case Date:
		return m.In(time.UTC)
	case time.Time:
		return m
	default:
		return time.Time{}
	}
}

// momentText writes the day, or the second, that comes some days or seconds after m.
func momentText[M Moment](m M, after int) string {
	t := startOf(m).UTC()
	if _, isDay := any(m).(Date); isDay {
		return DateOf(t.AddDate(0, 0, after)).String()
	}
	return t.Truncate(time.Second).Add(time.Duration(after) * time.Second).Format(time.RFC3339)
}

func faultOfMoment[M Moment](m M) string {
	day, isDay := any(m).(Date)
	switch t := startOf(m).UTC(); {
	case isDay && !day.exists():
		return "is not a day of the calendar"
	case t.IsZero() || !DateOf(t).exists():
		return "is not a time of a year from 1 to 9999"
	}
	return ""
}
