package transport

import (
	"context"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// ListOrderNotes returns the notes on an order.
func (a *API) ListOrderNotes(ctx context.Context, request server.ListOrderNotesRequestObject) (server.ListOrderNotesResponseObject, error) {
	out := api.NoteList{Notes: []api.Note{}}
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		order, err := domain.FindOrderByReference(r, request.OrderID)
		out.Notes = append(out.Notes, notesOut(order.Notes)...)
		return err
	})
	return server.ListOrderNotes200JSONResponse(out), err
}

// AddOrderNote adds a note to an order.
func (a *API) AddOrderNote(ctx context.Context, request server.AddOrderNoteRequestObject) (server.AddOrderNoteResponseObject, error) {
	var id int64
	err := a.update(ctx, func(r domain.Reader, _ domain.Actor) (changes domain.Changes, err error) {
		order, err := domain.FindOrderByReference(r, request.OrderID)
		if err != nil {
			return changes, err
		}
		id, changes, err = domain.AddNote(r, order.ID, request.Body.Text)
		return changes, err
	})
	return server.AddOrderNote201JSONResponse{ID: id}, err
}

func notesOut(notes []domain.Note) []api.Note {
	var out []api.Note
	for _, note := range notes {
		out = append(out, api.Note{ID: note.ID, Text: note.Text})
	}
	return out
}
