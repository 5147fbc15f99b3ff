package front

import (
	"bytes"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/envelope"
	"github.com/pkio-tools/certcentral/mockserver/internal/journal"
)

// maxJournalBody is how many bytes of a body the journal shows.
const maxJournalBody = 64 << 10

// A record gathers what the journal is to keep of an exchange. Secrets are removed from the body
// of the request as soon as it is there, from everything else at the end.
type record struct {
	masker   contract.Masker
	api      *contract.Contract // of the operation; that of the vendor where there is none
	op       *contract.Operation
	control  bool
	account  domain.AccountID
	user     int64
	began    time.Time // by the clock of the account
	started  time.Time // on the base of time, which no operation moves
	order    string    // the id of the order in the path
	request  journal.Message
	outcome  journal.Outcome // empty unless it is known before the end
	response bytes.Buffer
	length   int64 // of the answer

	text []byte // what the call is made of
}

//nolint:gochecknoglobals // a pool holds nothing that a caller could see
var records = sync.Pool{New: func() any { return new(record) }}

// newRecord returns a record of a request that begins.
func (f *Front) newRecord(r *http.Request) *record {
	rec, _ := records.Get().(*record) // the pool holds nothing else
	rec.masker.Reset(r.Header.Get(contract.KeyHeader), r.Header.Get(contract.TokenHeader), credentials(r.Header.Get("Authorization")))
	rec.api, rec.started = f.vendor, f.clock.Base()
	rec.began = rec.started
	rec.control = strings.HasPrefix(r.URL.Path, f.routes.control+"/") || f.pages[r.URL.Path]
	rec.request = journal.Message{MediaType: r.Header.Get("Content-Type"), Length: r.ContentLength}
	if r.ContentLength != 0 {
		rec.request.Omitted = journal.NotRead
	}
	return rec
}

// release gives a record back without anything of the exchange in it.
func (rec *record) release() {
	text, response := rec.text, rec.response
	if cap(text) > 2*maxJournalBody || response.Cap() > 2*maxJournalBody {
		return
	}
	clear(text[:cap(text)])
	clear(response.Bytes()[:response.Len()])
	response.Reset()
	masker := rec.masker
	masker.Reset("")
	*rec = record{text: text[:0], response: response, masker: masker}
	records.Put(rec)
}

// credentials are what an Authorization header has beside its scheme.
func credentials(header string) string {
	_, secret, found := strings.Cut(header, " ")
	if !found {
		return header
	}
	return strings.TrimSpace(secret)
}

// belong notes the operation of a request.
func (rec *record) belong(op *contract.Operation, r *http.Request) {
	if rec != nil {
		rec.op, rec.api, rec.order = op, op.Contract(), r.PathValue("order_id")
	}
}

// admit notes the account and the user of a request.
func (rec *record) admit(actor domain.Actor, now time.Time) {
	if rec != nil {
		rec.account, rec.user, rec.began = actor.Account, actor.UserID, now
	}
}

// read keeps the body of a request, without its secrets. It is valid JSON if the contract has taken
// it.
func (rec *record) read(body []byte, valid bool) {
	if rec == nil {
		return
	}
	rec.request.Length, rec.request.Omitted = int64(len(body)), ""
	switch {
	case len(bytes.TrimLeft(body, " \t\r\n")) == 0:
	case len(body) > maxJournalBody:
		rec.request.Omitted = journal.TooLarge
	case !isJSON(rec.request.MediaType):
		rec.request.Omitted = journal.NotJSON
	default:
		out, err := rec.masker.MaskRequest(rec.text[:0], body, rec.op, valid)
		if rec.text = out; err != nil {
			rec.request.Omitted = journal.NotJSON
		}
	}
}

// write keeps a part of the answer.
func (rec *record) write(p []byte) {
	if rec != nil {
		rec.length += int64(len(p))
		if rec.length <= maxJournalBody {
			rec.response.Write(p)
		}
	}
}

// carriedOut finds the orders in an answer that may not be sent.
func (rec *record) carriedOut(mediaType string, body []byte, status int) {
	if rec != nil && len(body) <= maxJournalBody && isJSON(mediaType) {
		_, _ = rec.masker.MaskResponse(nil, body, rec.api, rec.op, status) // an answer that cannot be read has no orders
	}
}

