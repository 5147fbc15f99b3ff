package journal_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/journal"
)

const account domain.AccountID = "account"

func limits() journal.Limits {
	return journal.Limits{Calls: 10, Control: 3, Account: 1 << 20, Total: 1 << 20}
}

func ids(page journal.Page) []int64 {
	list := []int64{}
	for _, call := range page.Calls {
		list = append(list, call.ID)
	}
	return list
}

// all are all calls of an account.
func all(j *journal.Journal, of domain.AccountID) journal.Page {
	return j.Find(of, journal.Query{Control: true}, 1<<20)
}

// TestLimits pins the documented caps.
func TestLimits(t *testing.T) {
	t.Parallel()
	if got, want := journal.LimitsWithin(1<<40), (journal.Limits{Calls: 1000, Control: 100, Account: 8 << 20, Total: 256 << 20}); got != want {
		t.Errorf("much memory: %+v", got)
	}
	if got := journal.LimitsWithin(80 << 20); got.Total != 10<<20 || got.Account != 8<<20 {
		t.Errorf("little memory: %+v", got)
	}
	if got := journal.LimitsWithin(0); got.Total != 1<<20 || got.Account != 1<<20 {
		t.Errorf("no memory: %+v", got)
	}
}

// TestRing compares a journal with a model: the last calls are there, in their order, with the
// number of dropped ones, within the caps of an account.
func TestRing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		j := journal.New(context.Background(), limits())
		type entry struct {
			id      int64
			control bool
		}
		var model []entry
		last, dropped := int64(0), map[bool]int64{}
		drop := func(i int) {
			dropped[model[i].control]++
			model = slices.Delete(model, i, i+1)
		}
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			if rapid.IntRange(0, 30).Draw(t, "clear") == 0 {
				j.Clear(account)
				model, dropped = nil, map[bool]int64{}
				continue
			}
			control := rapid.Bool().Draw(t, "control")
			j.Record(account, &journal.Call{Control: control})
			last++
			model = append(model, entry{last, control})
			own := 0
			for _, one := range model {
				if one.control {
					own++
				}
			}
			if own > limits().Control {
				drop(slices.IndexFunc(model, func(one entry) bool { return one.control }))
			}
			if len(model) > limits().Calls {
				drop(0)
			}
		}
		for _, withControl := range []bool{false, true} {
			want, wantDropped := []int64{}, dropped[false]
			if withControl {
				wantDropped += dropped[true]
			}
			for _, one := range model {
				if !one.control || withControl {
					want = append(want, one.id)
				}
			}
			page := j.Find(account, journal.Query{Control: withControl}, 100)
			if got := ids(page); !slices.Equal(got, want) || page.Matched != len(want) || page.Dropped != wantDropped {
				t.Fatalf("control %v: calls %v, want %v; dropped %d, want %d", withControl, got, want, page.Dropped, wantDropped)
			}
		}
		for id := range last + 2 {
			call, there := j.Get(account, id)
			if want := slices.ContainsFunc(model, func(one entry) bool { return one.id == id }); there != want || there && call.ID != id {
				t.Fatalf("call %d: %v", id, there)
			}
		}
	})
}

// TestBytes pins that large calls push out others, of the account and of all accounts.
func TestBytes(t *testing.T) {
	t.Parallel()
	const kilobyte = 1 << 10
	large := func(n int) *journal.Call {
		return &journal.Call{Request: journal.Message{Body: strings.Repeat("x", n*kilobyte)}}
	}
	j := journal.New(t.Context(), journal.Limits{Calls: 1000, Control: 100, Account: 100 * kilobyte, Total: 320 * kilobyte})
	for range 5 {
		j.Record(account, large(30))
	}
	if page := all(j, account); !slices.Equal(ids(page), []int64{3, 4, 5}) || page.Dropped != 2 {
		t.Errorf("an account: %v, dropped %d", ids(page), page.Dropped)
	}
	j.Record(account, large(200)) // larger than all that an account may have
	if page := all(j, account); len(page.Calls) != 0 || page.Dropped != 6 {
		t.Errorf("a call that is too large: %v, dropped %d", ids(page), page.Dropped)
	}
	accounts := []domain.AccountID{"a", "b", "c", "d"}
	for range 3 {
		for _, one := range accounts {
			j.Record(one, large(30))
		}
	}
	total, dropped := 0, int64(0)
	for _, one := range accounts {
		page := all(j, one)
		total, dropped = total+len(page.Calls), dropped+page.Dropped
		if !slices.Equal(ids(page), []int64{2, 3}) && !slices.Equal(ids(page), []int64{1, 2, 3}) && !slices.Equal(ids(page), []int64{3}) {
			t.Errorf("account %s: %v", one, ids(page))
		}
	}
	if total*30 > 320 || total+int(dropped) != 12 || len(all(j, "a").Calls) >= len(all(j, "d").Calls)+1 {
		t.Errorf("all accounts: %d calls, %d dropped", total, dropped)
	}
	for _, one := range accounts {
		j.Forget(one)
	}
	j.Record("a", large(90)) // there is room again
	if page := all(j, "a"); !slices.Equal(ids(page), []int64{1}) || page.Dropped != 0 {
		t.Errorf("a forgotten account: %v", ids(page))
	}
}

