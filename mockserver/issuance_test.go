package mockserver_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
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

// TestSettleOfAnotherKey waits for the account of a key that the account has handed out.
func TestSettleOfAnotherKey(t *testing.T) {
	t.Parallel()
	mock := newMock(t, mockserver.WithTokenKey(mockserver.RSA2048))
	var made struct {
		Key string `json:"api_key"`
	}
	answer := must(t, mock, http.MethodPost, "/_mock/keys", `{"user_id": 4313912}`)
	if err := json.Unmarshal(answer.Body.Bytes(), &made); err != nil {
		t.Fatal(err)
	}
	must(t, mock, http.MethodPost, orderPath, anOrder(t), "X-DC-DEVKEY", made.Key)
	if err := mock.Settle(t.Context(), made.Key); err != nil {
		t.Fatal(err)
	}
	if order := see(t, mock, orderOne); order.Status != "issued" {
		t.Errorf("%+v", order)
	}
}

// TestSettleGivesUp when its context ends, and says so.
func TestSettleGivesUp(t *testing.T) {
	t.Parallel()
	mock := newMock(t, mockserver.WithTokenKey(mockserver.RSA4096))
	must(t, mock, http.MethodPost, orderPath, anOrder(t))
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := mock.Settle(ctx, "test"); !errors.Is(err, context.DeadlineExceeded) || !strings.HasPrefix(err.Error(), "mockserver: settle: ") {
		t.Errorf("settled: %v", err)
	}
	if err := mock.Close(); err != nil {
		t.Error(err)
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
