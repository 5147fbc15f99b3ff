package mockserver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver"
)

var soakFor = flag.Duration("soak", 2*time.Second, "how long TestSoak goes on")

// TestSoak drives mixed load with clients that misbehave: they cut connections, send half a body,
// or dribble it. Half of the accounts have their orders issued. In the end nothing may have leaked,
// every acknowledged order can be read, nothing waits for its certificate, and every balance is the
// sum of its history.
func TestSoak(t *testing.T) { //nolint:paralleltest // it counts the goroutines of the process
	const accounts, clients, seed = 8, 16, 42
	runtime.GC()
	goroutines, before := runtime.NumGoroutine(), heap()
	// A long soak reaches this cap; from then on orders are refused, and everything else goes on.
	mock, err := mockserver.New(mockserver.WithMaxOrders(200_000), mockserver.WithQuickKeys())
	if err != nil {
		t.Fatal(err)
	}
	if err := mock.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	pool := make([]*soakAccount, accounts)
	for i := range pool {
		pool[i] = &soakAccount{key: fmt.Sprint("soak-", i)}
	}
	order := vendorOrder(t)
	check := &soakClient{t: t, url: mock.URL(), transport: &http.Transport{}, order: order}
	for _, account := range pool[:accounts/2] { // whose orders can be canceled
		check.send(t.Context(), http.MethodPut, "/_mock/account", account.key, []byte(`{"life":"manual"}`), nil)
	}
	ctx, cancel := context.WithTimeout(t.Context(), *soakFor)
	defer cancel()
	var group sync.WaitGroup
	for i := range clients {
		group.Go(func() {
			transport := &http.Transport{}
			defer transport.CloseIdleConnections()
			c := &soakClient{
				t: t, url: mock.URL(), transport: transport, order: order,
				random: rand.New(rand.NewPCG(seed, uint64(i))),
			}
			for ctx.Err() == nil {
				c.step(ctx, pool[c.random.IntN(len(pool))])
			}
		})
	}
	group.Wait()
	total := 0
	for _, account := range pool {
		total += len(account.orders)
		if err := mock.Settle(t.Context(), account.key); err != nil {
			t.Error(err)
		}
		check.audit(account)
		check.send(t.Context(), http.MethodPost, "/_mock/reset", account.key, nil, nil)
	}
	check.transport.CloseIdleConnections()
	t.Logf("%d acknowledged orders in %v", total, *soakFor)
	if total == 0 {
		t.Error("not one order was acknowledged")
	}
	if grown := heap() - before; grown > 8<<20 {
		t.Errorf("the heap has grown by %d KiB although every account was reset", grown>>10)
	}
	if err := mock.Close(); err != nil {
		t.Error(err)
	}
	waitFor(t, "the goroutines to end", func() bool { return runtime.NumGoroutine() <= goroutines })
}

// waitFor waits until something holds, or fails the test.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(10 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

type soakAccount struct {
	key    string
	mu     sync.Mutex
	orders []int64 // acknowledged with 201
}

type soakClient struct {
	t         *testing.T
	url       string
	transport *http.Transport
	order     []byte
	random    *rand.Rand
}

// step does one of the things that clients do.
func (c *soakClient) step(ctx context.Context, account *soakAccount) {
	switch c.random.IntN(12) {
	case 0, 1, 2, 3:
		c.place(ctx, account)
	case 4:
		c.send(ctx, http.MethodGet, "/services/v2/order/certificate?limit=5&sort=-date_created", account.key, nil, nil)
	case 5:
		c.send(ctx, http.MethodGet, fmt.Sprint("/services/v2/order/certificate/", c.one(account)), account.key, nil, nil)
	case 6:
		c.cancel(ctx, account)
	case 7:
		c.hangUp(ctx, account, c.random.IntN(len(c.order)))
	case 8:
		c.dribble(ctx, account)
	case 9:
		c.send(ctx, http.MethodPost, orderPath, account.key, c.order[:c.random.IntN(len(c.order))], nil)
	case 10:
		path := fmt.Sprintf("/services/v2/certificate/download/order/%d/format/pem_all", c.one(account))
		c.send(ctx, http.MethodGet, path, account.key, nil, nil)
	case 11:
		if c.random.IntN(50) > 0 { // a CA never forgets a revocation
			return
		}
		path := fmt.Sprintf("/services/v2/order/certificate/%d/", c.one(account))
		c.send(ctx, http.MethodPost, path+"reissue", account.key, []byte(`{}`), nil)
		c.send(ctx, http.MethodPut, path+"revoke", account.key, []byte(`{"skip_approval":true}`), nil)
	}
}

// one is an order of an account, or none.
func (c *soakClient) one(account *soakAccount) int64 {
	account.mu.Lock()
	defer account.mu.Unlock()
	if n := len(account.orders); n > 0 {
		return account.orders[c.random.IntN(n)]
	}
	return 0
}

func (c *soakClient) place(ctx context.Context, account *soakAccount) {
	var created struct {
		ID int64 `json:"id"`
	}
	if c.send(ctx, http.MethodPost, orderPath, account.key, c.order, &created) == http.StatusCreated {
		account.mu.Lock()
		defer account.mu.Unlock()
		account.orders = append(account.orders, created.ID)
	}
}