// TestQueries pins what each filter selects.
func TestQueries(t *testing.T) {
	t.Parallel()
	j := journal.New(t.Context(), limits())
	j.Record(account, &journal.Call{Operation: "getOrder", Status: 200, Orders: []int64{7}, Path: "/order/7"})
	j.Record(account, &journal.Call{Operation: "getUser", Status: 404, Refusals: []journal.Refusal{{Code: "not_found|user"}}, Query: `{"a":["ONE"]}`})
	j.Record(account, &journal.Call{Operation: "resetAccount", Status: 204, Control: true, Response: journal.Message{Body: "one"}})
	j.Record(account, &journal.Call{Status: 405, Orders: []int64{7, 8}, Request: journal.Message{Headers: `{"X":["Two"]}`}})
	for name, tc := range map[string]struct {
		query journal.Query
		limit int
		want  []int64
	}{
		"everything":        {journal.Query{}, 9, []int64{1, 2, 4}},
		"control":           {journal.Query{Control: true}, 9, []int64{1, 2, 3, 4}},
		"the last":          {journal.Query{Control: true}, 2, []int64{3, 4}},
		"none":              {journal.Query{}, 0, []int64{}},
		"since":             {journal.Query{Control: true, Since: 2}, 9, []int64{3, 4}},
		"since the last":    {journal.Query{Since: 4}, 9, []int64{}},
		"since no call":     {journal.Query{Since: math.MaxInt64, Control: true}, 9, []int64{}},
		"an operation":      {journal.Query{Operations: []string{"getUser"}}, 9, []int64{2}},
		"operations":        {journal.Query{Operations: []string{"getUser", "getOrder", "resetAccount"}}, 9, []int64{1, 2}},
		"a status":          {journal.Query{Status: "404"}, 9, []int64{2}},
		"a class":           {journal.Query{Status: "4xx"}, 9, []int64{2, 4}},
		"an order":          {journal.Query{Order: 7}, 9, []int64{1, 4}},
		"a code":            {journal.Query{Code: "not_found"}, 9, []int64{2}},
		"a whole code":      {journal.Query{Code: "not_found|user"}, 9, []int64{2}},
		"a part of a code":  {journal.Query{Code: "not_found|us"}, 9, []int64{}},
		"a text":            {journal.Query{Text: "One", Control: true}, 9, []int64{2, 3}},
		"a text in headers": {journal.Query{Text: "TWO"}, 9, []int64{4}},
		"several":           {journal.Query{Text: "order", Status: "2xx", Order: 7}, 9, []int64{1}},
	} {
		if got := ids(j.Find(account, tc.query, tc.limit)); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
	if got := all(j, "another"); len(got.Calls) != 0 {
		t.Errorf("another account: %v", ids(got))
	}
}

// TestWait pins when waiting ends: at once, with the call, at the end of its time, with the server,
// and also where the account is reset or forgotten in between.
func TestWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		errStop := errors.New("stopped")
		running, stop := context.WithCancelCause(t.Context())
		j := journal.New(running, limits())
		q := journal.Query{Operations: []string{"getOrder"}}
		wait := func(ctx context.Context, count int) chan error {
			done := make(chan error, 1)
			go func() {
				page, err := j.Wait(ctx, account, q, 100, count)
				if err == nil && page.Matched < count {
					err = errors.New("too few calls")
				}
				done <- err
			}()
			synctest.Wait()
			return done
		}
		pending := func(done chan error) bool {
			synctest.Wait()
			return len(done) == 0
		}
		two := wait(t.Context(), 2)
		j.Record(account, &journal.Call{Operation: "getOrder"})
		j.Record(account, &journal.Call{Operation: "getUser"})
		j.Record("another", &journal.Call{Operation: "getOrder"})
		if !pending(two) {
			t.Fatal("it did not wait for the second call")
		}
		j.Forget(account)
		if !pending(two) {
			t.Fatal("it did not wait for an account that was forgotten")
		}
		j.Record(account, &journal.Call{Operation: "getOrder"})
		j.Clear(account)
		if !pending(two) {
			t.Fatal("it did not wait after a reset")
		}
		j.Record(account, &journal.Call{Operation: "getOrder"})
		j.Record(account, &journal.Call{Operation: "getOrder"})
		if err := <-two; err != nil {
			t.Error(err)
		}
		if err := <-wait(t.Context(), 2); err != nil {
			t.Errorf("calls that are there already: %v", err)
		}
		noTime, end := context.WithCancel(t.Context())
		end()
		for range 20 { // each time
			if err := <-wait(noTime, 2); err != nil {
				t.Errorf("calls that are there already, without time: %v", err)
			}
		}
		short, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		begun := time.Now()
		if err := <-wait(short, 3); !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) != 5*time.Second {
			t.Errorf("the time is up: %v after %s", err, time.Since(begun))
		}
		last := wait(t.Context(), 3)
		stop(errStop)
		if err := <-last; !errors.Is(err, errStop) {
			t.Errorf("the server stops: %v", err)
		}
	})
}

