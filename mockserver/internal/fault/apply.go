package fault

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"maps"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Header names the rule in every answer that a fault happened to.
const Header = "X-Mock-Fault"

// An Answer is one that has not been sent.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// A Hit is a fault that happens to a request.
type Hit struct {
	ID   string // of the rule
	plan *plan
	seed uint64
	n    uint64 // the number of the hit
}

// Apply makes the fault happen. Where the request is carried out, carryOut does it and returns the
// mock's own answer, whose headers include those of w. An error says that the wait before the
// request was carried out has ended too early, and why; nothing has been sent then.
//
// A connection that the fault closes is closed by a panic with [http.ErrAbortHandler], as net/http
// wants it, or taken over and closed. A program that calls the handler without a connection gets
// the panic.
func (h Hit) Apply(stopping context.Context, w http.ResponseWriter, r *http.Request, carryOut func() Answer) error {
	p := h.plan
	w.Header()[Header] = []string{h.ID}
	s := &sender{ResponseWriter: w, control: http.NewResponseController(w), request: r, plan: p}
	ctx, end := s.lasting(stopping)
	defer end()
	if !p.after {
		if err := h.wait(ctx); err != nil {
			return err
		}
	}
	answer := p.answer
	if p.carriesOut() {
		own := carryOut()
		if answer == nil {
			answer = &own
		}
	}
	if p.after {
		_ = h.wait(ctx) // what was carried out is answered, at once where the server is being stopped
	}
	switch {
	case p.hang:
		<-ctx.Done()
		abort()
	case p.cut == CutBeforeHeaders:
		abort()
	case p.cut == CutReset:
		s.reset()
	default:
		s.send(ctx, p.change(*answer))
	}
	return nil
}

// Replaces tells whether the mock's own answer, where there is one, is not the one that is sent.
func (h Hit) Replaces() bool {
	p := h.plan
	return p.answer != nil || p.hang || p.cut == CutBeforeHeaders || p.cut == CutReset
}

// carriesOut tells whether the request is carried out: always where the fault comes after that, and
// otherwise where its answer is what the fault changes.
func (p *plan) carriesOut() bool {
	return p.after || p.answer == nil && !p.hang && p.cut != CutBeforeHeaders && p.cut != CutReset
}

// wait waits for the delay. The error is the cause why it ended too early.
func (h Hit) wait(ctx context.Context) error {
	delay := h.plan.delay
	if delay == nil {
		return nil
	}
	duration := delay.Min + time.Duration(chance(h.seed, h.n, forDelay)*float64(delay.Max-delay.Min+1))
	return pause(ctx, duration)
}

