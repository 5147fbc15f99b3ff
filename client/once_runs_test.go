package client_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

var onceRuns = flag.Int("once-runs", 300, "how many runs TestPlaceOnceHolds makes")

// envOnceState is the environment variable with the file that keeps the id of a program under test.
const envOnceState = "TEST_ONCE_STATE"

// TestMain lets the test binary be the program that orders once, which TestPlaceOnceHolds runs and
// kills, or a server for the benchmarks.
func TestMain(m *testing.M) {
	if what := os.Getenv(envServe); what != "" {
		serveProgram(what)
		return
	}
	if state := os.Getenv(envOnceState); state != "" {
		orderOnceProgram(state)
		return
	}
	m.Run()
}

// A fastClock runs onceSpeed times as fast as the clock of the machine.
type fastClock struct{ start time.Time }

const onceSpeed = 500

func newFastClock() fastClock {
	return fastClock{time.Now()}
}

func (c fastClock) Now() time.Time { return c.start.Add(time.Since(c.start) * onceSpeed) }

func (c fastClock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d / onceSpeed)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// orderOnce orders once as a program does: the id is in a file before the first request. If the file
// was there, an earlier process may have been killed.
func orderOnce(ctx context.Context, state string, cc *certcentral.Client) (certcentral.OnceResult, error) {
	var opts []certcentral.OnceOption
	id, err := os.ReadFile(state)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		id = []byte(certcentral.NewOrderID())
		if err := os.WriteFile(state+".new", id, 0o600); err != nil {
			return certcentral.OnceResult{}, err
		}
		if err := os.Rename(state+".new", state); err != nil {
			return certcentral.OnceResult{}, err
		}
	case err != nil:
		return certcentral.OnceResult{}, err
	default:
		opts = append(opts, certcentral.WithResume())
	}
	request := ourOrder()
	request.AlternativeOrderID = string(id)
	return cc.Orders.PlaceOnce(ctx, request, opts...)
}

// orderOnceProgram is what the test binary does as a process of its own.
func orderOnceProgram(state string) {
	cc, err := certcentral.New(certcentral.WithClock(newFastClock()))
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("begins")
	if _, err := orderOnce(context.Background(), state, cc); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// A onceRun is one program that orders once, under faults that its seed chooses.
type onceRun struct {
	t      *testing.T
	seed   uint64
	random *rand.Rand
	mock   *mocktest.Server
	state  string
	// gateway is the base URL of a gateway that passes some orders on late.
	gateway string
}

// TestPlaceOnceHolds checks the sentences of PlaceOnce in many runs. In each the requests go wrong at
// random, contexts end, and processes are killed; the id is kept in a file, and the call is repeated
// until it succeeds.
func TestPlaceOnceHolds(t *testing.T) {
	t.Parallel()
	const workers = 40
	mock := mocktest.Start(t, mockserver.WithQuickKeys(), mockserver.WithLife(mockserver.LifeManual))
	dir := t.TempDir()
	gateway, settle := lateGateway(t, mock.URL)
	counting := certcentral.WithHTTPClient(&http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: workers}})
	accounts := make([]*mocktest.Server, *onceRuns)
	var next atomic.Uint64
	var found, placed, killed atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for {
				seed := next.Add(1)
				if seed > uint64(*onceRuns) || t.Failed() {
					return
				}
				account := mock.For(t, fmt.Sprint("run-", seed))
				account.Client = mock.ClientFor(t, account.APIKey, counting) // one pool of connections for all
				accounts[seed-1] = account
				run := onceRun{
					t: t, seed: seed, random: rand.New(rand.NewPCG(seed, 0)), mock: account,
					state:   filepath.Join(dir, strconv.FormatUint(seed, 10)),
					gateway: gateway,
				}
				result, kills := run.untilPlaced()
				killed.Add(int64(kills))
				if result.Found {
					found.Add(1)
				} else {
					placed.Add(1)
				}
			}
		})
	}
	group.Wait()
	late := settle()
	for i, account := range accounts {
		if account == nil {
			continue // after a failure
		}
		if now := countOrders(t, account); now != 1 {
			t.Errorf("seed %d, in the end: %d orders", i+1, now)
		}
	}
	t.Logf("%d runs: the last call placed the order in %d and found it in %d; %d orders were accepted late; %d processes were killed",
		*onceRuns, placed.Load(), found.Load(), late, killed.Load())
	if !t.Failed() && *onceRuns >= 100 && min(found.Load(), placed.Load(), killed.Load(), late) == 0 {
		t.Error("the runs have not tried everything")
	}
}

