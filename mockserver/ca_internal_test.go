package mockserver

import (
	"testing"
	"time"
)

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
