package mockserver_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver"
)

func newMock(t *testing.T, options ...mockserver.Option) *mockserver.Server {
	t.Helper()
	mock, err := mockserver.New(options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mock.Close() })
	return mock
}

// TestKeysUsedOnce sends from many more keys than there may be accounts. Each is served, none of the accounts that have
// been changed is lost, and the server is well all the time.
func TestKeysUsedOnce(t *testing.T) {
	t.Parallel()
	const most = 20
	mock := newMock(t, mockserver.WithMaxAccounts(most), mockserver.WithLife(mockserver.LifeManual))
	serve := func(method, target, key string, body []byte) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), method, target, bytes.NewReader(body))
		r.Header.Set("X-DC-DEVKEY", key)
		r.Header.Set("Content-Type", "application/json")
		mock.ServeHTTP(w, r)
		return w
	}
	for i := range most - 1 {
		if w := serve(http.MethodPost, orderPath, fmt.Sprint("changed ", i), vendorOrder(t)); w.Code != http.StatusCreated {
			t.Fatal(w.Code, w.Body)
		}
	}
	for i := range 5 * most {
		if w := serve(http.MethodGet, "/services/v2/user/me", fmt.Sprint("reader ", i), nil); w.Code != http.StatusOK {
			t.Fatal(w.Code, w.Body)
		}
		if w := serve(http.MethodGet, "/_mock/healthz", "", nil); w.Code != http.StatusOK {
			t.Fatal(w.Code, w.Body)
		}
	}
	for i := range most - 1 {
		w := serve(http.MethodGet, "/_mock/account", fmt.Sprint("changed ", i), nil)
		if !strings.Contains(w.Body.String(), `"orders":1`) {
			t.Errorf("account %d: %d %s", i, w.Code, w.Body)
		}
	}
}

// TestEvictionUnderARequest has the account of a request evicted between the moment at which its key is read and the one
// at which its body is.
func TestEvictionUnderARequest(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		method string
		target string
		body   []byte
		status int
	}{
		{"an order", http.MethodPost, orderPath, vendorOrder(t), http.StatusCreated},
		{"a change of the settings", http.MethodPut, "/_mock/account", []byte(`{"approval":"on"}`), http.StatusOK},
	} {
		mock := newMock(t, mockserver.WithMaxAccounts(1), mockserver.WithLife(mockserver.LifeManual))
		evict := func() {
			w := httptest.NewRecorder()
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/services/v2/user/me", http.NoBody)
			r.Header.Set("X-DC-DEVKEY", "another")
			mock.ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				t.Errorf("the other key: %d %s", w.Code, w.Body)
			}
		}
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), test.method, test.target, &hookedBody{Reader: bytes.NewReader(test.body), hook: evict})
		r.Header.Set("X-DC-DEVKEY", "one")
		r.Header.Set("Content-Type", "application/json")
		mock.ServeHTTP(w, r)
		if w.Code != test.status {
			t.Errorf("%s: %d %s, want %d", test.name, w.Code, w.Body, test.status)
		}
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
