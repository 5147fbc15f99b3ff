package domain

import (
	"errors"
	"strings"
)

// Codes of refusals. The answers of the real service in these cases are unknown, so the codes are
// ours (D-29), except those of the form not_found|X, which follow the documented not_found|order.
const (
	CodeInvalidField               = "invalid_field"
	CodeMissingField               = "missing_field"
	CodeInvalidOrganization        = "invalid_organization"
	CodeInactiveOrganization       = "inactive_organization"
	CodeDuplicateOrganization      = "duplicate_organization"
	CodeOrganizationInUse          = "organization_in_use"
	CodeInvalidIndividual          = "invalid_individual"
	CodeInvalidUser                = "invalid_user"
	CodeUserInUse                  = "user_in_use"
	CodeMissingVerifiedContact     = "missing_verified_contact"
	CodeTooManyVerifiedContacts    = "too_many_verified_contacts"
	CodeMissingOrganizationContact = "missing_organization_contact"
	CodeInsufficientFunds          = "insufficient_funds"
	CodeOrderStatusConflict        = "order_status_conflict"
	CodeTimeFrameTooLong           = "time_frame_too_long"
	CodeCertUnavailable            = "cert_unavailable_processing"
	CodeTokenConflict              = "token_conflict"
	CodeTokenLocked                = "token_locked"
	CodeNotSettled                 = "not_settled"
	CodeNotValidated               = "organization_not_validated"
	CodeNotCalled                  = "not_called"
	CodeJournalOff                 = "journal_off"
	CodeCallNotFound               = "not_found|call"
	CodeInvalidFault               = "invalid_fault"
	CodeTooManyFaults              = "too_many_faults"
	CodeInvalidInitCode            = "invalid_init_code"
	CodeInvalidPIN                 = "invalid_pin"
	CodeCertificateNotFound        = "not_found|certificate"
	CodeCANotFound                 = "not_found|ca"
	CodeMissingPermission          = "access_denied|missing_permission"
	CodeOrderNotFound              = "not_found|order"
	CodeOrganizationNotFound       = "not_found|organization"
	CodeValidationNotFound         = "not_found|validation"
	CodeAccountNotFound            = "not_found|account"
	CodeRequestNotFound            = "not_found|request"
	CodeUserNotFound               = "not_found|user"
	CodeContainerNotFound          = "not_found|container"
	CodeProductNotFound            = "not_found|product"
	CodeFaultNotFound              = "not_found|fault"
	CodeCapacity                   = "mock_capacity"
)

// An Error is one broken rule.
type Error struct {
	Code    string
	Path    string // of the wrong member, such as organization.contacts[0].user_id; may be empty
	Message string // for people, without any value of the request
	Hint    Hint   // what the client can do next; may be empty
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Is lets errors.Is compare by code.
func (e *Error) Is(target error) bool {
	var other *Error
	return errors.As(target, &other) && other.Code == e.Code
}

// Errors are all rules that one request breaks, in the order of the contract.
//
//nolint:recvcheck // an error is a value, and gathering changes it
type Errors []*Error

func (e Errors) Error() string {
	texts := make([]string, len(e))
	for i := range e {
		texts[i] = e[i].Error()
	}
	return strings.Join(texts, "; ")
}

// Is reports whether one of the errors is target.
func (e Errors) Is(target error) bool {
	for _, one := range e {
		if one.Is(target) {
			return true
		}
	}
	return false
}

func (e *Errors) add(code, path, message string) {
	*e = append(*e, &Error{Code: code, Path: path, Message: message})
}

func (e *Errors) addWithHint(code, path, message string, hint Hint) {
	*e = append(*e, &Error{Code: code, Path: path, Message: message, Hint: hint})
}

// err returns the errors as one error, or nil when there are none.
func (e Errors) err() error {
	if len(e) == 0 {
		return nil
	}
	return e
}

func notFound(code, message string, hint Hint) error {
	return &Error{Code: code, Message: message, Hint: hint}
}

// MissingPermission is the refusal of a request that its key or the user of the key may not send.
// The code is documented, the message has the form of the one that was recorded for a bad key
// (D-56).
func MissingPermission() *Error {
	return &Error{Code: CodeMissingPermission, Message: "Access denied due to missing_permission."}
}
