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

// maxNotes is how many notes an order can have. Orders and the length of a note are bounded, and this bounds the rest.
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

// note adds a note to an order that is about to be changed, and returns its id.
func (p *plan) note(order *Order, text string) (int64, error) {
	if len(order.Notes) >= maxNotes {
		return 0, &Error{
			Code:    CodeCapacity,
			Message: fmt.Sprintf("the order has as many notes as it may, %d; reset the account, or place another order", maxNotes),
		}
	}
	note := Note{ID: next(&p.seq.Note), Text: text}
	order.Notes = append(slices.Clip(order.Notes), note) // clipped, since what a store keeps must not change
	return note.ID, nil
}
