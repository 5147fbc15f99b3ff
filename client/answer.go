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

// This file reads answers and makes errors of those that cannot be used. A proxy may repeat the
// request in its answer. The text of an error therefore takes from a body only the codes of the
// service and, if the request had no body, the title of an HTML page. The code in redact.go removes
// secrets from both.

// An answer is an HTTP response whose body has been read.
type answer struct {
	resp *http.Response
	body []byte
	err  error // the error of reading the body
	// showTitle is whether an error may contain the title of an HTML page: only if the request
	// changes nothing, and so has no body that the title could repeat.
	showTitle bool
	redactor  redactor
}

// decodeJSON reads a body as a W, and convert makes a T of it. A body with errors is refused, also
// with a status of success: if no member of W is required, such a body would be read as an empty W.
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
			e.Note = "a redirect to " + a.redactor.redactLine(to.Host, 80) + ", which is not followed"
		}
		return
	}
	e.Note = "the answer is not the service's but " + a.summary()
}

// readEnvelope returns the reasons in a body, or nil if the body is not the service's error
// envelope.
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

// summary describes the body in a few words: its size, its media type and its title.
func (a answer) summary() string {
	if len(a.body) == 0 {
		return "empty"
	}
	mediaType, _, err := mime.ParseMediaType(a.resp.Header.Get("Content-Type"))
	if err != nil {
		mediaType = "untyped"
	}
	summary := fmt.Sprintf("%d bytes of %s", len(a.body), a.redactor.redactLine(mediaType, 60))
	if a.showTitle && mediaType == "text/html" {
		if title := a.redactor.redactLine(htmlTitle(a.body), 80); title != "" {
			summary += fmt.Sprintf(" titled %q", title)
		}
	}
	return summary
}

// htmlTitle returns the title of an HTML page, or an empty text if the first 4096 bytes have none.
func htmlTitle(body []byte) string {
	page := string(body[:min(len(body), 4096)])
	lower := strings.ToLower(page)
	if len(lower) != len(page) {
		return "" // a lower-case letter is longer in UTF-8, so that positions in lower are not positions in page
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

// describe says why an answer could not be used. It does not use the texts of errors of
// encoding/json, since they may repeat the body.
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

// sanitize makes a text fit for one line of a log: printable characters, single blanks, about limit
// bytes at most.
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
