package mockserver_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/pkio-tools/certcentral/mockserver"
)

// TestAccountsInParallel lets 64 accounts order at once on one server. Each has to see its own
// orders and no others, with the ids of an account that is alone.
func TestAccountsInParallel(t *testing.T) {
	t.Parallel()
	const accounts = 64
	mock := startMock(t, mockserver.WithResponseCheck(func(err error) { t.Error(err) }))
	transport := &http.Transport{MaxIdleConnsPerHost: accounts}
	t.Cleanup(transport.CloseIdleConnections)
	template := string(vendorOrder(t))
	var group sync.WaitGroup
	for account := range accounts {
		group.Go(func() {
			c := caller{t, transport, mock.BaseURL(), fmt.Sprintf("account-%d", account)}
			orders := account%5 + 1
			for n := range orders {
				body := strings.Replace(template, `"John"`, fmt.Sprintf(`"John-%d"`, account), 1)
				if body == template {
					t.Error("the vendor's order has no John")
				}
				var placed struct {
					ID            int64 `json:"id"`
					CertificateID int64 `json:"certificate_id"`
				}
				c.call(http.MethodPost, "/order/certificate/pkio_organisation_person", body, &placed)
				if placed.ID != 843668399+int64(n) || placed.CertificateID != 845503702+int64(n) {
					t.Errorf("account %d, order %d: %+v", account, n, placed)
				}
			}
			c.checkOwn(account, orders)
			if account%2 == 0 {
				c.call(http.MethodPost, "/../../_mock/reset", "", nil)
				c.checkOwn(account, 0)
			}
		})
	}
	group.Wait()
}

type caller struct {
	*testing.T
	transport http.RoundTripper
	url, key  string
}

// call sends a request that has to be accepted.
func (c *caller) call(method, path, body string, out any) {
	c.Helper()
	url := c.url + path
	if control, found := strings.CutPrefix(path, "/../.."); found {
		url = strings.TrimSuffix(c.url, "/services/v2") + control
	}
	r, err := http.NewRequestWithContext(c.Context(), method, url, strings.NewReader(body))
	if err != nil {
		c.Error(err)
		return
	}
	r.Header.Set("X-DC-DEVKEY", c.key)
	r.Header.Set("Content-Type", "application/json")
	answer, err := c.transport.RoundTrip(r)
	if err != nil {
		c.Error(err)
		return
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode >= 300 {
		c.Errorf("%s %s: %s %s %v", method, path, answer.Status, text, err)
		return
	}
	if out != nil {
		if err := json.Unmarshal(text, out); err != nil {
			c.Errorf("%s %s: %v", method, path, err)
		}
	}
}

// checkOwn reads what the account holds: its own orders, all of them and nothing else.
func (c *caller) checkOwn(account, orders int) {
	c.Helper()
	var list struct {
		Orders []struct {
			ID          int64 `json:"id"`
			Certificate struct {
				CommonName string `json:"common_name"`
			} `json:"certificate"`
		} `json:"orders"`
		Page struct {
			Total int `json:"total"`
		} `json:"page"`
	}
	c.call(http.MethodGet, "/order/certificate", "", &list)
	if list.Page.Total != orders || len(list.Orders) != orders {
		c.Errorf("account %d: %d orders, want %d", account, list.Page.Total, orders)
	}
	for n, order := range list.Orders {
		if !strings.HasPrefix(order.Certificate.CommonName, fmt.Sprintf("John-%d ", account)) || order.ID != 843668399+int64(n) {
			c.Errorf("account %d: %+v", account, order)
		}
	}
	var funds struct {
		Balance string `json:"balance"`
	}
	c.call(http.MethodGet, "/finance/balance", "", &funds)
	want := fmt.Sprintf("-%d.00", 300*orders)
	if orders == 0 {
		want = "0.00"
	}
	if funds.Balance != want {
		c.Errorf("account %d: balance %s, want %s", account, funds.Balance, want)
	}
}

// TestSameInputSameOutput sends every request of the contract vectors to three servers with the
// same clock: their answers are the same to the byte, headers included. A key that was handed out
// cannot be sent again, so those requests are refused alike.
func TestSameInputSameOutput(t *testing.T) {
	t.Parallel()
	var want []string
	fileLength := regexp.MustCompile(`"length": [0-9]+,(\s+"media_type": "application/(?:json|pkix|x-|zip))`)
	for i := range 3 {
		// In an automatic life a certificate may be there a moment sooner or later.
		mock := newMock(t, mockserver.WithLife(mockserver.LifeManual))
		var got []string
		for _, path := range vectorFiles(t) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, section := range archive.Files {
				if !strings.HasPrefix(section.Name, "request") {
					continue
				}
				answer := send(t, mock, section.Data)
				body, err := io.ReadAll(answer.Body)
				_ = answer.Body.Close()
				if err != nil {
					t.Fatal(err)
				}
				// Keys and serial numbers are random, and with them the length of a file or of a PEM in JSON.
				if kind := answer.Header.Get("Content-Type"); len(body) > 0 {
					body = formatBody(t, kind, body)
					if kind != "application/json" {
						answer.Header.Del("Content-Length")
					}
					body = fileLength.ReplaceAll(body, []byte(`$1`)) // in the journal
				}
				got = append(got, fmt.Sprint(filepath.Base(path), answer.Status, answer.Header, string(body)))
			}
		}
		if i == 0 {
			want = got
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-first server +another):\n%s", diff)
		}
	}
	if len(want) < 100 {
		t.Errorf("only %d answers", len(want))
	}
}

// TestOneAccountInParallel places many orders at once with one key: no id is given twice, and each
// order is paid once.
func TestOneAccountInParallel(t *testing.T) {
	t.Parallel()
	const orders = 40
	mock := newMock(t, mockserver.WithBalance("9000.00"), mockserver.WithNegativeBalanceLimit("0"))
	body := string(vendorOrder(t))
	var mu sync.Mutex
	seen, refused := map[string]bool{}, 0
	var group sync.WaitGroup
	for range orders {
		group.Go(func() {
			got := ask(t, mock, http.MethodPost, orderPath, body)
			mu.Lock()
			defer mu.Unlock()
			if got.Code == http.StatusBadRequest {
				refused++
			} else if seen[got.Body.String()] {
				t.Errorf("given twice: %s", got.Body)
			}
			seen[got.Body.String()] = true
		})
	}
	group.Wait()
	if refused != orders-30 {
		t.Errorf("%d refused; there was money for 30", refused)
	}
	balance := ask(t, mock, http.MethodGet, "/services/v2/finance/balance", "").Body.String()
	if !strings.Contains(balance, `"balance":"0.00"`) {
		t.Errorf("balance: %s", balance)
	}
}

// TestClockIsAsked holds that all time comes from the injected clock.
func TestClockIsAsked(t *testing.T) {
	t.Parallel()
	now := time.Date(2001, 2, 3, 4, 5, 6, 0, time.FixedZone("", 3600))
	mock := newMock(t, mockserver.WithClock(func() time.Time { return now }))
	ask(t, mock, http.MethodPost, orderPath, string(vendorOrder(t)))
	got := ask(t, mock, http.MethodGet, "/services/v2/order/certificate", "").Body.String()
	if !strings.Contains(got, `"date_created":"2001-02-03T03:05:06+00:00"`) {
		t.Errorf("orders: %s", got)
	}
}
