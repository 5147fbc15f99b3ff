package front

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

const (
	maxBody   = 1 << 20  // bytes of a request body
	smallBody = 64 << 10 // bytes of one that is read without waiting, and whose buffer is used again
)

// How many bytes of bodies are held at once. Requests of this API are small, so that few ever wait,
// and a small one never waits for a large one. A client that sends slowly takes from the first
// budget only.
const (
	maxReading       = 16 << 20 // of large bodies, from the first byte to the end of the check
	maxCheckingLarge = 2 << 20  // of large bodies while they are decoded and checked, which takes several times their size
	maxCheckingSmall = 1 << 20  // of small ones, which may have as many errors
)

// bodyWait is how long a body waits for its share of a budget.
const bodyWait = 30 * time.Second

// bodies reads request bodies, and bounds the memory that they take together.
type bodies struct {
	reading       *semaphore.Weighted
	checkingLarge *semaphore.Weighted
	checkingSmall *semaphore.Weighted
	stopping      context.Context //nolint:containedctx // of the server, whose end ends every wait
	maxWait       time.Duration
}

func newBodies(stopping context.Context) *bodies {
	return &bodies{
		reading:       semaphore.NewWeighted(maxReading),
		checkingLarge: semaphore.NewWeighted(maxCheckingLarge),
		checkingSmall: semaphore.NewWeighted(maxCheckingSmall),
		stopping:      stopping, maxWait: bodyWait,
	}
}

// A body is one that has been read. It has to be released.
type body struct {
	buffer *bytes.Buffer
	held   [2]share // of the budgets
}

// A share is so many bytes of a budget.
type share struct {
	budget *semaphore.Weighted
	size   int64
}

var (
	errBodyTooLarge = errors.New("the request body is larger than 1 MiB")
	errBodyCut      = errors.New("request body could not be read to its end")
	errBodiesBusy   = errors.New("too many request bodies at once; send the request again")
)

//nolint:gochecknoglobals // a pool holds nothing that a caller could see
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// read reads the body of a request whole, and returns it once there is room to check it.
func (b *bodies) read(r *http.Request) (read body, err error) {
	read.buffer, _ = buffers.Get().(*bytes.Buffer) // the pool holds nothing else
	defer func() {
		if err != nil {
			read.release()
			read = body{}
		}
	}()
	if r.ContentLength > maxBody {
		return read, errBodyTooLarge
	}
	rest := &io.LimitedReader{R: r.Body, N: smallBody + 1}
	if r.ContentLength <= smallBody {
		if _, err := read.buffer.ReadFrom(rest); err != nil {
			return read, errBodyCut
		}
		if rest.N > 0 {
			read.held[1], err = b.take(r.Context(), b.checkingSmall, read.buffer.Len())
			return read, err
		}
	}
	err = b.readLarge(r, &read)
	return read, err
}

// readLarge reads on beyond a small body, within the budgets.
func (b *bodies) readLarge(r *http.Request, read *body) (err error) {
	size := int(r.ContentLength)
	if size < 0 { // not told
		size = maxBody
	}
	if read.held[0], err = b.take(r.Context(), b.reading, size); err != nil {
		return err
	}
	had := read.buffer.Len()
	read.buffer.Grow(size - had + bytes.MinRead + 1)
	if _, err := read.buffer.ReadFrom(&io.LimitedReader{R: r.Body, N: int64(maxBody + 1 - had)}); err != nil {
		return errBodyCut
	}
	if read.buffer.Len() > maxBody {
		return errBodyTooLarge
	}
	read.held[1], err = b.take(r.Context(), b.checkingLarge, read.buffer.Len())
	return err
}

// readUnwanted reads what was sent as the body of an operation that takes none, or the beginning of
// it.
func (b *bodies) readUnwanted(r *http.Request) body {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		return body{}
	}
	var read body
	read.buffer, _ = buffers.Get().(*bytes.Buffer)
	_, _ = read.buffer.ReadFrom(io.LimitReader(r.Body, smallBody)) // a part of it is no good body either
	return read
}

// take waits for a share of a budget, until the request or the server ends, or the time to wait is
// over.
func (b *bodies) take(ctx context.Context, budget *semaphore.Weighted, length int) (share, error) {
	size := int64(length)
	if budget.TryAcquire(size) {
		return share{budget, size}, nil
	}
	waiting, cancel := context.WithTimeout(ctx, b.maxWait)
	defer cancel()
	defer context.AfterFunc(b.stopping, cancel)() //nolint:contextcheck // the server's own context ends the wait too
	if budget.Acquire(waiting, size) == nil {
		return share{budget, size}, nil
	}
	if ctx.Err() != nil {
		return share{}, ctx.Err()
	}
	return share{}, errBodiesBusy
}

// bytes are what was sent.
func (read body) bytes() []byte {
	if read.buffer == nil {
		return nil
	}
	return read.buffer.Bytes()
}

// release gives back what a body took.
func (read body) release() {
	for _, share := range read.held {
		if share.budget != nil {
			share.budget.Release(share.size)
		}
	}
	if read.buffer != nil {
		recycle(read.buffer)
	}
}

// recycle gives a buffer back without anything of the body in it, unless it has grown too large to
// keep.
func recycle(buffer *bytes.Buffer) {
	if buffer.Cap() > smallBody {
		return
	}
	used := buffer.Bytes()
	clear(used)
	buffer.Reset()
	buffers.Put(buffer)
}
