package journal

import (
	"time"
	"unsafe"
)

// A Call is a request and its answer, without their secrets. It is not changed once it is recorded.
type Call struct {
	ID        int64     // within the account, in the order in which the calls ended
	Time      time.Time // by the clock of the account, when the request began
	Duration  time.Duration
	Operation string // empty for a request that belongs to none
	Control   bool   // a call of what the mock adds to the vendor's API
	Method    string
	Path      string
	Query     string // a JSON object of lists, or empty
	RequestID string
	User      int64   // zero without a good API key
	Orders    []int64 // in the path or in the answer
	Status    int     // zero when no answer has begun
	Outcome   Outcome
	Refusals  []Refusal
	Fault     string // the id of the fault rule that was at work
	Ignored   []string
	Tolerated []string
	Request   Message
	Response  Message

	at   uint64 // the place among the calls of all accounts
	size int64
}

// An Outcome says how a call ended.
type Outcome string

// The outcomes of calls.
const (
	Answered Outcome = "answered" // the answer was written whole
	Canceled Outcome = "canceled" // the client has gone before the answer
	Cut      Outcome = "cut"      // a fault cut the connection
	Failed   Outcome = "failed"   // the mock failed in the middle of the answer
)

// A Refusal is one error of an answer.
type Refusal struct {
	Code      string // as in the answer
	Path      string // of the wrong member or parameter; may be empty
	Decisions []string
}

// A Message is a request or an answer.
type Message struct {
	Headers   string // a JSON object of lists, or empty
	MediaType string
	Length    int64    // of the body in bytes; -1 when it is not known
	Body      string   // JSON; empty when there is none, or when it is omitted
	Omitted   Omission // why the body is omitted
}

// An Omission says why a body is not shown.
type Omission string

// The reasons to omit a body.
const (
	NotJSON  Omission = "not_json"
	TooLarge Omission = "too_large"
	NotRead  Omission = "not_read" // the request was answered before its body was read
)

// bytes estimates the memory that a call takes.
func (c *Call) bytes() int64 {
	const pointers = 64 // of the entry in its queue, and what the allocator rounds up
	n := int(unsafe.Sizeof(*c)) + pointers + len(c.Operation) + len(c.Method) + len(c.Path) + len(c.Query) + len(c.RequestID) +
		8*len(c.Orders) + len(c.Fault)
	for _, message := range []*Message{&c.Request, &c.Response} {
		n += len(message.Headers) + len(message.MediaType) + len(message.Body)
	}
	for _, names := range [][]string{c.Ignored, c.Tolerated} {
		for _, name := range names {
			n += int(unsafe.Sizeof(name)) + len(name)
		}
	}
	for _, refusal := range c.Refusals {
		n += int(unsafe.Sizeof(refusal)) + len(refusal.Code)
		n += len(refusal.Decisions) * int(unsafe.Sizeof(""))
	}
	return int64(n)
}
