package client

import (
	"net/http"
)

// A RequestOption changes a single call. An option with a wrong value makes the call fail with an [*ArgumentError].
type RequestOption func(*call) error

// call is what the options of one call add up to.
type call struct {
	requestID string
	into      **http.Response
}

// WithRequestID sends id in the header X-Request-Id, to find the call again in the logs of a gateway or of the mock
// server. It comes back in [Error.RequestID]. An id is 1 to 128 printable ASCII characters.
func WithRequestID(id string) RequestOption {
	return func(k *call) error {
		if id == "" || len(id) > 128 {
			return &ArgumentError{Path: requestIDHeader, Reason: "must have 1 to 128 characters"}
		}
		if err := checkHeaderValue(id); err != nil {
			return &ArgumentError{Path: requestIDHeader, Reason: err.Error()}
		}
		k.requestID = id
		return nil
	}
}

// WithResponseInto stores the HTTP response of the call at resp, whether the call succeeds or not, for its status and
// its headers. Its Body has been read, at most up to the limit of this package, and can be read again; its Request is
// nil, since that holds the API key. Its headers and its body are as the server sent them: one that repeats the request
// repeats its secrets. Where no answer arrived, resp is set to nil. An iterator stores the response of its last page.
func WithResponseInto(resp **http.Response) RequestOption {
	return func(k *call) error {
		if resp == nil {
			return &ArgumentError{Path: "WithResponseInto", Reason: "was given nil"}
		}
		*resp = nil
		k.into = resp
		return nil
	}
}
