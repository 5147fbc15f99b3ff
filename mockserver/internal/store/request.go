package store

import (
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

type requestRow = row[domain.Request, none]

func requestField(name string) field[requestRow] {
	switch name {
	case domain.FieldID:
		return number(func(r *requestRow) int64 { return r.id }).growing()
	case domain.FieldDate:
		return number(func(r *requestRow) int64 { return domain.Nanos(r.value.Created) }).growing()
	case domain.FieldType:
		return folded(func(r *requestRow) string { return string(r.value.Type) })
	case domain.FieldStatus:
		return folded(func(r *requestRow) string { return string(r.value.Status) })
	case domain.FieldOrderID:
		return number(func(r *requestRow) int64 { return r.value.OrderID })
	default:
		return field[requestRow]{}
	}
}

func (t *transaction) Requests(query domain.RequestQuery) ([]domain.Request, int) {
	items, total, err := list(t.requests, query.Page, query.Sort, query.Filters, requestField)
	return noteFailure(t, items, total, err)
}

func (s *state) Request(id int64) (domain.Request, bool) { return s.requests.get(id) }

func (s *state) RequestsOfOrder(order int64) []domain.Request {
	return entities(s.requests.withIDs(s.byOrder.ids[order]))
}
