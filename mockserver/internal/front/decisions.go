package front

import (
	"slices"
	"strings"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/journal"
)

// refusals returns the errors of an answer with the decisions behind them.
func (f *Front) refusals(rec *record, list []api.ErrorReason) []journal.Refusal {
	if len(list) == 0 {
		return nil
	}
	refusals := make([]journal.Refusal, len(list))
	for i, one := range list {
		code := rec.masker.AnswerText(one.Code)
		refusals[i] = journal.Refusal{Code: code, Path: pathIn(code), Decisions: rec.decisions(code)}
	}
	return refusals
}

// pathIn returns the path of the wrong value in a code such as missing_field|organization.id. What
// other codes have there is no path.
func pathIn(code string) string {
	word, detail, _ := strings.Cut(code, "|")
	if word == "not_found" || word == "access_denied" {
		return ""
	}
	return detail
}

// decisions returns the decisions behind an error: of the rule that it names by its code, and where
// it names a value, of the schema of that value; otherwise of the operation. Without any, D-29 has
// the code.
func (rec *record) decisions(code string) []string {
	word, _, _ := strings.Cut(code, "|")
	all := DecisionsOf(code)
	if len(all) == 0 {
		all = DecisionsOf(word)
	}
	if path := pathIn(code); rec.op != nil && (path != "" || len(all) == 0) { // a path adds to what the code says
		all = append(all, rec.op.Decisions(path)...)
	}
	if len(all) == 0 {
		all = []string{"D-29"}
	}
	return slices.Compact(slices.Sorted(slices.Values(all)))
}

// DecisionsOf returns the decisions behind a code that follows from no schema. Those of the other
// codes depend on the operation. A test compares the list with DECISIONS.md.
func DecisionsOf(code string) []string {
	switch code {
	case "internal_error", "mock_stopping", "request_canceled", "request_too_large", "too_many_errors":
		return []string{"D-29"}
	case "access_denied|access_denied_invalid_key":
		return []string{"D-30"}
	case "too_many_verified_contacts", "missing_organization_contact", "missing_verified_contact":
		return []string{"D-31"}
	case "inactive_organization", "duplicate_organization":
		return []string{"D-32"}
	case "insufficient_funds":
		return []string{"D-34"}
	case "unknown_field":
		return []string{"D-36"}
	case "not_found|route", "method_not_allowed", "not_found|order":
		return []string{"D-38"}
	case "not_found|product":
		return []string{"D-38", "D-67"}
	case "not_settled":
		return []string{"D-41"}
	case "mock_capacity":
		return []string{"D-44"}
	case "bad_request_format":
		return []string{"D-47"}
	case "unsupported_media_type":
		return []string{"D-48"}
	case "request_limit_exceeded":
		return []string{"D-55"}
	case "access_denied|missing_permission":
		return []string{"D-56"}
	case "time_frame_too_long":
		return []string{"D-58"}
	case "organization_not_validated", "not_found|validation":
		return []string{"D-60"}
	case "organization_in_use":
		return []string{"D-61"}
	case "not_found|container":
		return []string{"D-65"}
	case "cert_unavailable_processing":
		return []string{"D-69"}
	case "not_found|ca":
		return []string{"D-73"}
	case "token_conflict", "token_locked", "invalid_init_code", "invalid_pin":
		return []string{"D-74"}
	case "cross_origin_request", "misdirected_request":
		return []string{"D-75"}
	case "user_in_use":
		return []string{"D-76"}
	case "not_found|account":
		return []string{"D-86"}
	case "invalid_control_token", "loopback_only":
		return []string{"D-79"}
	case "not_called", "journal_off", "not_found|call":
		return []string{"D-82"}
	case "too_many_faults", "invalid_fault", "not_found|fault":
		return []string{"D-83"}
	default:
		return nil
	}
}
