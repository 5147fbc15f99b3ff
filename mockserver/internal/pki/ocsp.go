package pki

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
)

// OCSP over HTTP (RFC 6960, appendix A).
const (
	ocspResponseType = "application/ocsp-response"
	maxOCSPRequest   = 64 << 10
)

// ServeOCSP answers OCSP requests, sent by POST or in the path by GET. Its refusals are OCSP
// responses too, since verifiers read nothing else.
func (p *PKI) ServeOCSP(w http.ResponseWriter, r *http.Request) {
	answer, err := p.ocsp(r.Context(), ocspRequest(r, p.hierarchy.Paths().OCSP))
	if err != nil {
		if r.Context().Err() == nil { // else the client has closed the connection, or the server is being stopped
			p.logger.ErrorContext(r.Context(), "OCSP failed", "error", err)
		}
		answer = ca.OCSPFailure()
	}
	writeOCSP(w, answer)
}

// ocsp answers a request, with the answer that it gave before where that is fresh.
func (p *PKI) ocsp(ctx context.Context, request []byte) (ca.OCSPResponse, error) {
	authority, err := p.authority()
	if err != nil {
		return ca.OCSPResponse{}, err
	}
	revision := authority.Revision() // before the answer, so that none is kept past a revocation
	if answer, kept := p.answers.find(request, revision, p.clock.ServerNow()); kept {
		return answer, nil
	}
	answer, err := authority.OCSP(ctx, request)
	if err == nil {
		p.answers.keep(request, revision, answer)
	}
	return answer, err
}

// ocspAnswers are answers that are kept until the next revocation, or until half of their life is
// over.
type ocspAnswers struct {
	mu       sync.Mutex
	revision uint64
	byDigest map[[sha256.Size]byte]ca.OCSPResponse // of the request
}

// maxOCSPAnswers bounds them (D-44); where there are as many, all are dropped.
const maxOCSPAnswers = 1000

func (o *ocspAnswers) find(request []byte, revision uint64, now time.Time) (ca.OCSPResponse, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	answer, kept := o.byDigest[sha256.Sum256(request)]
	fresh := !now.Before(answer.Signed) && now.Before(answer.Fresh)
	return answer, kept && fresh && o.revision == revision
}

func (o *ocspAnswers) keep(request []byte, revision uint64, answer ca.OCSPResponse) {
	if answer.Nonced || answer.NextUpdate.IsZero() { // for this request only, or a refusal, which costs nothing
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.revision != revision || len(o.byDigest) >= maxOCSPAnswers || o.byDigest == nil {
		o.revision, o.byDigest = revision, map[[sha256.Size]byte]ca.OCSPResponse{}
	}
	o.byDigest[sha256.Sum256(request)] = answer
}

// ocspRequest reads a request as far as it can be read. The answer to what is no OCSP request says
// so.
func ocspRequest(r *http.Request, path string) []byte {
	if r.Method == http.MethodPost {
		request, _ := io.ReadAll(io.LimitReader(r.Body, maxOCSPRequest))
		return request
	}
	// It is Base64, whose slashes clients escape or not.
	request, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(r.URL.Path, path+"/"))
	return request
}

func writeOCSP(w http.ResponseWriter, answer ca.OCSPResponse) {
	w.Header().Set("Content-Type", ocspResponseType)
	if !answer.NextUpdate.IsZero() && !answer.Nonced {
		w.Header().Set("Last-Modified", answer.ThisUpdate.UTC().Format(http.TimeFormat))
		w.Header().Set("Expires", answer.NextUpdate.UTC().Format(http.TimeFormat))
	}
	_, _ = w.Write(answer.DER) // a verifier that has closed its connection reads no answer
}
