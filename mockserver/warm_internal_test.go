package mockserver

import (
	"testing"
	"testing/synctest"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
)

// TestOrdersBeforeStock: while an order waits for its certificate, no key is begun for later.
func TestOrdersBeforeStock(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		m := newMakerInBubble(t)
		m.order(t, "authentication")
		<-m.begun
		m.issuance.warm()
		synctest.Wait()
		if got := m.ca.hierarchy.Progress(); got != ca.NotMade {
			t.Errorf("while an order waits, keys are %s", got)
		}
		m.release <- nil
		synctest.Wait()
		if got := m.ca.hierarchy.Progress(); got != ca.Ready {
			t.Errorf("once it has its certificate, keys are %s", got)
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
