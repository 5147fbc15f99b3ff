package mockserver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// newMakerInBubble returns a maker that shares nothing with servers outside the bubble.
func newMakerInBubble(t *testing.T) *maker {
	t.Helper()
	authority, err := NewCA(CAKey(P256))
	if err != nil {
		t.Fatal(err)
	}
	return newMaker(t, WithCA(authority))
}

// inBubble runs a test whose clock advances when every goroutine waits, and which fails when none goes on any more.
func inBubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	if _, err := New(); err != nil { // the contracts are parsed outside, since every test shares them
		t.Fatal(err)
	}
	synctest.Test(t, test)
}

// TestPauses: the longer the CAs cannot be had, the longer the pauses between two attempts, up to a minute; a certificate
// ends that.
func TestPauses(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		m := newMakerInBubble(t)
		broken := fmt.Errorf("%w: the directory is broken", errNoCA)
		m.order(t, "authentication")
		attempt := func(outcome error) time.Duration {
			start := time.Now()
			<-m.begun
			waited := time.Since(start)
			m.release <- outcome
			return waited.Round(time.Second)
		}
		var pauses []time.Duration
		for range 9 {
			pauses = append(pauses, attempt(broken))
		}
		pauses = append(pauses, attempt(nil))
		m.order(t, "authentication")
		pauses = append(pauses, attempt(broken), attempt(broken), attempt(nil))
		const s, most = time.Second, time.Minute
		want := []time.Duration{0, s, 2 * s, 4 * s, 8 * s, 16 * s, 32 * s, most, most, most, 0, s, 2 * s}
		if !slices.Equal(pauses, want) {
			t.Errorf("pauses %v, want %v", pauses, want)
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// TestSettledByGivingUp: settling hears of a certificate that is no longer awaited, because its order was rejected or
// its account reset, although none has been made.
func TestSettledByGivingUp(t *testing.T) {
	t.Parallel()
	const order = "843668399"
	for name, give := range map[string]func(t *testing.T, m *maker){
		"rejected": func(t *testing.T, m *maker) {
			t.Helper()
			m.call(t, http.MethodPost, "/_mock/orders/"+order+"/transition", `{"to": "rejected"}`)
		},
		"reset": func(t *testing.T, m *maker) {
			t.Helper()
			m.call(t, http.MethodPost, "/_mock/reset", "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				m := newMakerInBubble(t)
				m.order(t, "authentication")
				<-m.begun // and is at it for as long as the test lasts
				settled := make(chan error)
				go func() { settled <- m.Settle(context.Background(), "test") }()
				synctest.Wait()
				give(t, m)
				if err := <-settled; err != nil {
					t.Error(err)
				}
				if err := m.Close(); err != nil {
					t.Fatal(err)
				}
			})
		})
	}
}

// TestStillOpen: settling that ends early says how many certificates are open, and of which orders, a few of them by name.
func TestStillOpen(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		m := newMakerInBubble(t)
		for range 22 {
			m.order(t, "authentication")
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		err := m.Settle(ctx, "test")
		if waited := time.Since(start); waited != time.Minute {
			t.Errorf("waited %s", waited)
		}
		const want = "mockserver: settle: not_settled: 22 certificates are still being made, of the orders 843668399, 843668400, 843668401, " +
			"843668402, 843668403, 843668404, 843668405, 843668406, 843668407, 843668408, 843668409, 843668410, 843668411, 843668412, " +
			"843668413, 843668414, 843668415, 843668416, 843668417, 843668418 and 2 more: context deadline exceeded"
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, &domain.Error{Code: domain.CodeNotSettled}) || err.Error() != want {
			t.Errorf("got %v", err)
		}
		settle := func(query string, want time.Duration, code string) {
			t.Helper()
			start := time.Now()
			answer := m.call(t, http.MethodPost, "/_mock/settle"+query, "")
			if waited := time.Since(start); waited != want || !strings.Contains(answer, `"`+code+`"`) {
				t.Errorf("settling%s was answered after %s: %s", query, waited, answer)
			}
		}
		settle("", 30*time.Second, "not_settled")
		settle("?timeout=7", 7*time.Second, "not_settled")
		settle("?timeout=0", 0, "not_settled")
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		settle("", 0, "mock_stopping") // which keeps no request waiting
	})
}
