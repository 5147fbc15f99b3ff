package client

import (
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

// This file turns answers that are not what was hoped for into errors. Nothing of such a body reaches an error but
// the service's own codes and messages, and the title of an HTML page, since a proxy may repeat the request in it.

// readRefusal fills e from an answer whose status is not 2xx. The error is that of reading the body.
func (e *Error) readRefusal(resp *http.Response, body []byte, err error, key Secret) {
	if err != nil {
		e.Note, e.cause = describeAnswer(err), err
		return
	}
	if e.Errors = readEnvelope(body); len(e.Errors) > 0 {
		return
	}
	if resp.StatusCode/100 == 3 {
		e.Note = "a redirect, which is not followed"
		if to, err := url.Parse(resp.Header.Get("Location")); err == nil && to.Host != "" {
			e.Note = "a redirect to " + sanitize(to.Host, 80) + ", which is not followed"
		}
	} else {
		e.Note = "the answer is not the service's but " + describeBody(resp, body)
	}
	e.Note = strings.ReplaceAll(e.Note, key.Reveal(), redacted)
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

// describeBody says in a few words what a body is.
func describeBody(resp *http.Response, body []byte) string {
	if len(body) == 0 {
		return "empty"
	}
	mediaType, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		mediaType = "untyped"
	}
	description := fmt.Sprintf("%d bytes of %s", len(body), sanitize(mediaType, 60))
	if mediaType == "text/html" {
		if title := htmlTitle(body); title != "" {
			description += fmt.Sprintf(" titled %q", title)
		}
	}
	return description
}

// htmlTitle returns the title of a page, with long numbers masked.
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
	return maskNumbers(sanitize(html.UnescapeString(page[start:start+end]), 80))
}

// maskNumbers replaces runs of seven digits or more, blanks and hyphens between them included.
func maskNumbers(s string) string {
	var out, run strings.Builder
	digits := 0
	flush := func() {
		if digits >= 7 {
			out.WriteString(redacted)
		} else {
			out.WriteString(run.String())
		}
		run.Reset()
		digits = 0
	}
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			digits++
			run.WriteRune(r)
		case digits > 0 && (r == ' ' || r == '-'):
			run.WriteRune(r)
		default:
			flush()
			out.WriteRune(r)
		}
	}
	flush()
	return out.String()
}

// A wireError is an answer that is JSON but lacks, or spoils, what it must have.
type wireError struct{ path, reason string }

func (e *wireError) Error() string { return e.path + " " + e.reason }

// missing is the error of an answer without a member that it must have.
func missing(path string) error { return &wireError{path: path, reason: "is missing"} }

// within says in what part of an answer something is wrong.
func within(path string, err error) error {
	var w *wireError
	if !errors.As(err, &w) {
		return err
	}
	return &wireError{path: path + "." + w.path, reason: w.reason}
}

// describeAnswer says why an answer could not be used. The errors of encoding/json may repeat what they could not
// read, so they are not passed on.
func describeAnswer(err error) string {
	var (
		mistyped  *json.UnmarshalTypeError
		malformed *json.SyntaxError
		lacking   *wireError
	)
	switch {
	case errors.As(err, &mistyped):
		what, _, _ := strings.Cut(mistyped.Value, " ")
		return sanitize(fmt.Sprintf("the answer does not fit the contract: %s is of type %s",
			cmp.Or(mistyped.Field, "the whole"), what), 200)
	case errors.As(err, &malformed):
		return fmt.Sprintf("the answer is malformed JSON at byte %d", malformed.Offset)
	case errors.As(err, &lacking):
		return "the answer does not fit the contract: " + lacking.Error()
	default:
		return sanitize(err.Error(), 300)
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
