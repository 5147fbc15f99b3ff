package client

import (
	"context"
	"net/http"
	"strconv"

	"github.com/pkio-tools/certcentral/gen/api"
)

// A Note is a note on an order.
type Note struct {
	// ID is the id of the note.
	ID int64
	// Text is the text of the note.
	Text string
}

// A CreatedNote holds the id of a new note.
type CreatedNote struct {
	// ID is the id of the note.
	ID int64
}

// Notes returns the notes on an order, the oldest first. Operation: listOrderNotes.
//
// The vendor's page, which shows the notes:
// https://dev.digicert.com/certcentral-apis/services-api/orders/order-info.html
func (s *OrderService) Notes(ctx context.Context, id int64, opts ...RequestOption) ([]Note, error) {
	op := operation{id: "listOrderNotes"}
	if err := checkID("order_id", id); err != nil {
		return nil, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListOrderNotes(ctx, strconv.FormatInt(id, 10), edit)
		},
		func(w listAnswer[api.NoteList]) ([]Note, error) {
			return wholeList("notes", w.list.Notes, w.page, func(w api.Note) (Note, error) {
				if w.ID <= 0 {
					return Note{}, missing("id")
				}
				return noteFrom(w), nil
			})
		})
}

// AddNote adds a note to an order. After [ErrOutcomeUnknown] the note may exist;
// [OrderService.Notes] shows whether it does. Operation: addOrderNote.
//
// The vendor's page, which shows the notes:
// https://dev.digicert.com/certcentral-apis/services-api/orders/order-info.html
func (s *OrderService) AddNote(
	ctx context.Context, id int64, text string, opts ...RequestOption,
) (CreatedNote, error) {
	op := operation{id: "addOrderNote"}
	if err := checkID("order_id", id); err != nil {
		return CreatedNote{}, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.AddOrderNote(ctx, strconv.FormatInt(id, 10), api.NoteCreate{Text: text}, edit)
		},
		func(w api.NoteRef) (CreatedNote, error) {
			if w.ID <= 0 {
				return CreatedNote{}, missing("id")
			}
			return CreatedNote{ID: w.ID}, nil
		})
}

func noteFrom(w api.Note) Note { return Note{ID: w.ID, Text: w.Text} }

func notesFrom(ws []api.Note) []Note {
	notes := make([]Note, 0, len(ws))
	for _, w := range ws {
		notes = append(notes, noteFrom(w))
	}
	return notes
}
