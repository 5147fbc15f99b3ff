package mockserver

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
	smallBody = 64 << 10 // bytes of one that waits for nothing, and whose buffer is used again
)

// How many bytes of large bodies are held at once. Requests of this API are small, so that only odd ones ever wait. A
// client that sends slowly takes from the first budget only, and no more than the others that do the same.
const (
	maxReading  = 16 << 20 // from the first byte of a body to the end of its check
	maxChecking = 2 << 20  // while a body is decoded and checked, which takes several times its size
)

// bodyPatience is how long a large body waits for its turn.
const bodyPatience = 30 * time.Second

// bodies reads request bodies, and bounds the memory that they take together.
type bodies struct {
	reading  *semaphore.Weighted
	checking *semaphore.Weighted
	stopping context.Context //nolint:containedctx // of the server, whose end ends every wait
	patience time.Duration
}

func newBodies(stopping context.Context) *bodies {
	return &bodies{
		reading: semaphore.NewWeighted(maxReading), checking: semaphore.NewWeighted(maxChecking),
		stopping: stopping, patience: bodyPatience,
	}
}

// A body is one that has been read. It has to be released.
type body struct {
	buffer   *bytes.Buffer
	reading  int64 // bytes of the budgets
	checking int64
}

var (
	errBodyTooLarge = errors.New("the request body is larger than 1 MiB")
	errBodyCut      = errors.New("request body could not be read to its end")
	errBodiesBusy   = errors.New("too many large request bodies at once; send the request again")
)

//nolint:gochecknoglobals // a pool holds nothing that a caller could see
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// read reads the body of a request whole, and returns it once there is room to check it.
func (b *bodies) read(r *http.Request) (read body, err error) {
	read.buffer, _ = buffers.Get().(*bytes.Buffer) // the pool holds nothing else
	defer func() {
		if err != nil {
			b.release(read)
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
			return read, nil
		}
	}
	return b.readLarge(r, read)
}

// readLarge reads on beyond a small body, within the budgets.
func (b *bodies) readLarge(r *http.Request, read body) (body, error) {
	size := r.ContentLength
	if size < 0 { // not told
		size = maxBody
	}
	if err := b.wait(r.Context(), b.reading, size); err != nil {
		return read, err
	}
	read.reading = size
	had := read.buffer.Len()
	read.buffer.Grow(int(size) - had + bytes.MinRead + 1)
	if _, err := read.buffer.ReadFrom(&io.LimitedReader{R: r.Body, N: int64(maxBody + 1 - had)}); err != nil {
		return read, errBodyCut
	}
	if read.buffer.Len() > maxBody {
		return read, errBodyTooLarge
	}
	size = int64(read.buffer.Len())
	if err := b.wait(r.Context(), b.checking, size); err != nil {
		return read, err
	}
	read.checking = size
	return read, nil
}

// readUnwanted reads what was sent as the body of an operation that takes none, or the beginning of it.
func (b *bodies) readUnwanted(r *http.Request) body {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		return body{}
	}
	var read body
	read.buffer, _ = buffers.Get().(*bytes.Buffer)
	_, _ = read.buffer.ReadFrom(io.LimitReader(r.Body, smallBody)) // a part of it is no good body either
	return read
}

// wait takes from a budget. It ends with the request, with the server, or when the patience is over.
func (b *bodies) wait(ctx context.Context, budget *semaphore.Weighted, size int64) error {
	if budget.TryAcquire(size) {
		return nil
	}
	waiting, cancel := context.WithTimeout(ctx, b.patience)
	defer cancel()
	defer context.AfterFunc(b.stopping, cancel)()
	if budget.Acquire(waiting, size) == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errBodiesBusy
}

// bytes are what was sent.
func (read body) bytes() []byte {
	if read.buffer == nil {
		return nil
	}
	return read.buffer.Bytes()
}

// release gives back what a body took.
func (b *bodies) release(read body) {
	if read.checking > 0 {
		b.checking.Release(read.checking)
	}
	if read.reading > 0 {
		b.reading.Release(read.reading)
	}
	if read.buffer != nil {
		recycle(read.buffer)
	}
}

// recycle gives a buffer back without anything of the body in it, unless it has grown too large to keep.
func recycle(buffer *bytes.Buffer) {
	if buffer.Cap() > smallBody {
		return
	}
	used := buffer.Bytes()
	clear(used)
	buffer.Reset()
	buffers.Put(buffer)
}
