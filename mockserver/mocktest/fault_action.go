package mocktest

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/control"
)

// AfterServing makes the fault happen after the request was carried out: its effects stay, and its
// answer is replaced or lost. Without it nothing is carried out where the fault replaces the answer.
func (f Fault) AfterServing() Fault {
	f.action.When = new(control.FaultActionWhenAfter)
	return f
}

// Respond answers with this status in place of the mock.
func (f Fault) Respond(status int32) Fault {
	return f.respond(func(answer *control.FaultRespond) { answer.Status = &status })
}

// Catalogue answers with an error of the catalogue, such as "insufficient_funds" or "html_502".
func (f Fault) Catalogue(name string) Fault {
	return f.respond(func(answer *control.FaultRespond) { answer.Catalogue = new(control.FaultCatalogue(name)) })
}

// Error adds an error to the answer of Respond, in the vendor's form.
func (f Fault) Error(code, message string) Fault {
	return f.respond(func(answer *control.FaultRespond) {
		answer.Errors = append(slices.Clone(answer.Errors), control.FaultError{Code: code, Message: message})
	})
}

// Body sets the body of the answer of Respond. A string is sent as it is, as text/plain, and any
// other value as JSON.
func (f Fault) Body(body any) Fault {
	encoded, err := json.Marshal(body)
	f.err = cmp.Or(f.err, err)
	return f.respond(func(answer *control.FaultRespond) { answer.Body = encoded })
}

// Header adds a header to the answer of Respond or Catalogue.
func (f Fault) Header(name, value string) Fault {
	return f.respond(func(answer *control.FaultRespond) { answer.Headers = with(answer.Headers, name, value) })
}

// respond changes a copy of the answer.
func (f Fault) respond(change func(*control.FaultRespond)) Fault {
	var answer control.FaultRespond
	if f.action.Respond != nil {
		answer = *f.action.Respond
	}
	change(&answer)
	f.action.Respond = &answer
	return f
}

// ContentType sets the Content-Type of the answer, whatever its body is. An empty one leaves the
// header out.
func (f Fault) ContentType(mediaType string) Fault {
	f.action.ContentType = &mediaType
	return f
}

// RetryAfter adds the header Retry-After, in seconds.
func (f Fault) RetryAfter(seconds int32) Fault {
	f.action.RetryAfter = new(control.FaultRetryAfter)
	f.err = cmp.Or(f.err, f.action.RetryAfter.FromFaultRetryAfter0(seconds))
	return f
}

// RetryAt adds the header Retry-After, with a date.
func (f Fault) RetryAt(at time.Time) Fault { return f.RetryAfterText(at.UTC().Format(http.TimeFormat)) }

// RetryAfterText adds the header Retry-After with any text, also one that no client can read.
func (f Fault) RetryAfterText(text string) Fault {
	f.action.RetryAfter = new(control.FaultRetryAfter)
	f.err = cmp.Or(f.err, f.action.RetryAfter.FromFaultRetryAfter1(text))
	return f
}

// LoseAnswer serves the request and closes the connection without an answer, so that its outcome is
// unknown to the client.
func (f Fault) LoseAnswer() Fault { return f.AfterServing().Cut("before_headers") }

// Cut closes the connection: "before_headers", "in_headers", "in_body" or "reset".
func (f Fault) Cut(where string) Fault {
	f.action.Cut = new(control.FaultActionCut(where))
	return f
}

// Truncate closes the connection after so many bytes of the body.
func (f Fault) Truncate(bytes int32) Fault {
	f.action.Truncate = &bytes
	return f
}

// Delay answers later, by real time.
func (f Fault) Delay(d time.Duration) Fault {
	f.action.Delay = new(control.FaultDelay)
	f.err = cmp.Or(f.err, f.action.Delay.FromFaultDelay0(d.String()))
	return f
}

// DelayBetween answers later, by real time. Chance decides how much.
func (f Fault) DelayBetween(least, most time.Duration) Fault {
	f.action.Delay = new(control.FaultDelay)
	between := control.FaultDelayRange{Min: least.String(), Max: most.String()}
	f.err = cmp.Or(f.err, f.action.Delay.FromFaultDelayRange(between))
	return f
}

// Dribble sends the body of the answer slowly, so many bytes a second.
func (f Fault) Dribble(bytes int32) Fault {
	f.action.Dribble = &bytes
	return f
}

// Hang never answers. The connection is open until the client closes it, or for 10 minutes.
func (f Fault) Hang() Fault {
	f.action.Hang = new(true)
	return f
}

// Preset is a bundle of faults in place of the other actions: "flaky", "gateway", "slow" or
// "rate_limited". The same seed chooses the same requests. It has no end, unless Times sets one.
func (f Fault) Preset(name string, seed int64) Fault {
	f.preset, f.seed = new(control.FaultPreset(name)), &seed
	return f
}
