package mocktest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// TestRefusal holds that a refusal fails the test, with what was called and why.
func TestRefusal(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithControlToken("open-sesame"))
	whole := mock.For(t, mock.APIKey)
	whole.ControlToken = "open-sesame"
	whole.WholeServer(t).Fail(mocktest.On("listCAs").Respond(200).Body("no list"))
	for name, one := range map[string]struct {
		refused func(*failingTest)
		parts   []string
	}{
		"setting": {
			func(tb *failingTest) { mock.Set(tb, mocktest.Balance("much")) },
			[]string{"change the settings", "PUT /_mock/account: 400", "invalid_field|balance"},
		},
		"fault without an action": {
			func(tb *failingTest) { mock.Fail(tb, mocktest.On("getOrder")) },
			[]string{"make a fault", "POST /_mock/faults: 400", "action"},
		},
		"fault that JSON cannot hold": {
			func(tb *failingTest) { mock.Fail(tb, mocktest.On().RequestBody("/a", func() {}).Respond(500)) },
			[]string{"make a fault", "unsupported type"},
		},
		"preset and action": {
			func(tb *failingTest) { mock.Fail(tb, mocktest.On().Preset("slow", 1).Respond(500)) },
			[]string{"make a fault", "POST /_mock/faults: 400", "preset"},
		},
		"no control token": {
			func(tb *failingTest) { mock.WholeServer(tb).ClearJournal() },
			[]string{"empty the journal", "DELETE /_mock/server/journal: 403", "invalid_control_token"},
		},
		"too few calls": {
			func(tb *failingTest) { mock.Wait(tb, 1, time.Millisecond) },
			[]string{"wait for calls", "GET /_mock/journal/wait: 408", "not_called"},
		},
		"no init code": {
			func(tb *failingTest) {
				tb.Helper()
				manual := mock.For(tb, "manual")
				manual.Set(tb, mocktest.Life(mockserver.LifeManual))
				manual.Token(tb, place(tb, manual)).InitCode()
			},
			[]string{"read the init code", "the token is ordered"},
		},
		"a list of CAs by a fault": {
			func(tb *failingTest) { mock.CAs(tb) },
			[]string{"list the CAs", "a fault of the whole server"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failing := &failingTest{TB: t, ended: make(chan struct{})}
			go func() {
				defer close(failing.ended)
				one.refused(failing)
				failing.wentOn = true
			}()
			<-failing.ended
			for _, part := range one.parts {
				if failing.wentOn || !strings.Contains(failing.fatal, part) {
					t.Errorf("went on: %v, said %q, want %s", failing.wentOn, failing.fatal, part)
				}
			}
		})
	}
}

// TestLog holds that a failed test shows the end of the log, and a test that passes nothing.
func TestLog(t *testing.T) {
	t.Parallel()
	for _, fails := range []bool{false, true} {
		tb := &logging{ending: ending{TB: t}, failed: fails}
		mock := mocktest.Start(tb)
		for n := range 150 {
			_, _ = mock.Client.Orders.Get(t.Context(), int64(n+1))
		}
		tb.end()
		if got := strings.Count(tb.text, "operation=getOrder"); fails && (got == 0 || got > 100) || !fails && tb.text != "" {
			t.Errorf("fails %v: %d lines: %s", fails, got, tb.text)
		}
	}
}

type logging struct {
	ending
	failed bool
	text   string
}

func (l *logging) Failed() bool                  { return l.failed }
func (l *logging) Logf(form string, args ...any) { l.text += fmt.Sprintf(form, args...) }
