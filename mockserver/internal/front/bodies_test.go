package front

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
)

// TestRecycle holds that a buffer that is used again has nothing of the body in it, and that a
// large one is dropped.
func TestRecycle(t *testing.T) {
	t.Parallel()
	buffer := bytes.NewBufferString("cvv 8642")
	memory := buffer.Bytes()
	recycle(buffer)
	if !bytes.Equal(memory, make([]byte, len(memory))) {
		t.Errorf("the pool has %q", memory)
	}
}

func reading(tb testing.TB, text string, length int64) *http.Request {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodPost, "/x", io.MultiReader(strings.NewReader(text)))
	r.ContentLength = length
	return r
}

// TestReadBody reads bodies with and without a Content-Length.
func TestReadBody(t *testing.T) {
	t.Parallel()
	b := newBodies(t.Context())
	for _, size := range []int{0, 1, smallBody - 1, smallBody, smallBody + 1, 3 * smallBody, maxBody - 1, maxBody, maxBody + 1, 2 * maxBody} {
		text := strings.Repeat("x", size)
		for _, told := range []int64{int64(size), -1} {
			read, err := b.read(reading(t, text, told))
			switch {
			case size > maxBody:
				if !errors.Is(err, errBodyTooLarge) || read.buffer != nil {
					t.Errorf("%d bytes, %d told: %v", size, told, err)
				}
			case err != nil || string(read.bytes()) != text:
				t.Errorf("%d bytes, %d told: got %d bytes, %v", size, told, len(read.bytes()), err)
			}
			read.release()
		}
		// The Content-Length is more than what is sent.
		cut := reading(t, text, int64(size)+1)
		cut.Body = io.NopCloser(io.MultiReader(strings.NewReader(text), iotestErrReader{}))
		if _, err := b.read(cut); size < maxBody && !errors.Is(err, errBodyCut) {
			t.Errorf("%d bytes and an error: %v", size, err)
		}
	}
	allFree(t, b)
}

type iotestErrReader struct{}

func (iotestErrReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// allFree holds that nothing of the budgets is taken.
func allFree(tb testing.TB, b *bodies) {
	tb.Helper()
	if !b.reading.TryAcquire(maxReading) || !b.checkingLarge.TryAcquire(maxCheckingLarge) || !b.checkingSmall.TryAcquire(maxCheckingSmall) {
		tb.Error("a body kept its share of a budget")
	}
}

// TestBodiesWait holds that a body waits for its turn, that its request, the server and the time to
// wait end that, and that a small body does not wait for large ones.
func TestBodiesWait(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("x", maxBody)
	for name, tc := range map[string]struct {
		end  func(b *bodies, cancelRequest, stop func())
		want error
	}{
		"request": {func(_ *bodies, cancelRequest, _ func()) { cancelRequest() }, context.Canceled},
		"stop":    {func(_ *bodies, _, stop func()) { stop() }, errBodiesBusy},
		"time":    {func(b *bodies, _, _ func()) { b.maxWait = 0 }, errBodiesBusy},
	} {
		for _, budget := range []string{"reading", "checking"} {
			t.Run(name+" "+budget, func(t *testing.T) {
				t.Parallel()
				stopping, stop := context.WithCancel(t.Context())
				defer stop()
				b := newBodies(stopping)
				taken, size := b.reading, int64(maxReading)
				if budget == "checking" {
					taken, size = b.checkingLarge, maxCheckingLarge
				}
				if !taken.TryAcquire(size) {
					t.Fatal("the budget is smaller than it says")
				}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				tc.end(b, cancel, stop)
				r := reading(t, large, -1).WithContext(ctx)
				if _, err := b.read(r); !errors.Is(err, tc.want) {
					t.Errorf("got %v, want %v", err, tc.want)
				}
				small, err := b.read(reading(t, "{}", 2))
				if err != nil {
					t.Errorf("a small body: %v", err)
				}
				small.release()
				taken.Release(size)
				allFree(t, b)
			})
		}
	}
}

// TestBodiesTakeTurns sends many large bodies at once: all are answered, and the budgets hold.
func TestBodiesTakeTurns(t *testing.T) {
	t.Parallel()
	b := newBodies(t.Context())
	done := make(chan error)
	for range 40 {
		go func() {
			read, err := b.read(reading(t, strings.Repeat("x", maxBody), maxBody))
			read.release()
			done <- err
		}()
	}
	for range 40 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	allFree(t, b)
}

// TestBusy pins the refusal of a body that has waited for too long.
func TestBusy(t *testing.T) {
	t.Parallel()
	f := newFront(t, nil)
	f.bodies.maxWait = 0
	if !f.bodies.reading.TryAcquire(maxReading) {
		t.Fatal("the budget is smaller than it says")
	}
	r := reading(t, strings.Repeat(" ", maxBody), -1)
	r.URL.Path = "/services/v2/organization"
	r.Header.Set(contract.KeyHeader, "test")
	answer := httptest.NewRecorder()
	f.ServeHTTP(answer, r)
	if answer.Code != http.StatusServiceUnavailable || !strings.Contains(answer.Body.String(), `"mock_capacity"`) || answer.Header().Get("Connection") != "close" {
		t.Errorf("got %d %s", answer.Code, answer.Body)
	}
}
