package control

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// An Error is a refusal of the mock: an answer whose status is not 2xx.
type Error struct {
	Method     string
	Path       string // such as "/_mock/account"
	StatusCode int
	// Errors has every reason of the mock. It is empty when the answer does not come from the control
	// API, but from another server, or by a fault rule of the server.
	Errors []ErrorReason
}

// Error lists all codes and messages.
func (e *Error) Error() string {
	reasons := make([]string, 0, len(e.Errors))
	for _, reason := range e.Errors {
		reasons = append(reasons, reason.Code+": "+reason.Message)
	}
	if len(reasons) == 0 {
		reasons = append(reasons, "the answer has no errors of the control API; is there a mock at this address?")
	}
	return fmt.Sprintf("%s %s: %d: %s", e.Method, e.Path, e.StatusCode, strings.Join(reasons, "; "))
}

// Has reports whether the mock gave a reason with this code. A code without a bar matches every
// detail: invalid_field matches invalid_field|balance.
func (e *Error) Has(code string) bool {
	for _, reason := range e.Errors {
		kind, _, _ := strings.Cut(reason.Code, "|")
		if reason.Code == code || kind == code {
			return true
		}
	}
	return false
}

// maxErrorBody is how much of a refusal is read.
const maxErrorBody = 1 << 20

// refusals makes an error of each answer whose status is not 2xx.
type refusals struct{ HttpRequestDoer }

// Do sends a request.
func (d refusals) Do(request *http.Request) (*http.Response, error) {
	answer, err := d.HttpRequestDoer.Do(request)
	if err != nil || answer.StatusCode/100 == 2 {
		return answer, err
	}
	defer answer.Body.Close()
	refusal := &Error{Method: request.Method, Path: request.URL.Path, StatusCode: answer.StatusCode}
	var envelope ErrorEnvelope
	// What cannot be read is no envelope; the status says enough then.
	if content, err := io.ReadAll(io.LimitReader(answer.Body, maxErrorBody)); err == nil && json.Unmarshal(content, &envelope) == nil {
		refusal.Errors = envelope.Errors
	}
	return nil, refusal
}
