package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/pkio-tools/certcentral/gen/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/journal"
)

// Decisions are where the decisions behind refusals are read. The names of their headings follow.
const decisionsLink = "https://github.com/pkio-tools/certcentral/blob/main/openapi/DECISIONS.md"

// The values of parameters that are left out.
const (
	defaultCalls     = 100
	defaultCallsWait = 5 * time.Second
)

// filters are the parameters by which all operations on a journal select calls.
type filters struct {
	operation []string
	status    *string
	order     *int64
	code      *string
	text      *string
	since     *int64
	control   *bool
}

// query turns parameters into a query. An operation of the control API, too, is asked for by its
// name.
func (a *API) query(f filters) (journal.Query, error) {
	q := journal.Query{
		Operations: f.operation, Status: value(f.status), Order: value(f.order), Code: value(f.code), Text: value(f.text),
		Since: value(f.since), Control: value(f.control),
	}
	for _, name := range f.operation {
		known, own := a.Operations(name)
		if !known {
			return q, &domain.Error{
				Code: domain.CodeInvalidField, Path: "operation",
				Message: "operation is not the operationId of an operation of this server, such as orderPkioOrganisationPerson or resetAccount",
			}
		}
		q.Control = q.Control || own
	}
	return q, nil
}

func limitOf(limit *int32) int {
	if limit == nil {
		return defaultCalls
	}
	return int(*limit)
}

// off is the refusal of a server without a journal; nil where there is one.
func (a *API) off() error {
	if a.Journal != nil {
		return nil
	}
	return &domain.Error{
		Code: domain.CodeJournalOff, Message: "the mock was started without a journal, with --journal=false (in Go: WithJournal(false))",
	}
}

// find returns the calls of an account that parameters select.
func (a *API) find(account domain.AccountID, f filters, limit int) (journal.Page, error) {
	if err := a.off(); err != nil {
		return journal.Page{}, err
	}
	q, err := a.query(f)
	if err != nil {
		return journal.Page{}, err
	}
	return a.Journal.Find(account, q, limit), nil
}

// ListCalls returns calls of the account.
func (a *API) ListCalls(ctx context.Context, request control.ListCallsRequestObject) (control.ListCallsResponseObject, error) {
	p := request.Params
	page, err := a.find(accountOf(ctx), filters{p.Operation, p.Status, p.Order, p.Code, p.Text, p.Since, p.Control}, limitOf(p.Limit))
	if err != nil {
		return nil, err
	}
	list, err := a.callsOut(page)
	return control.ListCalls200JSONResponse(list), err
}

// CountCalls counts calls of the account.
func (a *API) CountCalls(ctx context.Context, request control.CountCallsRequestObject) (control.CountCallsResponseObject, error) {
	p := request.Params
	page, err := a.find(accountOf(ctx), filters{p.Operation, p.Status, p.Order, p.Code, p.Text, p.Since, p.Control}, 0)
	return control.CountCalls200JSONResponse{Count: int64(page.Matched)}, err
}

// WaitForCalls waits until the journal of the account has a number of calls.
func (a *API) WaitForCalls(ctx context.Context, request control.WaitForCallsRequestObject) (control.WaitForCallsResponseObject, error) {
	if err := a.off(); err != nil {
		return nil, err
	}
	p := request.Params
	q, err := a.query(filters{p.Operation, p.Status, p.Order, p.Code, p.Text, p.Since, p.Control})
	if err != nil {
		return nil, err
	}
	count, longest := 1, defaultCallsWait
	if p.Count != nil {
		count = int(*p.Count)
	}
	if p.Timeout != nil {
		if longest, err = time.ParseDuration(*p.Timeout); err != nil {
			return nil, err // the contract allows no other form
		}
	}
	waiting, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	page, err := a.Journal.Wait(waiting, accountOf(ctx), q, limitOf(p.Limit), count)
	switch {
	case err == nil:
		list, err := a.callsOut(page)
		return control.WaitForCalls200JSONResponse(list), err
	case ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded):
		return nil, &domain.Error{
			Code: domain.CodeNotCalled, Message: fmt.Sprintf("%d of %d calls have come in %s; wait longer with ?timeout=, 60s at most", page.Matched, count, longest),
		}
	default:
		return nil, err
	}
}

// GetCall returns a call of the account.
func (a *API) GetCall(ctx context.Context, request control.GetCallRequestObject) (control.GetCallResponseObject, error) {
	call, err := a.call(accountOf(ctx), request.ID)
	return control.GetCall200JSONResponse(call), err
}

