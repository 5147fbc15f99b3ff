package domain

import (
	"fmt"
	"slices"
)

// A Note is a note on an order (D-59).
type Note struct {
	ID   int64
	Text string
}

// maxNotes is the largest number of notes on an order. The number of orders and the length of a note
// are limited too, so that the memory for notes is.
const maxNotes = 1000

// AddNote adds a note to an order and returns its id (D-59).
func AddNote(r Reader, id int64, text string) (int64, Changes, error) {
	order, err := FindOrder(r, id)
	if err != nil {
		return 0, Changes{}, err
	}
	plan := newPlan(r)
	note, err := plan.note(&order, text)
	if err != nil {
		return 0, Changes{}, err
	}
	plan.changes.Orders = append(plan.changes.Orders, order)
	return note, plan.finish(), nil
}

// note adds a note to an order, and returns its id. The caller stores the order.
func (p *plan) note(order *Order, text string) (int64, error) {
	if len(order.Notes) >= maxNotes {
		return 0, &Error{
			Code:    CodeCapacity,
			Message: fmt.Sprintf("the order has as many notes as it may, %d; reset the account, or place another order", maxNotes),
		}
	}
	note := Note{ID: next(&p.seq.Note), Text: text}
	order.Notes = append(slices.Clip(order.Notes), note) // clipped: the store shares the former array
	return note.ID, nil
}
