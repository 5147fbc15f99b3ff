package client

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pkio-tools/certcentral/gen/api"
)

// terms are the values of a filter as the vendor writes them: a plain value, >a, <a, a...b or
// %text.
type terms struct {
	values []string
	// fault is the first mistake in the filter. It is reported when the filter is used. A filter
	// without values is a mistake: it would be sent as no filter, which matches everything.
	fault string
}

func faulty(reason string) terms { return terms{fault: reason} }

// or returns the values of t and of u.
func (t terms) or(u terms) terms {
	return terms{values: slices.Concat(t.values, u.values), fault: cmp.Or(t.fault, u.fault)}
}

// collect makes terms of values. The function check returns the term of a value, and a fault if the
// value is not allowed.
func collect[T any](values []T, check func(T) (term, fault string)) terms {
	if len(values) == 0 {
		return faulty("has no value: to match everything, leave it out")
	}
	t := terms{values: make([]string, 0, len(values))}
	for _, v := range values {
		term, fault := check(v)
		t = t.or(terms{values: []string{term}, fault: fault})
	}
	return t
}

// filters collects the terms of the filters of a list, and keeps the first mistake.
type filters struct{ err error }

func (f *filters) terms(name string, t terms) []string {
	fault := t.fault
	if slices.ContainsFunc(t.values, func(v string) bool { return !utf8.ValidString(v) }) {
		fault = "is not UTF-8"
	}
	if fault != "" && f.err == nil {
		f.err = &ArgumentError{Path: "filters[" + name + "]", Reason: fault}
	}
	return t.values
}

// enumTerms converts the terms of an enumeration.
func enumTerms[W ~string](values []string) []W {
	var ws []W
	for _, v := range values {
		ws = append(ws, W(v))
	}
	return ws
}

// An EnumFilter matches values of an enumeration, such as the states of an order. [AnyOf] makes
// one. The zero value matches everything.
type EnumFilter[T ~string] struct{ terms terms }

// AnyOf matches each of the values, such as AnyOf(OrderPending, OrderIssued).
func AnyOf[T ~string](values ...T) EnumFilter[T] {
	return EnumFilter[T]{collect(values, func(v T) (string, string) {
		if v == "" {
			return "", "is empty"
		}
		return string(v), ""
	})}
}

// Or matches what one of the two filters matches. A zero value adds nothing.
func (f EnumFilter[T]) Or(g EnumFilter[T]) EnumFilter[T] { return EnumFilter[T]{f.terms.or(g.terms)} }

// An IDFilter matches ids. [IDs], [IDsFrom], [IDsUpTo] and [IDsBetween] make one. The zero value
// matches everything. A filter without an id, such as IDs(found...) with an empty slice, is an
// [*ArgumentError].
type IDFilter struct{ terms terms }

// IDs matches each of the ids.
func IDs(ids ...int64) IDFilter {
	return IDFilter{collect(ids, func(id int64) (string, string) { return strconv.FormatInt(id, 10), faultOfID(id) })}
}

// IDsFrom matches this id and higher ones.
func IDsFrom(id int64) IDFilter {
	return IDFilter{terms{[]string{">" + strconv.FormatInt(id-1, 10)}, faultOfID(id)}}
}

// IDsUpTo matches this id and lower ones.
func IDsUpTo(id int64) IDFilter {
	return IDFilter{terms{[]string{"<" + strconv.FormatInt(id+1, 10)}, faultOfID(id)}}
}

// IDsBetween matches the ids from low to high, both included.
func IDsBetween(low, high int64) IDFilter {
	fault := cmp.Or(faultOfID(low), faultOfID(high))
	if fault == "" && high < low {
		fault = "ends before it begins"
	}
	return IDFilter{terms{[]string{strconv.FormatInt(low, 10) + "..." + strconv.FormatInt(high, 10)}, fault}}
}

// Or matches what one of the two filters matches. A zero value adds nothing.
func (f IDFilter) Or(g IDFilter) IDFilter { return IDFilter{f.terms.or(g.terms)} }

func faultOfID(id int64) string {
	if id <= 0 {
		return "must be positive"
	}
	return ""
}

// A TextFilter matches texts. Upper and lower case make no difference. [Exactly] and [Contains]
// make one. The zero value matches everything.
type TextFilter struct{ terms terms }

// Exactly matches each of the texts.
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

// Contains matches texts that contain one of the parts.
func Contains(parts ...string) TextFilter {
	return TextFilter{collect(parts, func(part string) (string, string) {
		if part == "" {
			return "", "is empty"
		}
		return "%" + part, ""
	})}
}

// Or matches what one of the two filters matches. A zero value adds nothing.
func (f TextFilter) Or(g TextFilter) TextFilter { return TextFilter{f.terms.or(g.terms)} }

// A FlagFilter matches items that have a property ([Yes]) or do not have it ([No]). The zero value
// matches everything.
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

// A DateFilter matches days and times. [On], [Since], [Until] and [Between] make one. Their bounds
// are included. The zero value matches everything.
//
// Days are days in UTC. Times are exact to the second.
type DateFilter struct{ terms terms }

// A Moment is a day or a time.
type Moment interface{ Date | time.Time }

// On matches one day.
func On(day Date) DateFilter { return DateFilter{terms{[]string{day.String()}, faultOfMoment(day)}} }

// Since matches a day and later days, or a time and later times.
func Since[M Moment](from M) DateFilter {
	return DateFilter{terms{[]string{">" + momentText(from, -1)}, faultOfMoment(from)}}
}

// Until matches a day and earlier days, or a time and earlier times.
func Until[M Moment](to M) DateFilter {
	return DateFilter{terms{[]string{"<" + momentText(to, +1)}, faultOfMoment(to)}}
}

// Between matches the days from one to another, or the times from one to another.
func Between[M Moment](from, to M) DateFilter {
	fault := cmp.Or(faultOfMoment(from), faultOfMoment(to))
	if fault == "" && startOf(to).Before(startOf(from)) {
		fault = "ends before it begins"
	}
	seconds := 0
	if startOf(to).Nanosecond() > 0 {
		seconds = 1 // a bound within a second includes this second
	}
	return DateFilter{terms{[]string{momentText(from, 0) + "..." + momentText(to, seconds)}, fault}}
}

// Or matches what one of the two filters matches. A zero value adds nothing.
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

// momentText writes a day as the day that is after days later, and a time as the second that is
// after seconds later.
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
