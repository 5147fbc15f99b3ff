package mockserver_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver"
)

// TestOrdersDoNotWaitForKeys: an order is answered, and can be read, while its key is being made.
func TestOrdersDoNotWaitForKeys(t *testing.T) {
	t.Parallel()
	mock := newMock(t, mockserver.WithTokenKey(mockserver.RSA2048))
	must(t, mock, http.MethodPost, orderPath, anOrder(t))
	if order := see(t, mock, orderOne); order.Status != "processing" || order.Certificate.SerialNumber != "" || order.Certificate.DaysRemaining != nil {
		t.Errorf("just placed: %+v", order)
	}
	if got := ask(t, mock, http.MethodGet, firstCertificate+"/download/platform", ""); codes(t, got.Body.Bytes())[0] != "cert_unavailable_processing" {
		t.Errorf("download: %s", got.Body)
	}
	if order := settled(t, mock, orderOne); order.Status != "issued" || order.Certificate.SerialNumber == "" {
		t.Errorf("settled: %+v", order)
	}
}

// TestResetDropsWhatIsBeingMade: the certificate of an order that is gone does not end up with the next order, although
// that has the same ids.
func TestResetDropsWhatIsBeingMade(t *testing.T) {
	t.Parallel()
	mock := newMock(t, mockserver.WithTokenKey(mockserver.RSA2048))
	must(t, mock, http.MethodPost, orderPath, anOrder(t))
	must(t, mock, http.MethodPost, "/_mock/reset", "")
	if order := place(t, mock, anOrder(t, "authentication", "encryption")); order.Status != "issued" {
		t.Fatalf("%+v", order)
	}
	if usage := download(t, mock, firstCertificate+"/download/format/crt")[0].KeyUsage; usage&keyEncipherment == 0 {
		t.Errorf("key usage %b is not that of an encryption certificate", usage)
	}
}

// TestEveryOrderIsIssued in the end, of many accounts and many orders, with one worker or several.
func TestEveryOrderIsIssued(t *testing.T) {
	t.Parallel()
	const accounts, orders = 5, 20
	mock := newMock(t)
	for n := range accounts * orders {
		must(t, mock, http.MethodPost, orderPath, anOrder(t), "X-DC-DEVKEY", fmt.Sprint("account-", n%accounts))
	}
	for n := range accounts {
		key := fmt.Sprint("account-", n)
		if err := mock.Settle(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		for i := range orders {
			path := fmt.Sprint("/services/v2/certificate/", 845503702+i, "/download/format/crt")
			must(t, mock, http.MethodGet, path, "", "X-DC-DEVKEY", key)
		}
	}
}

// TestCloseEndsIssuing at once, although a key that is being made cannot be stopped, and the order stays as it is.
func TestCloseEndsIssuing(t *testing.T) {
	t.Parallel()
	mock := newMock(t, mockserver.WithTokenKey(mockserver.RSA2048))
	must(t, mock, http.MethodPost, orderPath, anOrder(t))
	done := make(chan error, 1)
	go func() { done <- mock.Close() }()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Fatal("Close waits")
	}
	must(t, mock, http.MethodPost, orderPath, anOrder(t)) // a handler goes on, and only nothing is made any more
	if order := see(t, mock, orderOne); order.Status != "processing" {
		t.Errorf("%+v", order)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := mock.Settle(ctx, "test"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("settled: %v", err)
	}
}

// TestSettleOfAnUnusedKey has nothing to wait for, and opens no account.
func TestSettleOfAnUnusedKey(t *testing.T) {
	t.Parallel()
	mock := newMock(t, mockserver.WithMaxAccounts(1))
	if err := mock.Settle(t.Context(), "unused"); err != nil {
		t.Error(err)
	}
	must(t, mock, http.MethodGet, "/services/v2/user/me", "")
}