// TestWaitForDropped: calls that came are answered, also where they are gone again before the waiting
// goroutine runs. Calls that were never there together do not count together.
func TestWaitForDropped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		call := func() *journal.Call { return &journal.Call{Operation: "getOrder"} }
		for name, lose := range map[string]func(*journal.Journal){
			"emptied":   func(j *journal.Journal) { j.Clear(account) },
			"forgotten": func(j *journal.Journal) { j.Forget(account) },
			"by others of the account": func(j *journal.Journal) {
				for range limits().Calls {
					j.Record(account, &journal.Call{})
				}
			},
			"by other accounts": func(j *journal.Journal) {
				j.Record("another", &journal.Call{Request: journal.Message{Body: strings.Repeat("x", 1<<20-1<<10)}})
			},
		} {
			j := journal.New(t.Context(), limits())
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			var page journal.Page
			var err error
			var group sync.WaitGroup
			group.Go(func() { page, err = j.Wait(ctx, account, journal.Query{Operations: []string{"getOrder"}}, 100, 2) })
			synctest.Wait()
			j.Record(account, call())
			lose(j)
			j.Record(account, call())
			j.Record(account, call())
			lose(j)
			group.Wait()
			cancel()
			if err != nil || len(page.Calls) != 2 || page.Matched != 2 {
				t.Errorf("%s: %d calls, matched %d, %v", name, len(page.Calls), page.Matched, err)
			}
			if got := all(j, account); slices.ContainsFunc(got.Calls, func(c *journal.Call) bool { return c.Operation != "" }) {
				t.Errorf("%s: %v are there", name, ids(got))
			}
		}
	})
}

// TestParallel records, asks, waits, empties and forgets at once.
func TestParallel(t *testing.T) {
	t.Parallel()
	const each = 300
	j := journal.New(t.Context(), journal.Limits{Calls: 100, Control: 10, Account: 1 << 20, Total: 100 << 10})
	accounts := []domain.AccountID{"a", "b", "c"}
	var group, waiting sync.WaitGroup
	for _, one := range accounts {
		for range 3 {
			group.Go(func() {
				for i := range each {
					j.Record(one, &journal.Call{Operation: "getOrder", Control: i%5 == 0, Request: journal.Message{Body: "{}"}})
				}
			})
		}
		waiting.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if _, err := j.Wait(ctx, one, journal.Query{Since: 5}, 10, 3); err != nil {
				t.Error(err)
			}
		})
		group.Go(func() {
			for i := range each {
				page := all(j, one)
				if !slices.IsSorted(ids(page)) {
					t.Errorf("not in order: %v", ids(page))
				}
				if i == each/2 {
					j.Clear(one)
				}
			}
		})
	}
	group.Go(func() {
		for range each {
			j.Record("d", &journal.Call{})
			j.Forget("d")
		}
	})
	group.Wait()
	for _, one := range accounts { // for a request that began to wait when its calls were dropped
		for range 3 {
			j.Record(one, &journal.Call{Operation: "getOrder"})
		}
	}
	waiting.Wait()
	if len(all(j, "d").Calls) != 0 {
		t.Error("a forgotten account has calls")
	}
}
