package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// A RequestOption configures a single call. The call fails with an [*ArgumentError] if an option is
// nil or has a wrong value.
type RequestOption func(*call) error

// call holds the options of one call.
type call struct {
	requestID string
	into      **http.Response
	header    http.Header
	secrets   []Secret      // headers that hold a password or a token
	timeout   time.Duration // of each attempt; 0 means no limit
	baseURL   string        // another base URL, or empty

	// What the options are checked against.
	insecureHTTP bool
	setsAccept   bool // whether the call may set the header Accept
}

// newCall reads the options of a call of an operation.
func (c *Client) newCall(op operation, opts []RequestOption) (call, error) {
	plain := call{timeout: c.timeout, insecureHTTP: c.insecureHTTP, setsAccept: op.method != ""}
	if len(opts) == 0 {
		return plain, nil
	}
	k := plain // a copy that the options may change; a call without options takes no memory for it
	for i, opt := range opts {
		if opt == nil {
			return call{}, &ArgumentError{Operation: op.name(), Path: fmt.Sprintf("opts[%d]", i), Reason: "is nil: leave it out"}
		}
		if err := opt(&k); err != nil {
			return call{}, inOperation(op, err)
		}
	}
	return k, nil
}

// isNil reports whether an option is nil, or a RequestOption that is nil.
func isNil(opt any) bool {
	request, ok := opt.(RequestOption)
	return opt == nil || ok && request == nil
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
// arrived, *resp is nil. An iterator stores the response of its last page, and a call with retries
// the response of its last attempt.
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

// WithRequestHeader adds a header to the requests of the call, for example one that a gateway in
// front of the service needs. Given several times with one name, it adds several values. It does not
// set the headers that the client sets itself, such as the API key, nor headers of the connection.
// Only [Client.Do] takes the header Accept. Errors of the call hold no value of a header whose name
// suggests a secret, such as Authorization.
func WithRequestHeader(name, value string) RequestOption {
	return func(k *call) error {
		const path = "WithRequestHeader"
		if !isToken(name) {
			return &ArgumentError{Path: path, Reason: "was given a name that no header can have"}
		}
		name = http.CanonicalHeaderKey(name)
		if reason := reservedHeader(name, k.setsAccept); reason != "" {
			return &ArgumentError{Path: name, Reason: reason}
		}
		if err := checkHeaderValue(value); err != nil {
			return &ArgumentError{Path: name, Reason: err.Error()}
		}
		if k.header == nil {
			k.header = http.Header{}
		}
		k.header.Add(name, value)
		if namesSecret(name) && value != "" {
			// The scheme in front, such as Bearer, is no secret.
			_, credentials, _ := strings.Cut(value, " ")
			k.secrets = append(k.secrets, NewSecret(value), NewSecret(credentials))
		}
		return nil
	}
}

// reservedHeader returns why a call must not set a header, or an empty text.
func reservedHeader(name string, setsAccept bool) string {
	switch name {
	case "X-Dc-Devkey":
		return "is set by the client: use WithAPIKey or WithAPIKeySource"
	case requestIDHeader:
		return "is set by WithRequestID"
	case "Accept":
		if setsAccept {
			return ""
		}
		return "is set by the client"
	case "Accept-Encoding", "Content-Type", "Content-Encoding", "Content-Length":
		return "is set by the client"
	case "Host", "Connection", "Expect", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade":
		return "belongs to the connection"
	case "Idempotency-Key", "X-Idempotency-Key":
		return "would let net/http repeat a request that changes something, and the service does not know it"
	default:
		return ""
	}
}

// namesSecret reports whether the value of a header with this name is probably a secret.
func namesSecret(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"auth", "cookie", "key", "password", "secret", "token"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// WithRequestTimeout sets the time limit of each attempt of the call, as [WithTimeout] does for all
// calls. Zero means no limit.
func WithRequestTimeout(d time.Duration) RequestOption {
	return func(k *call) error {
		if d < 0 {
			return &ArgumentError{Path: "WithRequestTimeout", Reason: "must not be negative"}
		}
		k.timeout = d
		return nil
	}
}

// WithRequestBaseURL sends the requests of the call to another base URL, together with the API key.
// The rules of [WithBaseURL] apply.
func WithRequestBaseURL(baseURL string) RequestOption {
	return func(k *call) error {
		normalized, err := normalizeBaseURL(baseURL, "the base URL", k.insecureHTTP)
		if err != nil {
			reason, _ := strings.CutPrefix(err.Error(), "the base URL ")
			return &ArgumentError{Path: "WithRequestBaseURL", Reason: reason}
		}
		k.baseURL = normalized
		return nil
	}
}

// within returns a context with the time limit of an attempt.
func (k call) within(ctx context.Context) (context.Context, context.CancelFunc) {
	if k.timeout <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, k.timeout, &timeoutError{k.timeout})
}

// A timeoutError is the end of an attempt by its time limit.
type timeoutError struct{ limit time.Duration }

func (e *timeoutError) Error() string { return fmt.Sprintf("no answer within %v", e.limit) }

// Timeout is the method of [net.Error].
func (*timeoutError) Timeout() bool { return true }

// Is reports that the time limit is a deadline.
func (*timeoutError) Is(target error) bool { return target == context.DeadlineExceeded }

// moveTo changes the base URL of a request from one to the one of the call.
func (k call) moveTo(r *http.Request, from string) error {
	if k.baseURL == "" {
		return nil
	}
	rest, ok := strings.CutPrefix(r.URL.String(), from)
	if !ok {
		return errors.New("the request is not below the base URL")
	}
	to, err := url.Parse(k.baseURL + rest)
	if err != nil {
		return err
	}
	r.URL, r.Host = to, to.Host
	return nil
}

// isToken reports whether a text can be the name of a header or a method (RFC 9110, section 5.6.2).
func isToken(s string) bool {
	for _, r := range s {
		if r <= ' ' || r > '~' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r) {
			return false
		}
	}
	return s != ""
}
