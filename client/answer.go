package client

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"github.com/pkio-tools/certcentral/gen/api"
)

// This file turns answers that are not what was hoped for into errors. A proxy or a debugging tool may repeat the
// request in its answer, so nothing of such a body reaches the text of an error but the service's own codes, and the
// title of an HTML page where the request held nothing but the key. What does reach it, redact.go rids of secrets.

// An answer is a response whose body has been read.
type answer struct {
	resp *http.Response
	body []byte
	err  error // of reading the body
	// titled is whether the title of an HTML page may be told: when nothing in it can stem from the request but the key.
	titled bool
	redact redactor
}

// decodeJSON reads a body as a W, which convert turns into a T. A body that lists errors is none, whatever its status:
// where nothing is required of a W it would pass for an empty one.
func decodeJSON[W, T any](a answer, convert func(W) (T, error)) (T, error) {
	var (
		none     T
		wire     W
		envelope struct {
			Errors any `json:"errors"`
		}
	)
	if bytes.Equal(bytes.TrimSpace(a.body), []byte("null")) {
		return none, &wireError{path: "the whole", reason: "is null"}
	}
	if err := json.Unmarshal(a.body, &envelope); err != nil {
		return none, err
	}
	if list, ok := envelope.Errors.([]any); envelope.Errors != nil && (!ok || len(list) > 0) {
		return none, &wireError{path: "errors", reason: "is there in spite of a status of success"}
	}
	if err := json.Unmarshal(a.body, &wire); err != nil {
		return none, err
	}
	v, err := convert(wire)
	if err != nil {
		return none, err
	}
	return v, nil
}

// readRefusal fills e from an answer whose status is not 2xx.
func (e *Error) readRefusal(a answer) {
	if a.err != nil {
		e.Note, e.cause = describe(a.err), a.err
		return
	}
	if e.Errors = readEnvelope(a.body); len(e.Errors) > 0 {
		return
	}
	if a.resp.StatusCode/100 == 3 {
		e.Note = "a redirect, which is not followed"
		if to, err := url.Parse(a.resp.Header.Get("Location")); err == nil && to.Host != "" {
			e.Note = "a redirect to " + a.redact.text(to.Host, 80) + ", which is not followed"
		}
		return
	}
	e.Note = "the answer is not the service's but " + a.summary()
}

// readEnvelope returns the reasons in a body, or nil if it is not the service's envelope.
func readEnvelope(body []byte) []ErrorDetail {
	var envelope api.ErrorEnvelope
	if err := json.Unmarshal(body, &envelope); err != nil {
		return nil
	}
	var details []ErrorDetail
	for _, reason := range envelope.Errors {
		if reason.Code != "" {
			details = append(details, ErrorDetail{Code: reason.Code, Message: reason.Message})
		}
	}
	return details
}

// summary says in a few words what the body is.
func (a answer) summary() string {
	if len(a.body) == 0 {
		return "empty"
	}
	mediaType, _, err := mime.ParseMediaType(a.resp.Header.Get("Content-Type"))
	if err != nil {
		mediaType = "untyped"
	}
	summary := fmt.Sprintf("%d bytes of %s", len(a.body), a.redact.text(mediaType, 60))
	if a.titled && mediaType == "text/html" {
		if title := a.redact.text(htmlTitle(a.body), 80); title != "" {
			summary += fmt.Sprintf(" titled %q", title)
		}
	}
	return summary
}

// htmlTitle returns the title of a page, or nothing if it has none near its beginning.
func htmlTitle(body []byte) string {
	page := string(body[:min(len(body), 4096)])
	lower := strings.ToLower(page)
	if len(lower) != len(page) {
		return "" // a character whose lower case is longer: no position of one holds in the other
	}
	start := strings.Index(lower, "<title")
	if start < 0 {
		return ""
	}
	open := strings.Index(lower[start:], ">")
	if open < 0 {
		return ""
	}
	start += open + 1
	end := strings.Index(lower[start:], "</title")
	if end < 0 {
		return ""
	}
	return html.UnescapeString(page[start : start+end])
}

// describe says why an answer could not be used. The errors of encoding/json may repeat what they could not
// read, so that their texts are not used.
func describe(err error) string {
	var (
		mistyped  *json.UnmarshalTypeError
		malformed *json.SyntaxError
		lacking   *wireError
	)
	switch {
	case errors.As(err, &mistyped):
		what, _, _ := strings.Cut(mistyped.Value, " ")
		return fmt.Sprintf("the answer does not fit the contract: %s is of type %s", cmp.Or(mistyped.Field, "the whole"), what)
	case errors.As(err, &malformed):
		return fmt.Sprintf("the answer is malformed JSON at byte %d", malformed.Offset)
	case errors.As(err, &lacking):
		return "the answer does not fit the contract: " + lacking.Error()
	default:
		return err.Error()
	}
}

// sanitize makes text fit for one line of a log: printable characters, single blanks, at most limit bytes or so.
func sanitize(s string, limit int) string {
	var b strings.Builder
	blank := false
	for _, r := range s {
		if b.Len() >= limit {
			b.WriteString("…")
			break
		}
		if unicode.IsSpace(r) || !unicode.IsPrint(r) {
			blank = true
			continue
		}
		if blank && b.Len() > 0 {
			b.WriteByte(' ')
		}
		blank = false
		b.WriteRune(r)
	}
	return b.String()
}
