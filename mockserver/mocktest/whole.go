package mocktest

import (
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/control"
)

// A WholeServer is what the accounts of a mock share, and the accounts themselves.
type WholeServer struct {
	tb      testing.TB
	s       *Server
	control *control.ClientWithResponses
}

// WholeServer returns what the accounts of the mock share: their faults, a clock, and the calls that
// belong to no account.
func (s *Server) WholeServer(tb testing.TB) WholeServer {
	tb.Helper()
	var opts []control.ClientOption
	if s.ControlToken != "" {
		opts = append(opts, control.WithToken(s.ControlToken))
	}
	return WholeServer{tb: tb, s: s, control: s.steer(tb, opts...)}
}

// Clock returns the clock of the server.
func (w WholeServer) Clock() Clock { return Clock{tb: w.tb, control: w.control, whole: true} }

// Fail makes requests of every account go wrong, after the faults of the account itself. It also
// knows the operations "listCAs", "downloadCAFile" and "ocsp", for an outage of revocation.
func (w WholeServer) Fail(fault Fault) Rule {
	w.tb.Helper()
	in, err := fault.input()
	check(w.tb, "make a fault", err)
	made, err := w.control.CreateServerFaultWithResponse(background(), in)
	check(w.tb, "make a fault", err)
	return Rule{ID: made.JSON201.ID, control: w.control, whole: true}
}

// Faults returns the rules of the whole server, in the order in which they are tried.
func (w WholeServer) Faults() []control.FaultRule {
	w.tb.Helper()
	list, err := w.control.ListServerFaultsWithResponse(background())
	check(w.tb, "list the faults", err)
	return list.JSON200.Faults
}

// ClearFaults ends all faults of the whole server. Those of accounts stay.
func (w WholeServer) ClearFaults() {
	w.tb.Helper()
	_, err := w.control.DeleteServerFaultsWithResponse(background())
	check(w.tb, "delete the faults", err)
}

// Journal returns the calls that all filters select among those that belong to no account: their key
// was refused, or no route is theirs.
func (w WholeServer) Journal(filters ...Filter) []Call {
	w.tb.Helper()
	list, err := w.control.ListServerCallsWithResponse(background(), nil, listed(filters))
	check(w.tb, "read the journal", err)
	return list.JSON200.Calls
}

// Call returns a call of the server's journal.
func (w WholeServer) Call(id int64) Call {
	w.tb.Helper()
	call, err := w.control.GetServerCallWithResponse(background(), id)
	check(w.tb, "read a call", err)
	return *call.JSON200
}

// ClearJournal empties the journal of the server. Those of accounts stay.
func (w WholeServer) ClearJournal() {
	w.tb.Helper()
	_, err := w.control.DeleteServerCallsWithResponse(background())
	check(w.tb, "empty the journal", err)
}

// Accounts returns the accounts of the server, those that were opened first at the beginning.
func (w WholeServer) Accounts() []control.AccountSummary {
	w.tb.Helper()
	var all []control.AccountSummary
	for {
		page, err := w.control.ListAccountsWithResponse(background(), &control.ListAccountsParams{Offset: new(int64(len(all)))})
		check(w.tb, "list the accounts", err)
		all = append(all, page.JSON200.Accounts...)
		if len(page.JSON200.Accounts) == 0 || int64(len(all)) >= page.JSON200.Page.Total {
			return all
		}
	}
}

// CreateAccount makes an account, also where [mockserver.WithAPIKeys] closes the list of keys. A
// reset puts it back to these settings. It returns the server as that account sees it, with the key
// of its administrator, and the id of the account.
func (w WholeServer) CreateAccount(settings ...Setting) (account *Server, id string) {
	w.tb.Helper()
	in := changed(w.tb, settings)
	made, err := w.control.CreateAccountWithResponse(background(), control.AccountInput{Settings: &in})
	check(w.tb, "make an account", err)
	return w.s.For(w.tb, made.JSON201.Keys[0].APIKey), made.JSON201.ID
}

// ResetAccount puts an account back to its first state.
func (w WholeServer) ResetAccount(id string) {
	w.tb.Helper()
	_, err := w.control.ResetAccountByIDWithResponse(background(), id)
	check(w.tb, "reset the account", err)
}

// DeleteAccount deletes an account.
func (w WholeServer) DeleteAccount(id string) {
	w.tb.Helper()
	_, err := w.control.DeleteAccountWithResponse(background(), id)
	check(w.tb, "delete the account", err)
}