// DeleteCalls empties the journal of the account.
func (a *API) DeleteCalls(ctx context.Context, _ control.DeleteCallsRequestObject) (control.DeleteCallsResponseObject, error) {
	if err := a.off(); err != nil {
		return nil, err
	}
	a.Journal.Clear(accountOf(ctx))
	return control.DeleteCalls204Response{}, nil
}

// ListServerCalls returns calls that belong to no account.
func (a *API) ListServerCalls(_ context.Context, request control.ListServerCallsRequestObject) (control.ListServerCallsResponseObject, error) {
	p := request.Params
	page, err := a.find(journal.Server, filters{p.Operation, p.Status, p.Order, p.Code, p.Text, p.Since, p.Control}, limitOf(p.Limit))
	if err != nil {
		return nil, err
	}
	list, err := a.callsOut(page)
	return control.ListServerCalls200JSONResponse(list), err
}

// GetServerCall returns a call that belongs to no account.
func (a *API) GetServerCall(_ context.Context, request control.GetServerCallRequestObject) (control.GetServerCallResponseObject, error) {
	call, err := a.call(journal.Server, request.ID)
	return control.GetServerCall200JSONResponse(call), err
}

// DeleteServerCalls forgets the calls that belong to no account.
func (a *API) DeleteServerCalls(context.Context, control.DeleteServerCallsRequestObject) (control.DeleteServerCallsResponseObject, error) {
	if err := a.off(); err != nil {
		return nil, err
	}
	a.Journal.Clear(journal.Server)
	return control.DeleteServerCalls204Response{}, nil
}

func (a *API) call(account domain.AccountID, id int64) (control.Call, error) {
	if err := a.off(); err != nil {
		return control.Call{}, err
	}
	found, there := a.Journal.Get(account, id)
	if !there {
		return control.Call{}, &domain.Error{Code: domain.CodeCallNotFound, Message: "call not found: the journal has no call " +
			strconv.FormatInt(id, 10) + "; it may have been dropped, or the journal emptied"}
	}
	return a.callOut(found)
}

func (a *API) callsOut(page journal.Page) (control.CallList, error) {
	out := control.CallList{Calls: make([]control.Call, len(page.Calls)), Matched: int64(page.Matched), Dropped: page.Dropped}
	for i, call := range page.Calls {
		var err error
		if out.Calls[i], err = a.callOut(call); err != nil {
			return out, err
		}
	}
	return out, nil
}

func (a *API) callOut(call *journal.Call) (control.Call, error) {
	out := control.Call{
		ID: call.ID, Time: call.Time.UTC().Format(time.RFC3339Nano), Operation: optional(call.Operation), Method: call.Method, Path: call.Path,
		RequestID: call.RequestID, Outcome: control.CallOutcome(call.Outcome), DurationMs: float64(call.Duration.Microseconds()) / 1e3,
		Control: call.Control, Orders: listOf(call.Orders), Fault: optional(call.Fault), Ignored: listOf(call.Ignored), Tolerated: listOf(call.Tolerated),
		Codes: make([]control.CallCode, len(call.Refusals)), Decisions: []control.CallDecision{},
	}
	if call.User != 0 {
		out.UserID = &call.User
	}
	if call.Status != 0 {
		status := int32(call.Status) //nolint:gosec // three digits
		out.Status = &status
	}
	var cited []string
	for i, refusal := range call.Refusals {
		out.Codes[i] = control.CallCode{Code: refusal.Code, Path: optional(refusal.Path), Decisions: listOf(refusal.Decisions)}
		cited = append(cited, refusal.Decisions...)
	}
	slices.Sort(cited)
	for _, id := range slices.Compact(cited) {
		out.Decisions = append(out.Decisions, control.CallDecision{ID: id, Link: decisionsLink + "#" + a.Anchor(id)})
	}
	var err error
	if call.Query != "" {
		err = json.Unmarshal([]byte(call.Query), &out.Query)
	}
	var badRequest, badResponse error
	out.Request, badRequest = messageOut(call.Request)
	out.Response, badResponse = messageOut(call.Response)
	return out, errors.Join(err, badRequest, badResponse)
}

// listOf is never nil: an empty list is [] in JSON.
func listOf[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func messageOut(message journal.Message) (control.CallMessage, error) {
	out := control.CallMessage{MediaType: optional(message.MediaType), Length: message.Length}
	if message.Body != "" {
		out.Body = json.RawMessage(message.Body)
	}
	if message.Omitted != "" {
		omitted := control.OmittedBody(message.Omitted)
		out.Omitted = &omitted
	}
	return out, json.Unmarshal([]byte(message.Headers), &out.Headers)
}
