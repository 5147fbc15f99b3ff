package mockserver

import (
	"slices"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// TestTurns: accounts take turns, each stands in the queue once, and one that comes back goes to the end.
func TestTurns(t *testing.T) {
	t.Parallel()
	s, err := New(WithQuickKeys())
	if err != nil {
		t.Fatal(err)
	}
	s.issuance.most = 0 // nobody works
	for _, account := range []domain.AccountID{"a", "b", "a", "c", "b"} {
		s.issuance.wake(account)
	}
	first, _ := s.issuance.next()
	s.issuance.wake(first)
	turns := []domain.AccountID{first}
	for account, more := s.issuance.next(); more; account, more = s.issuance.next() {
		turns = append(turns, account)
	}
	if want := []domain.AccountID{"a", "b", "c", "a"}; !slices.Equal(turns, want) {
		t.Errorf("turns %q, want %q", turns, want)
	}
}

// TestServersShareCAs in one process, unless they are told otherwise, want other keys, or live at another time.
func TestServersShareCAs(t *testing.T) {
	t.Parallel()
	own, err := NewCA()
	if err != nil {
		t.Fatal(err)
	}
	other := func() time.Time { return time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC) }
	authority := func(opts ...Option) *CA {
		s, err := New(opts...)
		if err != nil {
			t.Fatal(err)
		}
		return s.ca
	}
	shared, quick := authority(), authority(WithQuickKeys())
	if authority() != shared || authority(WithQuickKeys()) != quick || shared == quick {
		t.Error("servers alike don't share, or servers unlike do")
	}
	if authority(WithCA(own)) != own || authority(WithQuickKeys(), WithCA(own)) != own {
		t.Error("a server doesn't have the CAs that it was given")
	}
	if far := authority(WithClock(other)); far == shared || authority(WithClock(other)) == far {
		t.Error("servers of another time share")
	}
}
