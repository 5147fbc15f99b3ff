package client

import (
	"net/http"
)

// A RequestOption configures a single call. The call fails with an [*ArgumentError] if an option is
// nil or has a wrong value.
type RequestOption func(*call) error

// call holds the options of one call.
type call struct {
	requestID string
	into      **http.Response
}

// WithRequestID sends id in the header X-Request-Id. The id identifies the call in the logs of a
// gateway or of the mock server, and stands in [Error.RequestID]. It is 1 to 128 printable ASCII
// characters.
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

// WithResponseInto stores the HTTP response of the call in *resp, also if the call fails. Its main
// use is to read the status and the headers. The body can be read again, up to 8 MiB. The field
// Request is nil, since the request holds the API key. The headers and the body are as the server
// sent them: if the server repeats the request, they hold the secrets of the request. If no answer
// arrived, *resp is nil. An iterator stores the response of its last page.
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
