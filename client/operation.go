package client

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"

	"github.com/pkio-tools/certcentral/gen/api"
)

// operation is what a call has to know about the operation that it carries out.
type operation struct {
	// id is its operationId in the contract.
	id string
	// accept is what its answer may be. Left empty, it is JSON.
	accept string
	// secrets are the texts of this request that no error may repeat. The API key is always one.
	secrets []Secret
}

// changes reports whether the operation changes anything. What the contract does not know may.
func (o operation) changes() bool {
	contract, ok := api.OperationByID(o.id)
	return !ok || contract.Method != http.MethodGet
}

// outcomeUnknown reports whether an answer that is no success leaves open whether the operation was carried out (D-77).
// Only a refusal (4xx) says that it was not, but for the timeout of a gateway (408). Everything else may have been said in
// the place of a service that carried it out, or by a service that failed after it had: a 5xx in the service's own words,
// and a redirect, which is how some answer a request that is done.
func (o operation) outcomeUnknown(status int) bool {
	refused := status/100 == 4 && status != http.StatusRequestTimeout
	return o.changes() && !refused
}

var errUndeclared = errors.New("the contract declares no success with this status")

// checkSuccess refuses an answer with a status of success that the contract does not declare for the operation: a page
// of a gateway with 200 must not pass for a cancellation. Where the contract declares a body, it checks the media type.
// With 204 there is no body by definition (RFC 9110, section 15.3.5), so that nothing of it is looked at.
func (o operation) checkSuccess(a answer) error {
	contract, _ := api.OperationByID(o.id)
	i := slices.IndexFunc(contract.Success, func(s api.Success) bool { return s.Status == a.resp.StatusCode })
	if i < 0 {
		return fmt.Errorf("%w; the answer is %s", errUndeclared, a.summary())
	}
	declared := contract.Success[i].MediaTypes
	if len(declared) == 0 {
		return nil
	}
	if a.err != nil {
		return a.err
	}
	mediaType, _, err := mime.ParseMediaType(a.resp.Header.Get("Content-Type"))
	switch {
	case o.accept == certificateFiles:
		if !isCertificateFile(mediaType) {
			return fmt.Errorf("%w but %s", errNotFile, a.summary())
		}
	case err != nil || mediaType != mediaTypeJSON || !slices.Contains(declared, mediaType):
		return fmt.Errorf("%w but %s", errNotJSON, a.summary())
	}
	return nil
}
