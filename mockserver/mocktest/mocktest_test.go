package mocktest_test

import (
	"errors"
	"fmt"
	"net"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

func TestMain(m *testing.M) {
	// As the package comment says.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/pkio-tools/certcentral/mockserver/internal/ca.GenerateKey"))
}

// TestParallelServers gives each parallel subtest a server of its own. All of them see a fresh
// account.
func TestParallelServers(t *testing.T) {
	t.Parallel()
	for i := range 8 {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			mock := mocktest.Start(t)
			placeAll(t, mock.Client, i+1)
		})
	}
}

// TestOneServer shares a server among parallel subtests, each with a key and so an account of its
// own.
func TestOneServer(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	for i := range 8 {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			placeAll(t, mock.ClientFor(t, fmt.Sprintf("key-%d", i)), i+1)
		})
	}
}

// placeAll places orders on a fresh account, and reads them and what they cost.
func placeAll(t *testing.T, client *certcentral.Client, orders int) {
	t.Helper()
	for n := range orders {
		placed, err := client.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder())
		if err != nil {
			t.Fatal(err)
		}
		if want := int64(843668399 + n); placed.ID != want {
			t.Errorf("order: got %d, want %d", placed.ID, want)
		}
	}
	total := 0
	for _, err := range client.Orders.All(t.Context(), certcentral.OrderListOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		total++
	}
	if total != orders {
		t.Errorf("%d orders, want %d", total, orders)
	}
}

// TestServer pins what a started server says of itself.
func TestServer(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	if mock.URL != mock.Mock.URL() || mock.BaseURL != mock.URL+"/services/v2" || mock.APIKey != mocktest.APIKey {
		t.Errorf("server: %+v", mock)
	}
	if !strings.HasPrefix(mock.URL, "http://127.0.0.1:") {
		t.Errorf("it does not listen on loopback: %s", mock.URL)
	}
	// Client uses the key that the server names.
	if _, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder()); err != nil {
		t.Fatal(err)
	}
	if _, err := mock.ClientFor(t, mock.APIKey).Orders.Get(t.Context(), 843668399); err != nil {
		t.Error(err)
	}
}

// TestOptions holds that options reach the mock.
func TestOptions(t *testing.T) {
	t.Parallel()
	long := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	mock := mocktest.Start(t,
		mockserver.WithClock(func() time.Time { return long }),
		mockserver.WithAPIKeys(mocktest.APIKey, "second"),
		mockserver.WithBalance("300.00"), mockserver.WithNegativeBalanceLimit("0"),
	)
	placed, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder())
	if err != nil {
		t.Fatal(err)
	}
	order, err := mock.Client.Orders.Get(t.Context(), placed.ID)
	if err != nil || !order.DateCreated.Equal(long) {
		t.Errorf("created %v, %v", order.DateCreated, err)
	}
	_, err = mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), anOrder())
	if refused, ok := errors.AsType[*certcentral.Error](err); !ok || !refused.Has("insufficient_funds") {
		t.Errorf("got %v", err)
	}
	if _, err := mock.ClientFor(t, "second").Orders.Get(t.Context(), placed.ID); !errors.Is(err, certcentral.ErrNotFound) {
		t.Errorf("the second key: %v", err)
	}
	if _, err := mock.ClientFor(t, "third").Orders.Get(t.Context(), placed.ID); !errors.Is(err, certcentral.ErrUnauthorized) {
		t.Errorf("a key that is not on the list: %v", err)
	}
}

// TestEnd holds that the server ends with the test.
func TestEnd(t *testing.T) {
	t.Parallel()
	var address string
	t.Run("subtest", func(t *testing.T) {
		address = strings.TrimPrefix(mocktest.Start(t).URL, "http://")
	})
	if connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", address); err == nil {
		_ = connection.Close()
		t.Error("the server has outlived its test")
	}
}

// TestStartFails holds that a wrong option fails the test and does not go on.
func TestStartFails(t *testing.T) {
	t.Parallel()
	failing := &failingTest{ended: make(chan struct{})}
	go func() {
		defer close(failing.ended)
		mocktest.Start(failing, mockserver.WithBalance("much"))
		failing.wentOn = true
	}()
	<-failing.ended
	if failing.wentOn || !strings.HasPrefix(failing.fatal, "mocktest: ") || !strings.Contains(failing.fatal, "balance: ") {
		t.Errorf("went on: %v, said %q", failing.wentOn, failing.fatal)
	}
}

// A failingTest takes note of its failure.
type failingTest struct {
	testing.TB
	ended  chan struct{}
	fatal  string
	wentOn bool
}

func (*failingTest) Helper() {}

func (f *failingTest) Fatal(a ...any) { f.Fatalf("%s", fmt.Sprint(a...)) }

func (f *failingTest) Fatalf(form string, a ...any) {
	f.fatal = fmt.Sprintf(form, a...)
	runtime.Goexit()
}