// end notes that the answer has ended in the middle, and how.
func (rec *record) end(outcome journal.Outcome) {
	if rec != nil {
		rec.outcome = outcome
	}
}

func isJSON(mediaType string) bool {
	if mediaType == "application/json" {
		return true
	}
	parsed, _, err := mime.ParseMediaType(mediaType)
	return err == nil && parsed == "application/json"
}

// journalize records an exchange that has ended, also when its handler has panicked.
func (f *Front) journalize(r *http.Request, x *exchange) {
	rec := x.record
	defer rec.release()
	header := x.Header()
	call := &journal.Call{
		Time: rec.began, Duration: f.clock.Base().Sub(rec.started), Operation: x.operation, Control: rec.control,
		User: rec.user, Status: x.status, Outcome: rec.outcome, Refusals: f.refusals(rec, x.errors), Fault: x.fault,
		Ignored: rec.listed(header, ignoredHeader), Tolerated: rec.listed(header, toleratedHeader), Request: rec.request,
	}
	switch {
	case call.Outcome != "":
	case x.status == envelope.StatusClientGone:
		call.Outcome = journal.Canceled
	case x.status == 0:
		call.Outcome = journal.Cut
	default:
		call.Outcome = journal.Answered
	}
	sent := len(rec.text) // the body of the request
	rec.answer(call, header.Get("Content-Type"))
	rec.texts(call, r, header, sent)
	call.Orders = rec.orders()
	f.journal.Record(rec.account, call)
}

// orders are the ids of the orders of a call. In their place, too, a client can have sent a secret.
func (rec *record) orders() []int64 {
	ids := rec.masker.Orders
	if id, err := strconv.ParseInt(rec.order, 10, 64); err == nil && !slices.Contains(ids, id) {
		ids = append(ids, id)
	}
	var digits [20]byte
	return slices.DeleteFunc(ids, func(id int64) bool { return rec.masker.Hides(strconv.AppendInt(digits[:0], id, 10)) })
}

// answer adds what the client was answered.
func (rec *record) answer(call *journal.Call, mediaType string) {
	call.Response = journal.Message{MediaType: mediaType, Length: rec.length}
	switch {
	case rec.length == 0:
	case rec.length > maxJournalBody:
		call.Response.Omitted = journal.TooLarge
	case !isJSON(mediaType):
		call.Response.Omitted = journal.NotJSON
	default:
		out, err := rec.masker.MaskResponse(rec.text, rec.response.Bytes(), rec.api, rec.op, call.Status)
		if rec.text = out; err != nil {
			call.Response.Omitted = journal.NotJSON
		}
	}
}

// texts adds the texts of a call, all of them parts of one. The bodies stand there already, the
// first one up to sent.
func (rec *record) texts(call *journal.Call, r *http.Request, header http.Header, sent int) {
	bodies := len(rec.text)
	rec.query(r.URL.RawQuery)
	query := len(rec.text)
	rec.headers(r.Header, r.Host, (*contract.Masker).Text)
	headers := len(rec.text)
	rec.headers(header, "", (*contract.Masker).AnswerText)
	text := string(rec.text)
	call.Request.Body, call.Response.Body, call.Query = text[:sent], text[sent:bodies], text[bodies:query]
	call.Request.Headers, call.Response.Headers = text[query:headers], text[headers:]
	if call.Request.Body == "null" { // which is no body (D-36)
		call.Request.Body = ""
	}

	call.Method = plainMethod(r.Method)
	call.Path = rec.masker.Text(r.URL.Path)
	if rec.op == nil {
		call.Path = rec.masker.Text(plainPath(r.URL.Path, contract.SecretsOf(r.Header)))
	}
	call.RequestID = rec.masker.Text(header.Get("X-Request-Id"))
	call.Request.MediaType = rec.mediaType(rec.request.MediaType)
	call.Response.MediaType = rec.mediaType(call.Response.MediaType)
}