func (c *soakClient) cancel(ctx context.Context, account *soakAccount) {
	body := []byte(`{"status":"canceled","note":"soak"}`)
	c.send(ctx, http.MethodPut, fmt.Sprintf("/services/v2/order/certificate/%d/status", c.one(account)), account.key, body, nil)
}

// hangUp sends a part of an order and cuts the connection.
func (c *soakClient) hangUp(ctx context.Context, account *soakAccount, after int) {
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", strings.TrimPrefix(c.url, "http://"))
	if err != nil {
		return
	}
	defer connection.Close()
	request := rawRequest(http.MethodPost, orderPath, account.key, c.order)
	_, _ = connection.Write(request[:len(request)-len(c.order)+after])
}

// dribble sends an order in small pieces.
func (c *soakClient) dribble(ctx context.Context, account *soakAccount) {
	r, w := io.Pipe()
	go func() {
		for rest := c.order; len(rest) > 0 && ctx.Err() == nil; {
			n := min(97, len(rest))
			if _, err := w.Write(rest[:n]); err != nil {
				return
			}
			rest = rest[n:]
			runtime.Gosched()
		}
		_ = w.CloseWithError(ctx.Err())
	}()
	c.sendFrom(ctx, http.MethodPost, orderPath, account.key, r, func(answer []byte) {
		var created struct {
			ID int64 `json:"id"`
		}
		if json.Unmarshal(answer, &created) == nil && created.ID > 0 {
			account.mu.Lock()
			defer account.mu.Unlock()
			account.orders = append(account.orders, created.ID)
		}
	})
	_ = r.Close()
}

// send returns the status of the answer, or zero when there was none because the time is over.
func (c *soakClient) send(ctx context.Context, method, path, key string, body []byte, into any) int {
	return c.sendFrom(ctx, method, path, key, bytes.NewReader(body), func(answer []byte) {
		if into != nil {
			if err := json.Unmarshal(answer, into); err != nil {
				c.t.Errorf("%s %s: %v", method, path, err)
			}
		}
	})
}

func (c *soakClient) sendFrom(ctx context.Context, method, path, key string, body io.Reader, read func([]byte)) int {
	request, err := http.NewRequestWithContext(ctx, method, c.url+path, body)
	if err != nil {
		c.t.Error(err)
		return 0
	}
	request.Header.Set("X-DC-DEVKEY", key)
	request.Header.Set("Content-Type", "application/json")
	answer, err := c.transport.RoundTrip(request)
	if err != nil {
		if ctx.Err() == nil {
			c.t.Errorf("%s %s: %v", method, path, err)
		}
		return 0
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	switch {
	case err != nil && ctx.Err() == nil:
		c.t.Errorf("%s %s: %v", method, path, err)
	case answer.StatusCode == http.StatusServiceUnavailable && bytes.Contains(data, []byte(`"mock_capacity"`)):
		// said, as it should be
	case answer.StatusCode >= http.StatusInternalServerError:
		c.t.Errorf("%s %s: %s: %s", method, path, answer.Status, data)
	case err == nil && answer.StatusCode < http.StatusMultipleChoices:
		read(data)
	}
	return answer.StatusCode
}

// audit reads everything of an account back.
func (c *soakClient) audit(account *soakAccount) {
	ctx := c.t.Context()
	for _, id := range account.orders {
		if status := c.send(ctx, http.MethodGet, fmt.Sprint("/services/v2/order/certificate/", id), account.key, nil, nil); status != http.StatusOK {
			c.t.Errorf("%s: order %d was acknowledged, and reading it gives %d", account.key, id, status)
		}
	}
	var balance struct {
		Balance string `json:"balance"`
	}
	c.send(ctx, http.MethodGet, "/services/v2/finance/balance", account.key, nil, &balance)
	if sum := c.history(ctx, account); sum != cents(balance.Balance) {
		c.t.Errorf("%s: the balance is %s and its history adds up to %d cents", account.key, balance.Balance, sum)
	}
}

// history adds up the adjustments of the balance, in cents.
func (c *soakClient) history(ctx context.Context, account *soakAccount) int64 {
	var sum int64
	for offset := 0; ; {
		var page struct {
			Adjustments []struct {
				Debit  string `json:"debit"`
				Credit string `json:"credit"`
			} `json:"adjustments"`
			Page struct {
				Total int `json:"total"`
			} `json:"page"`
		}
		c.send(ctx, http.MethodGet, fmt.Sprint("/services/v2/finance/balance-history?limit=1000&offset=", offset), account.key, nil, &page)
		for _, adjustment := range page.Adjustments {
			sum += cents(adjustment.Credit) - cents(adjustment.Debit)
		}
		if offset += len(page.Adjustments); offset >= page.Page.Total || len(page.Adjustments) == 0 {
			return sum
		}
	}
}

// cents reads an amount such as "-300.00"; nothing is zero.
func cents(amount string) int64 {
	n, _ := strconv.ParseInt(strings.Replace(amount, ".", "", 1), 10, 64)
	return n
}
