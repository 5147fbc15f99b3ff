package mockserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/envelope"
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

// A maker stands for the making of certificates, one step at a time.
type maker struct {
	*Server
	log     *bytes.Buffer
	begun   chan domain.Assignment // that a worker is at
	release chan error             // what comes of it; nil for a certificate
}

func newMaker(t *testing.T, opts ...Option) *maker {
	t.Helper()
	m := &maker{log: &bytes.Buffer{}, begun: make(chan domain.Assignment), release: make(chan error)}
	s, err := New(append([]Option{WithQuickKeys(), WithLogger(slog.New(slog.NewTextHandler(m.log, nil)))}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	m.Server = s
	really := s.issuance.make
	s.issuance.make = func(ctx context.Context, a domain.Assignment) (domain.Made, []byte, error) {
		var err error
		select {
		case m.begun <- a:
		case <-ctx.Done():
			return domain.Made{}, nil, ctx.Err()
		}
		select {
		case err = <-m.release:
		case <-ctx.Done():
			err = ctx.Err()
		}
		if err != nil {
			return domain.Made{}, nil, err
		}
		return really(ctx, a)
	}
	return m
}

func (m *maker) call(t *testing.T, method, target, body string) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	r.Header.Set(keyHeader, "test")
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	return w.Body.String()
}

func (m *maker) order(t *testing.T, usage string) {
	t.Helper()
	answer := m.call(t, http.MethodPost, orderPrefix+"pkio_organisation_person", `{
		"certificate": {"signature_hash": "sha256", "profile_option": "`+usage+`", "individual": {"id": 21}},
		"csa_agreed_to": true, "cs_provisioning_method": "token", "payment_method": "balance",
		"ship_info": {"name": "John Doe", "addr1": "A", "addr2": "", "city": "C", "state": "S", "zip": "Z", "country": "nl", "method": "STANDARD"},
		"organization": {"id": 1920073, "contacts": [{"contact_type": "verified_contact", "user_id": 4313813}]}}`)
	if !strings.Contains(answer, `"id":`) {
		t.Fatal(answer)
	}
}

// TestResetDropsWhatIsBeingMade: the certificate of an order that is gone does not end up with the next order, although
// that has the same ids.
func TestResetDropsWhatIsBeingMade(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	m.order(t, "authentication")
	<-m.begun
	m.call(t, http.MethodPost, "/_mock/reset", "")
	m.order(t, "encryption")
	m.release <- nil
	if again := <-m.begun; again.Usage != "encryption" {
		t.Errorf("the next to be made is for %s", again.Usage)
	}
	m.release <- nil
	if err := m.Settle(t.Context(), "test"); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(m.log.String(), "certificate dropped") {
		t.Errorf("nothing was dropped: %s", m.log)
	}
	if got := m.call(t, http.MethodGet, orderPrefix+"843668399", ""); !strings.Contains(got, `"status":"issued"`) {
		t.Errorf("the order: %s", got)
	}
}

// TestCloseEndsIssuing in the midst of it; the order stays as it is.
func TestCloseEndsIssuing(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	m.order(t, "authentication")
	<-m.begun
	settled := make(chan error)
	go func() { settled <- m.Settle(t.Context(), "test") }()
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-settled; !errors.Is(err, envelope.ErrStopping) {
		t.Errorf("who waits is told: %v", err)
	}
	m.order(t, "encryption") // a handler goes on, and only nothing is made any more
	for _, id := range []string{"843668399", "843668400"} {
		if got := m.call(t, http.MethodGet, orderPrefix+id, ""); !strings.Contains(got, `"status":"processing"`) {
			t.Errorf("order %s: %s", id, got)
		}
	}
}

// TestNoCAs: when the CAs cannot be had, orders wait, nobody tries again at once, and whoever waits is told.
func TestNoCAs(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	for range 3 {
		m.order(t, "authentication")
	}
	broken := errors.New("the directory is broken")
	<-m.begun
	m.release <- fmt.Errorf("%w: %w", errNoCA, broken)
	for m.issuance.fault() == nil {
		runtime.Gosched()
	}
	if err := m.Settle(t.Context(), "test"); !errors.Is(err, broken) {
		t.Errorf("who waits is told: %v", err)
	}
	m.order(t, "authentication")
	select {
	case <-m.begun:
		t.Error("tried again at once")
	default:
	}
	m.issuance.resume() // as after the pause
	for range 4 {
		<-m.begun
		m.release <- nil
	}
	if err := m.Settle(t.Context(), "test"); err != nil {
		t.Error(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(m.log.String(), "no certificates for now"); got != 1 {
		t.Errorf("logged %d times: %s", got, m.log)
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