func pause(ctx context.Context, duration time.Duration) error {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// change changes the headers of an answer.
func (p *plan) change(answer Answer) Answer {
	if p.contentType == nil && p.retryAfter == nil {
		return answer
	}
	answer.Header = maps.Clone(answer.Header)
	if p.contentType != nil {
		answer.Header["Content-Type"] = []string{*p.contentType}
		if *p.contentType == "" {
			answer.Header["Content-Type"] = nil // which keeps net/http from guessing one
		}
	}
	if p.retryAfter != nil {
		answer.Header["Retry-After"] = []string{*p.retryAfter}
	}
	return answer
}

// A sender sends the answer of a fault.
type sender struct {
	http.ResponseWriter

	control *http.ResponseController
	request *http.Request
	plan    *plan
	lasts   bool // whether the limits of the server for reading and writing have been lifted
}

// lasting returns the context of a fault. It ends with the request, with the server, and in any
// case some time after the longest delay. A fault that lasts takes longer than the server's limits
// for reading and writing allow, so these are lifted.
func (s *sender) lasting(stopping context.Context) (context.Context, func()) {
	if s.plan.delay == nil && !s.plan.hang && s.plan.dribble == 0 {
		return s.request.Context(), func() {}
	}
	limit := maxLasting
	if s.plan.delay != nil {
		limit += s.plan.delay.Max
	}
	caused, cancel := context.WithCancelCause(s.request.Context())
	ctx, end := context.WithTimeout(caused, limit)
	stopped := context.AfterFunc(stopping, func() { cancel(context.Cause(stopping)) })
	s.lasts = true
	// What cannot have a deadline has no limit that would have to be lifted.
	_ = s.control.SetReadDeadline(time.Time{})
	_ = s.control.SetWriteDeadline(time.Time{})
	return ctx, func() {
		stopped()
		end()
		cancel(nil)
	}
}

// limited limits how long the client may take to read the answer, where the limit of the server has
// been lifted. A slow answer ends with the context of its fault; another one is sent whole even
// where that has ended, since the request has been carried out.
func (s *sender) limited(ctx context.Context) (end func()) {
	if !s.lasts {
		return func() {}
	}
	if s.plan.dribble == 0 {
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, maxWriting)
	done := context.AfterFunc(ctx, func() { _ = s.control.SetWriteDeadline(time.Unix(1, 0)) })
	return func() {
		done()
		cancel()
	}
}

// send sends an answer, as slowly as the plan wants it and up to where it wants it.
func (s *sender) send(ctx context.Context, answer Answer) {
	header := s.Header()
	maps.Copy(header, answer.Header)
	body, announced, cut := answer.Body, len(answer.Body), s.plan.cut != ""
	hasBody := bodyAllowed(answer.Status) && s.request.Method != http.MethodHead
	if s.plan.truncate != nil {
		body, cut = body[:max(0, min(*s.plan.truncate, len(body)-1))], true
	}
	if s.plan.cut == CutInBody {
		body = body[:len(body)/2]
	}
	if cut && hasBody {
		announced = max(announced, 1) // so that something is missing
	}
	if bodyAllowed(answer.Status) {
		header["Content-Length"] = []string{strconv.Itoa(announced)}
	} else {
		delete(header, "Content-Length")
	}
	if s.plan.cut == CutInHeaders {
		s.breakOff(answer.Status)
		return
	}
	defer s.limited(ctx)()
	s.WriteHeader(answer.Status)
	good := true
	if hasBody {
		good = s.write(ctx, body)
	}
	if cut || s.lasts {
		_ = s.control.Flush() // before the connection is closed, or the limit ends
	}
	if cut || !good {
		abort()
	}
}

// write writes a body, and tells whether all of it was written.
func (s *sender) write(ctx context.Context, body []byte) bool {
	if s.plan.dribble == 0 {
		_, err := s.Write(body)
		return err == nil
	}
	const parts = 10 // a second, so that a client sees it come
	size := max(1, s.plan.dribble/parts)
	each := time.Duration(size) * time.Second / time.Duration(s.plan.dribble)
	for len(body) > 0 {
		n := min(size, len(body))
		if _, err := s.Write(body[:n]); err != nil || s.control.Flush() != nil {
			return false
		}
		if body = body[n:]; len(body) > 0 && pause(ctx, each) != nil {
			return false
		}
	}
	return true
}

// breakOff sends the status line and a part of the headers. On HTTP/2 headers come in one frame, of
// which there is no part.
func (s *sender) breakOff(status int) {
	connection, _, err := s.control.Hijack()
	if err != nil {
		abort()
	}
	defer func() { _ = connection.Close() }()
	var head bytes.Buffer
	fmt.Fprintf(&head, "HTTP/1.1 %03d %s\r\n", status, http.StatusText(status))
	line := head.Len()
	if err := s.Header().Write(&head); err != nil { // writing to a buffer does not fail
		return
	}
	_, _ = connection.Write(head.Bytes()[:line+(head.Len()-line)/2])
}

// reset closes the connection so that its client gets a TCP RST.
func (s *sender) reset() {
	connection, _, err := s.control.Hijack()
	if err != nil { // on HTTP/2 the abort resets the stream
		abort()
	}
	below := connection
	if secure, isTLS := connection.(*tls.Conn); isTLS {
		below = secure.NetConn()
	}
	if tcp, isTCP := below.(*net.TCPConn); isTCP {
		_ = tcp.SetLinger(0)
	}
	_ = below.Close()
}

// abort has net/http close the connection without another byte, or reset the stream on HTTP/2.
func abort() {
	panic(http.ErrAbortHandler) //nolint:forbidigo // net/http knows no other way to say it
}
