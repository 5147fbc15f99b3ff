package mocktest

import (
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/control"
)

// A Rule is a fault that is in force.
type Rule struct {
	ID string // as X-Mock-Fault and the journal name it

	control *control.ClientWithResponses
	whole   bool // a rule of the whole server
}

// Fail makes requests to the account go wrong, from the next one on.
func (s *Server) Fail(tb testing.TB, fault Fault) Rule {
	tb.Helper()
	in, err := fault.input()
	check(tb, "make a fault", err)
	made, err := s.control.CreateFaultWithResponse(background(), in)
	check(tb, "make a fault", err)
	return Rule{ID: made.JSON201.ID, control: s.control}
}

// Faults returns the rules of the account, in the order in which they are tried.
func (s *Server) Faults(tb testing.TB) []control.FaultRule {
	tb.Helper()
	list, err := s.control.ListFaultsWithResponse(background())
	check(tb, "list the faults", err)
	return list.JSON200.Faults
}

// ClearFaults ends all faults of the account.
func (s *Server) ClearFaults(tb testing.TB) {
	tb.Helper()
	_, err := s.control.DeleteFaultsWithResponse(background())
	check(tb, "delete the faults", err)
}

// Hits returns how many requests went wrong by the rule.
func (r Rule) Hits(tb testing.TB) int {
	tb.Helper()
	if r.whole {
		rule, err := r.control.GetServerFaultWithResponse(background(), r.ID)
		check(tb, "read the fault", err)
		return int(rule.JSON200.Hits)
	}
	rule, err := r.control.GetFaultWithResponse(background(), r.ID)
	check(tb, "read the fault", err)
	return int(rule.JSON200.Hits)
}

// Delete ends the rule.
func (r Rule) Delete(tb testing.TB) {
	tb.Helper()
	var err error
	if r.whole {
		_, err = r.control.DeleteServerFaultWithResponse(background(), r.ID)
	} else {
		_, err = r.control.DeleteFaultWithResponse(background(), r.ID)
	}
	check(tb, "delete the fault", err)
}
