package transport

import (
	"strconv"
	"strings"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// filters collects the filters of a query, and the errors in them that a schema cannot find.
type filters struct {
	list []domain.Filter
	errs domain.Errors
}

func (f *filters) done() ([]domain.Filter, error) {
	if len(f.errs) > 0 {
		return nil, f.errs
	}
	return f.list, nil
}

// number adds the filter of a parameter with one number.
func (f *filters) number(field string, n *int64) {
	if n != nil {
		f.list = append(f.list, domain.Filter{Field: field, Ranges: []domain.Range{domain.Exactly(*n)}})
	}
}

func (f *filters) numbers(field string, terms []string) {
	f.ranges(field, terms, func(text string) (domain.Range, bool) {
		n, err := strconv.ParseInt(text, 10, 64)
		return domain.Exactly(n), err == nil
	})
}

// times adds a filter of times. A time without an offset is in UTC.
func (f *filters) times(field string, terms []string) {
	f.ranges(field, terms, func(text string) (domain.Range, bool) {
		span, ok := parseSpan(text, time.UTC)
		return domain.During(span.from, span.to), ok
	})
}

// ranges adds a filter whose terms are x, >x, <x or x...y.
func (f *filters) ranges(field string, terms []string, parse func(string) (domain.Range, bool)) {
	if len(terms) == 0 {
		return
	}
	filter := domain.Filter{Field: field, Ranges: make([]domain.Range, 0, len(terms))}
	for _, term := range terms {
		low, high, isRange := strings.Cut(term, "...")
		values, ok := parse(strings.TrimLeft(low, "<>"))
		switch {
		case isRange:
			end, endOK := parse(high)
			if ok && endOK && values.Min > end.Min {
				f.errs = append(f.errs, reversed("filters["+field+"]"))
				return
			}
			values, ok = values.Through(end), ok && endOK
		case low[0] == '>':
			values = values.Above()
		case low[0] == '<':
			values = values.Below()
		}
		if !ok {
			f.errs = append(f.errs, noSuchDate("filters["+field+"]"))
			return
		}
		filter.Ranges = append(filter.Ranges, values)
	}
	f.list = append(f.list, filter)
}

// reversed is the refusal of a range that ends before it begins.
func reversed(path string) *domain.Error {
	return &domain.Error{Code: domain.CodeInvalidField, Path: path, Message: path + " ends before it begins"}
}

// noSuchDate is the refusal of a text with the form of a date that does not exist, such as
// 2026-02-31.
func noSuchDate(path string) *domain.Error {
	return &domain.Error{
		Code: domain.CodeInvalidField, Path: path, Message: path + " names a date, or an offset from UTC, that does not exist",
	}
}

func (f *filters) flags(field string, terms []api.FlagFilter) {
	if len(terms) == 0 {
		return
	}
	filter := domain.Filter{Field: field}
	for _, term := range terms {
		filter.Ranges = append(filter.Ranges, domain.Exactly(domain.FlagNumber(term == "1")))
	}
	f.list = append(f.list, filter)
}

// words adds a filter whose terms are values of an enum.
func words[T ~string](f *filters, field string, terms []T) {
	if len(terms) == 0 {
		return
	}
	filter := domain.Filter{Field: field}
	for _, term := range terms {
		filter.Texts = append(filter.Texts, domain.Whole(string(term)))
	}
	f.list = append(f.list, filter)
}

// texts adds a filter whose terms are a whole text, or a percent sign and a part of one.
func (f *filters) texts(field string, terms []string) {
	if len(terms) == 0 {
		return
	}
	filter := domain.Filter{Field: field}
	for _, term := range terms {
		if part, isPart := strings.CutPrefix(term, "%"); isPart {
			filter.Texts = append(filter.Texts, domain.Part(part))
		} else {
			filter.Texts = append(filter.Texts, domain.Whole(term))
		}
	}
	f.list = append(f.list, filter)
}

// organizations adds the search for organizations by the whole id, or by a part of the name with or
// without a percent sign (certcentral-facts 3.1).
func (f *filters) organizations(field string, terms []string) {
	if len(terms) == 0 {
		return
	}
	filter := domain.Filter{Field: field}
	for _, term := range terms {
		part, isPart := strings.CutPrefix(term, "%")
		filter.Texts = append(filter.Texts, domain.Part(part))
		if id, err := strconv.ParseInt(term, 10, 64); err == nil && !isPart {
			filter.Ranges = append(filter.Ranges, domain.Exactly(id))
		}
	}
	f.list = append(f.list, filter)
}

// A span is the whole day of a date, or the whole second of a time, because answers show seconds.
type span struct {
	from, to time.Time // to is the first moment after it
	day      bool
}

// parseSpan reads a date or a time whose form the contract has checked. Without an offset it is in
// the zone. It refuses a date that does not exist, and an offset that is too large.
func parseSpan(text string, zone *time.Location) (span, bool) {
	if from, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		return span{from, from.AddDate(0, 0, 1), true}, true
	}
	const date = len(time.DateOnly)
	if len(text) <= date {
		return span{}, false
	}
	text = text[:date] + "T" + text[date+1:] // the contract also allows a space, or a plus sign for it
	for _, layout := range [...]string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04Z07:00"} {
		if from, err := time.ParseInLocation(layout, text, zone); err == nil {
			return span{from, from.Add(time.Second), false}, true
		}
	}
	return span{}, false
}

// withoutColons removes the colons from serial numbers, as the lookup of a path does (D-38).
func withoutColons(terms []string) []string {
	out := make([]string, len(terms))
	for i, term := range terms {
		out[i] = strings.ReplaceAll(term, ":", "")
	}
	return out
}
