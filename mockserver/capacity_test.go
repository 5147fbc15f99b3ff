package mockserver_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver"
)

// TestKeysUsedOnce sends from many more keys than there may be accounts. Each is served, no account
// that a request has changed is lost, and healthz is 200 all the time.
func TestKeysUsedOnce(t *testing.T) {
	t.Parallel()
	const most = 20
	mock := newMock(t, mockserver.WithMaxAccounts(most), mockserver.WithLife(mockserver.LifeManual))
	order := string(vendorOrder(t))
	for i := range most - 1 {
		if w := ask(t, mock, http.MethodPost, orderPath, order, "X-DC-DEVKEY", fmt.Sprint("changed-", i)); w.Code != http.StatusCreated {
			t.Fatal(w.Code, w.Body)
		}
	}
	for i := range 5 * most {
		if w := ask(t, mock, http.MethodGet, "/services/v2/user/me", "", "X-DC-DEVKEY", fmt.Sprint("reader-", i)); w.Code != http.StatusOK {
			t.Fatal(w.Code, w.Body)
		}
		if w := ask(t, mock, http.MethodGet, "/_mock/healthz", ""); w.Code != http.StatusOK {
			t.Fatal(w.Code, w.Body)
		}
	}
	for i := range most - 1 {
		w := ask(t, mock, http.MethodGet, "/_mock/account", "", "X-DC-DEVKEY", fmt.Sprint("changed-", i))
		if !strings.Contains(w.Body.String(), `"orders":1`) {
			t.Errorf("account %d: %d %s", i, w.Code, w.Body)
		}
	}
}

// TestFullOfOrders holds that a server says that it is full of orders, until an account is reset.
func TestFullOfOrders(t *testing.T) {
	t.Parallel()
	mock := newMock(t, mockserver.WithMaxOrders(1), mockserver.WithLife(mockserver.LifeManual))
	if w := ask(t, mock, http.MethodPost, orderPath, string(vendorOrder(t))); w.Code != http.StatusCreated {
		t.Fatal(w.Code, w.Body)
	}
	w := ask(t, mock, http.MethodGet, "/_mock/healthz", "")
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), `"full: orders; reset an account`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	ask(t, mock, http.MethodPost, "/_mock/reset", "")
	if w := ask(t, mock, http.MethodGet, "/_mock/healthz", ""); w.Code != http.StatusOK {
		t.Errorf("after a reset: %d %s", w.Code, w.Body)
	}
}

// TestEvictionUnderARequest has the account of a request evicted between the moment at which its
// key is read and the one at which its body is.
func TestEvictionUnderARequest(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, method, target, body string
		status                     int
	}{
		{"an order", http.MethodPost, orderPath, string(vendorOrder(t)), http.StatusCreated},
		{"a change of the settings", http.MethodPut, "/_mock/account", `{"approval":"on"}`, http.StatusOK},
		{"an order that is not there", http.MethodPut, "/services/v2/order/certificate/1/status", `{"status":"CANCELED","note":"n"}`, http.StatusNotFound},
	} {
		mock := newMock(t, mockserver.WithMaxAccounts(1), mockserver.WithLife(mockserver.LifeManual))
		evict := func() {
			if w := ask(t, mock, http.MethodGet, "/services/v2/user/me", "", "X-DC-DEVKEY", "another"); w.Code != http.StatusOK {
				t.Errorf("the other key: %d %s", w.Code, w.Body)
			}
		}
		body := &hookedBody{Reader: strings.NewReader(test.body), hook: evict}
		r := httptest.NewRequestWithContext(t.Context(), test.method, test.target, body)
		r.Header.Set("X-DC-DEVKEY", "one")
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		mock.ServeHTTP(w, r)
		if w.Code != test.status {
			t.Errorf("%s: %d %s, want %d", test.name, w.Code, w.Body, test.status)
		}
		if body.hook != nil {
			t.Errorf("%s: the body was not read", test.name)
		}
	}
}

// TestEvictionWhileSettling has the account evicted that a request, or a caller of Settle, waits
// for.
func TestEvictionWhileSettling(t *testing.T) {
	t.Parallel()
	mock := newMock(t, mockserver.WithMaxAccounts(1))
	for _, key := range []string{"one", "two", "one"} {
		if w := ask(t, mock, http.MethodPost, "/_mock/settle", "", "X-DC-DEVKEY", key); w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", key, w.Code, w.Body)
		}
	}
	if err := mock.Settle(t.Context(), "two"); err != nil {
		t.Errorf("an account that was evicted: %v", err)
	}
	if w := ask(t, mock, http.MethodPut, "/_mock/account", `{"life":"manual"}`, "X-DC-DEVKEY", "three"); w.Code != http.StatusOK {
		t.Fatal(w.Code, w.Body) // Settle has opened no account that this one could not replace
	}
}

// A hookedBody calls a function before it is read.
type hookedBody struct {
	io.Reader
	hook func()
}

func (b *hookedBody) Read(p []byte) (int, error) {
	if b.hook != nil {
		hook := b.hook
		b.hook = nil
		hook()
	}
	return b.Reader.Read(p)
}
