package client

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/pkio-tools/certcentral/gen/api"
)

// An operation describes an operation of the contract for the call that carries it out.
type operation struct {
	// id is its operationId in the contract. It is empty for a request of Client.Do that the contract
	// does not have.
	id string
	// method and path are the ones of a request of Client.Do, the path without its query. They are
	// empty for all other methods of the client.
	method, path string
	// contract is what the contract says about the operation. Method described fills it.
	contract api.Operation
	// accept is the header Accept of the request. The default is JSON.
	accept string
	// read reads the body of an answer. The default is readBody. A request is repeated after an
	// error of read only if this is errBrokeOff.
	read func(*http.Response) ([]byte, error)
	// secrets are the secrets of the request, in addition to the API key. No error may repeat them.
	secrets []Secret
}

// described returns the operation with what the contract says about it. An operation that the contract
// does not have counts as one that changes something.
func (o operation) described() operation {
	o.contract, _ = api.OperationByID(o.id)
	return o
}

// name returns the operationId. A request that the contract does not have is named by its method and
// its path.
func (o operation) name() string {
	if o.id == "" && o.method != "" {
		return strings.TrimSpace(o.method + " " + o.path)
	}
	return o.id
}

// call returns what middleware is told about an attempt.
func (o operation) call(attempt int) Call {
	return Call{OperationID: o.id, Route: o.contract.Path, Attempt: attempt}
}

// changes reports whether the operation changes anything: it does unless its method in the contract,
// or the one given to Client.Do, only reads.
func (o operation) changes() bool {
	if o.method != "" {
		return changing(o.method)
	}
	return changing(o.contract.Method)
}

// changing reports whether requests with this method change anything.
func changing(method string) bool { return method != http.MethodGet && method != http.MethodHead }

// outcomeUnknown reports whether the operation may have been carried out although the answer is no
// success (D-77). It was not carried out if the status is 400 to 499, except 408, which a gateway
// sends after a timeout. Any other answer may come from a gateway while the service carried the
// operation out, or from a service that failed after the change. A redirect may also follow a
// change that was made.
func (o operation) outcomeUnknown(status int) bool {
	refused := status/100 == 4 && status != http.StatusRequestTimeout
	return o.changes() && !refused
}

var errUndeclared = errors.New("the contract declares no success with this status")

// checkSuccess refuses a 2xx answer whose status the contract does not declare for the operation: a
// page of a gateway with status 200 must not count as a cancellation. If the contract declares a
// body for the status, checkSuccess also checks the media type. An answer with status 204 has no
// body (RFC 9110, section 15.3.5), so it is not checked further.
func (o operation) checkSuccess(a answer) error {
	if o.method != "" {
		return a.err // Client.Do also carries out what the contract does not have
	}
	i := slices.IndexFunc(o.contract.Success, func(s api.Success) bool { return s.Status == a.resp.StatusCode })
	if i < 0 {
		return fmt.Errorf("%w; the answer is %s", errUndeclared, a.summary())
	}
	declared := o.contract.Success[i].MediaTypes
	if len(declared) == 0 {
		return nil
	}
	if a.err != nil {
		return a.err
	}
	mediaType, err := a.resp.Header.Get("Content-Type"), error(nil)
	if mediaType != mediaTypeJSON {
		mediaType, _, err = mime.ParseMediaType(mediaType)
	}
	switch {
	case o.accept == certificateFiles:
		if !isCertificateFile(mediaType) {
			return fmt.Errorf("%w but %s", errNotFile, a.summary())
		}
	case o.accept == mediaTypeCSV:
		if err != nil || mediaType != mediaTypeCSV {
			return fmt.Errorf("%w but %s", errNotCSV, a.summary())
		}
	case err != nil || mediaType != mediaTypeJSON || !slices.Contains(declared, mediaType):
		return fmt.Errorf("%w but %s", errNotJSON, a.summary())
	}
	return nil
}