// lateGateway is a gateway that answers every fifth order with status 504, and passes it on up to 150 ms
// later: a part of the quiet period, which is 600 ms long by the clocks of this test.
// settle waits for the orders that are still to be passed on, and returns how many were accepted late.
func lateGateway(t *testing.T, mock string) (baseURL string, settle func() int64) {
	t.Helper()
	service, err := url.Parse(mock)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(service)
	transport := &http.Transport{ResponseHeaderTimeout: 300 * time.Millisecond}
	proxy.Transport, proxy.ErrorLog = transport, slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	var orders, accepted atomic.Int64
	var late sync.WaitGroup
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := orders.Add(1)
		if r.Method != http.MethodPost || n%5 != 0 {
			proxy.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		w.WriteHeader(http.StatusGatewayTimeout)
		passedOn, err := http.NewRequestWithContext(context.WithoutCancel(r.Context()), r.Method, mock+r.URL.Path, bytes.NewReader(body))
		if err != nil {
			t.Error(err)
			return
		}
		passedOn.Header = r.Header.Clone()
		late.Go(func() {
			time.Sleep(time.Duration(n%4) * 50 * time.Millisecond)
			answer, err := transport.RoundTrip(passedOn)
			if err != nil {
				return // by a fault of the mock
			}
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusCreated {
				accepted.Add(1)
			}
		})
	}))
	t.Cleanup(func() {
		gateway.Close()
		late.Wait()
		transport.CloseIdleConnections()
	})
	return gateway.URL, func() int64 { late.Wait(); return accepted.Load() }
}

// untilPlaced calls PlaceOnce until it succeeds, and compares each outcome with the orders of the
// account.
func (r *onceRun) untilPlaced() (result certcentral.OnceResult, kills int) {
	r.t.Helper()
	for range 1 + r.random.IntN(4) {
		r.mock.Fail(r.t, r.fault())
	}
	for call := range 8 {
		before := countOrders(r.t, r.mock)
		if r.random.IntN(4) == 0 {
			r.kill()
			kills++
			if now := countOrders(r.t, r.mock); now > 1 {
				r.t.Errorf("seed %d, call %d, killed: %d orders", r.seed, call, now)
			}
			continue
		}
		result, err := r.call()
		now := countOrders(r.t, r.mock)
		switch {
		case err == nil && now == 1:
			return result, kills
		case err == nil, now > 1:
			r.t.Errorf("seed %d, call %d: %d orders, error %v", r.seed, call, now, err)
			return result, kills
		case !errors.Is(err, certcentral.ErrOutcomeUnknown) && now != before:
			r.t.Errorf("seed %d, call %d: %d orders became %d, error %v", r.seed, call, before, now, err)
		}
	}
	r.mock.ClearFaults(r.t)
	result, err := r.call()
	for range 20 { // a context may end early, and the gateway be late
		if err == nil {
			break
		}
		result, err = r.call()
	}
	if now := countOrders(r.t, r.mock); err != nil || now != 1 {
		r.t.Errorf("seed %d, without faults: %d orders, error %v", r.seed, now, err)
	}
	return result, kills
}

// call calls PlaceOnce in this process, for up to four seconds: half an hour of its clock.
func (r *onceRun) call() (certcentral.OnceResult, error) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Duration(r.random.IntN(4000))*time.Millisecond)
	defer cancel()
	transport := &http.Transport{ResponseHeaderTimeout: 200 * time.Millisecond}
	defer transport.CloseIdleConnections()
	return orderOnce(ctx, r.state, r.mock.ClientFor(r.t, r.mock.APIKey, certcentral.WithBaseURL(r.gateway),
		certcentral.WithClock(newFastClock()), certcentral.WithHTTPClient(&http.Client{Transport: transport})))
}

// kill runs a process that calls PlaceOnce, and kills it in the midst.
func (r *onceRun) kill() {
	r.t.Helper()
	command := exec.CommandContext(r.t.Context(), os.Args[0])
	command.Env = append(os.Environ(), envOnceState+"="+r.state,
		certcentral.EnvBaseURL+"="+r.mock.BaseURL, certcentral.EnvAPIKey+"="+r.mock.APIKey)
	out, err := command.StdoutPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		r.t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "begins\n" {
		r.t.Errorf("the process said %q, %v", line, err)
	}
	time.Sleep(time.Duration(r.random.IntN(20_000)) * time.Microsecond)
	_ = command.Process.Kill()
	_ = command.Wait()
}

// fault makes up a fault of one of the two operations of PlaceOnce.
func (r *onceRun) fault() mocktest.Fault {
	pick := func(of ...mocktest.Fault) mocktest.Fault { return of[r.random.IntN(len(of))] }
	on := mocktest.On([]string{opPlace, opPlace, opLook}[r.random.IntN(3)]).After(r.random.Int32N(2)).Times(1 + r.random.Int32N(3))
	if r.random.IntN(4) == 0 {
		on = on.Times(12) // outlasts the quiet period
	}
	if r.random.IntN(5) == 0 { // refusals, which tell that nothing was done
		return pick(on.Catalogue("request_limit_exceeded"), on.Catalogue("insufficient_funds"), on.Catalogue(wrongKey))
	}
	if r.random.IntN(2) == 0 {
		on = on.AfterServing()
	}
	return pick(
		on.Cut("before_headers"), on.Cut("in_headers"), on.Cut("in_body"), on.Cut("reset"), on.Truncate(9), on.Hang(),
		on.DelayBetween(time.Millisecond, 50*time.Millisecond), on.ContentType("text/html"), on.Dribble(2000),
		on.Catalogue("internal_error"), on.Catalogue("html_502"), on.Catalogue("html_503"),
		on.Respond(408), on.Respond(200).Body("<html>").ContentType("text/html"),
	)
}
