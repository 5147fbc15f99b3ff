package mocktest

import (
	"strconv"
	"testing"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver/control"
)

// A Step is an option of [Server.Move] and of the moves of a [Token].
type Step func(*step)

type step struct{ reason *string }

// Reason says why an order or a token moves. It becomes a note of the order.
func Reason(text string) Step { return func(s *step) { s.reason = &text } }

func reason(steps []Step) *string {
	var all step
	for _, apply := range steps {
		apply(&all)
	}
	return all.reason
}

// Move moves an order to another state, along an arrow of openapi/LIFE.md.
// [certcentral.OrderIssued] goes the whole way, and [certcentral.OrderExpired] sets the clock of the
// account past the end of the certificate.
func (s *Server) Move(tb testing.TB, orderID int64, to certcentral.OrderStatus, steps ...Step) {
	tb.Helper()
	in := control.TransitionInput{To: control.OrderStateInput(to), Reason: reason(steps)}
	_, err := s.control.MoveOrderWithResponse(background(), strconv.FormatInt(orderID, 10), nil, in)
	check(tb, "move the order", err)
}

// MoveValidation moves a validation of an organization, such as "ov", to "pending", "active" or
// "expired".
func (s *Server) MoveValidation(tb testing.TB, organizationID int64, kind, to string) {
	tb.Helper()
	in := control.ValidationTransitionInput{To: control.ValidationStep(to)}
	_, err := s.control.MoveValidationWithResponse(background(), organizationID, control.ValidationKind(kind), in)
	check(tb, "move the validation", err)
}
