package mocktest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/gen/control"
)

// For returns the server as another account sees it: the methods of the result act on the account of
// this key, which a new key opens. Client uses the key too.
func (s *Server) For(tb testing.TB, apiKey string) *Server {
	tb.Helper()
	other := *s
	other.APIKey = apiKey
	other.Client = s.ClientFor(tb, apiKey)
	return &other
}

// Key makes a key for a user of the account, so that a test can act as that user. The role decides
// what the key may do; the role 0 is no limit beyond those of the user.
func (s *Server) Key(tb testing.TB, userID, roleID int64) string {
	tb.Helper()
	in := control.KeyInput{UserID: json.Number(strconv.FormatInt(userID, 10))}
	if roleID != 0 {
		in.RoleID = new(control.KeyInputRoleID(roleID))
	}
	var made control.KeyCreated
	s.call(tb, "make a key", http.MethodPost, "/keys", in, &made)
	return made.APIKey
}

// Reset makes the account new: its orders, settings, faults, clock and journal are those of a fresh
// one.
func (s *Server) Reset(tb testing.TB) {
	tb.Helper()
	s.call(tb, "reset the account", http.MethodPost, "/reset", nil, nil)
}

// call calls an operation of the control API for the account. It fails the test when the operation
// is refused. The answer is decoded into out, or kept as it is when out is a *[]byte.
func (s *Server) call(tb testing.TB, what, method, path string, in, out any) {
	tb.Helper()
	var body io.Reader
	if in != nil {
		encoded, err := json.Marshal(in)
		if err != nil {
			tb.Fatalf("mocktest: %s: %v", what, err)
		}
		body = bytes.NewReader(encoded)
	}
	// The context of the test has ended when its cleanups run, which may call too.
	request, err := http.NewRequest(method, s.URL+"/_mock"+path, body) //nolint:noctx // see above
	if err != nil {
		tb.Fatalf("mocktest: %s: %v", what, err)
	}
	request.Header.Set("X-Dc-Devkey", s.APIKey)
	if in != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	answer, err := s.control.Do(request)
	if err != nil {
		tb.Fatalf("mocktest: %s: %v", what, err)
	}
	content, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if err != nil {
		tb.Fatalf("mocktest: %s: %v", what, err)
	}
	if answer.StatusCode >= http.StatusMultipleChoices {
		tb.Fatalf("mocktest: %s: %s %s: %d: %s", what, method, request.URL.Path, answer.StatusCode, reasons(content))
	}
	switch out := out.(type) {
	case nil:
	case *[]byte:
		*out = content
	default:
		if err := json.Unmarshal(content, out); err != nil {
			tb.Fatalf("mocktest: %s: %v", what, err)
		}
	}
}

// reasons lists the codes and messages of a refusal.
func reasons(content []byte) string {
	var envelope control.ErrorEnvelope
	if err := json.Unmarshal(content, &envelope); err != nil || len(envelope.Errors) == 0 {
		return string(content)
	}
	texts := make([]string, 0, len(envelope.Errors))
	for _, reason := range envelope.Errors {
		texts = append(texts, reason.Code+": "+reason.Message)
	}
	return strings.Join(texts, "; ")
}
