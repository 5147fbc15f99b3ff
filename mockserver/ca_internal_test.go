package mockserver

import (
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
)

// TestServersShareCAs in one process, unless they are told otherwise, want other keys, or live at another time.
func TestServersShareCAs(t *testing.T) {
	t.Parallel()
	own, err := NewCA()
	if err != nil {
		t.Fatal(err)
	}
	other := func() time.Time { return time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC) }
	hierarchy := func(opts ...Option) *ca.Hierarchy {
		s, err := New(opts...)
		if err != nil {
			t.Fatal(err)
		}
		return s.hierarchy
	}
	shared, quick := hierarchy(), hierarchy(WithQuickKeys())
	if hierarchy() != shared || hierarchy(WithQuickKeys()) != quick || shared == quick {
		t.Error("servers alike don't share, or servers unlike do")
	}
	if hierarchy(WithCA(own)) != own.hierarchy || hierarchy(WithQuickKeys(), WithCA(own)) != own.hierarchy {
		t.Error("a server doesn't have the CAs that it was given")
	}
	if far := hierarchy(WithClock(other)); far == shared || hierarchy(WithClock(other)) == far {
		t.Error("servers of another time share")
	}
}