// mediaType returns a media type, with its charset, if it has the form of one; any other text in its
// place can be a secret.
func (rec *record) mediaType(value string) string {
	if value == "" || value == "application/json" {
		return value
	}
	parsed, parameters, err := mime.ParseMediaType(value)
	kind, subtype, _ := strings.Cut(parsed, "/")
	plain := func(name string) bool { return name != "" && rec.masker.Name(name) == name }
	if err != nil || !plain(kind) || !plain(strings.ReplaceAll(subtype, "+", "-")) {
		return contract.Redacted
	}
	if charset := parameters["charset"]; plain(charset) {
		parsed += "; charset=" + charset
	}
	return parsed
}

// query adds the parameters of a query. The value of one that the operation does not have is only
// described.
func (rec *record) query(raw string) {
	if raw == "" {
		return
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		values = url.Values{"malformed": {raw}}
	}
	rec.object(values, "", (*contract.Masker).Text, func(name string) bool { return err == nil && rec.op != nil && rec.op.HasParameter(name) })
}

// masking is one of the methods of a Masker.
type masking func(*contract.Masker, string) string

// headers adds the headers of a message. Those that are known to hold secrets are redacted, and
// unknown ones described.
func (rec *record) headers(header http.Header, host string, text masking) {
	rec.object(header, host, text, shownHeader)
}

// object adds a JSON object of lists of texts, and the Host header if there is one, which net/http
// keeps apart.
func (rec *record) object(values map[string][]string, host string, text masking, shown func(name string) bool) {
	var some [24]string // as many as most requests have at most
	names := some[:0]
	for name := range values {
		if name != hostHeader || host == "" {
			names = append(names, name)
		}
	}
	if host != "" {
		names = append(names, hostHeader)
	}
	slices.Sort(names)
	rec.text = append(rec.text, '{')
	hidden := 0
	for i, name := range names {
		if i > 0 {
			rec.text = append(rec.text, ',')
		}
		label, known, secret := name, shown(name), secretHeader(name)
		if !known && !secret {
			label = rec.masker.Label(name, &hidden)
		}
		rec.text = append(contract.AppendQuoted(rec.text, label), ':', '[')
		list := values[name]
		if name == hostHeader && host != "" {
			list = []string{host}
		}
		for j, value := range list {
			if j > 0 {
				rec.text = append(rec.text, ',')
			}
			switch {
			case secret:
				rec.text = append(rec.text, `"`+contract.Redacted+`"`...)
			case name == "Content-Type":
				rec.text = contract.AppendQuoted(rec.text, rec.mediaType(value))
			case known:
				rec.text = contract.AppendQuoted(rec.text, text(&rec.masker, value))
			default:
				rec.text = append(rec.text, contract.Described("string", len(value))...)
			}
		}
		rec.text = append(rec.text, ']')
	}
	rec.text = append(rec.text, '}')
}

const hostHeader = "Host"

// secretHeader tells whether a header is there to hold a secret.
func secretHeader(name string) bool {
	switch name {
	case "X-Dc-Devkey", contract.TokenHeader, "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie":
		return true
	default:
		return false
	}
}

// shownHeader tells whether the value of a header is shown: that of the common ones that have no
// secrets, and of the mock's own.
func shownHeader(name string) bool {
	switch name {
	case "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Allow", "Cache-Control", "Connection", "Content-Disposition",
		"Content-Encoding", "Content-Length", "Content-Security-Policy", "Content-Type", "Date", "Etag", "Expect", "Expires", "Host",
		"If-Match", "If-Modified-Since", "If-None-Match", "If-Unmodified-Since", "Keep-Alive", "Last-Modified", "Origin", "Pragma",
		"Range", "Retry-After", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-Fetch-User", "Server", "Te", "Traceparent",
		"Trailer", "Transfer-Encoding", "Upgrade", "User-Agent", "Vary", "Via", "Warning", "X-Content-Type-Options", "X-Mock-Contract-Breach",
		"X-Mock-Fault", "X-Mock-Ignored", "X-Mock-Server", "X-Mock-Tolerated", "X-Request-Id":
		return true
	default:
		return false
	}
}

// listed returns the names in a header of the mock.
func (rec *record) listed(header http.Header, name string) []string {
	value := header.Get(name)
	if value == "" {
		return nil
	}
	return strings.Split(rec.masker.AnswerText(value), ", ")
}
