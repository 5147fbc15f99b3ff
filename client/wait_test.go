package client_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// TestWaitIssued pins how a wait ends. The clock of the client moves the order on when the client
// pauses.
func TestWaitIssued(t *testing.T) {
	t.Parallel()
	moves := func(to ...certcentral.OrderStatus) func(t *testing.T, mock *mocktest.Server, id int64, pause int) {
		return func(t *testing.T, mock *mocktest.Server, id int64, pause int) {
			t.Helper()
			if pause < len(to) && to[pause] != "" {
				mock.Move(t, id, to[pause], mocktest.Reason("No answer from the organization."))
			}
		}
	}
	for name, tt := range map[string]struct {
		faults []mocktest.Fault
		pauses func(t *testing.T, mock *mocktest.Server, id int64, pause int)
		limit  int
		seen   []certcentral.OrderStatus
		ended  certcentral.OrderStatus
		kind   error
	}{
		"issued": {
			pauses: moves("", certcentral.OrderProcessing, "", certcentral.OrderIssued),
			seen:   []certcentral.OrderStatus{certcentral.OrderPending, certcentral.OrderProcessing, certcentral.OrderIssued},
		},
		"rejected": {
			pauses: moves("", "", certcentral.OrderRejected), ended: certcentral.OrderRejected,
			seen: []certcentral.OrderStatus{certcentral.OrderPending, certcentral.OrderRejected},
		},
		"canceled": {
			pauses: moves(certcentral.OrderCanceled), ended: certcentral.OrderCanceled,
			seen: []certcentral.OrderStatus{certcentral.OrderPending, certcentral.OrderCanceled},
		},
		"the context ends": {
			pauses: moves(), limit: 7, kind: context.DeadlineExceeded, seen: []certcentral.OrderStatus{certcentral.OrderPending},
		},
		"looks that fail": {
			faults: []mocktest.Fault{mocktest.On("getOrder").Times(4).Catalogue("html_502")},
			pauses: moves("", "", "", "", certcentral.OrderIssued),
			seen:   []certcentral.OrderStatus{certcentral.OrderPending, certcentral.OrderIssued},
		},
		"looks that fail to the end": {
			faults: []mocktest.Fault{mocktest.On("getOrder").Times(0).Cut("reset")},
			pauses: moves(), limit: 3, kind: context.DeadlineExceeded,
		},
		"the key is refused": {
			faults: []mocktest.Fault{mocktest.On("getOrder").Catalogue(wrongKey)},
			pauses: moves(), kind: certcentral.ErrUnauthorized,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := mocktest.Start(t, mockserver.WithQuickKeys(), mockserver.WithLife(mockserver.LifeManual))
			placed, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), ourOrder())
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range tt.faults {
				mock.Fail(t, fault)
			}
			pause := 0
			clock := &quickClock{limit: tt.limit}
			clock.slept = func(time.Duration) { tt.pauses(t, mock, placed.ID, pause); pause++ }
			var seen []certcentral.OrderStatus
			order, err := onceClient(t, mock, clock).Orders.WaitIssued(t.Context(), placed.ID,
				certcentral.WithProgress(func(o certcentral.Order) { seen = append(seen, o.Status) }))
			if !slices.Equal(seen, tt.seen) {
				t.Errorf("seen %q, want %q", seen, tt.seen)
			}
			switch {
			case tt.kind != nil:
				if !errors.Is(err, tt.kind) {
					t.Errorf("error %v", err)
				}
			case tt.ended != "":
				ended, ok := errors.AsType[*certcentral.OrderEndedError](err)
				if !ok || ended.OrderID != placed.ID || ended.Status != tt.ended || !tt.ended.Ended() {
					t.Fatalf("error %v", err)
				}
				if ended.Note != "No answer from the organization." || strings.Contains(err.Error(), ended.Note) {
					t.Errorf("the note is %q, the error %v", ended.Note, err)
				}
			case err != nil || order.Status != certcentral.OrderIssued || order.Status.Ended() || order.Certificate.SerialNumber == "":
				t.Errorf("got %s, %v", order.Status, err)
			}
		})
	}
}

// TestWaitPauses pins the pauses over three days: seconds first, then minutes, then hours, and from
// the beginning after a change.
func TestWaitPauses(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithQuickKeys(), mockserver.WithLife(mockserver.LifeManual))
	placed, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), ourOrder())
	if err != nil {
		t.Fatal(err)
	}
	clock := new(quickClock)
	clock.slept = func(time.Duration) {
		switch len(clock.pauses) {
		case 14:
			mock.Move(t, placed.ID, certcentral.OrderProcessing)
		case 17:
			mock.Move(t, placed.ID, certcentral.OrderIssued)
		}
	}
	if _, err := onceClient(t, mock, clock).Orders.WaitIssued(t.Context(), placed.ID); err != nil {
		t.Fatal(err)
	}
	var want []time.Duration
	for _, seconds := range []int{2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600, 3600, 2, 4, 8} {
		want = append(want, time.Duration(seconds)*time.Second)
	}
	if !slices.Equal(clock.pauses, want) {
		t.Errorf("pauses %v, want %v", clock.pauses, want)
	}
}

// TestWaitApproval pins that the function of WithApproval is called once, and that its error ends
// the wait.
func TestWaitApproval(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithQuickKeys(), mockserver.WithApproval(mockserver.ApprovalOn))
	place := func() int64 {
		placed, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), ourOrder())
		if err != nil {
			t.Fatal(err)
		}
		return placed.ID
	}
	clock := new(quickClock)
	clock.slept = func(time.Duration) { mock.Settle(t) }
	cc := onceClient(t, mock, clock)
	called := 0
	order, err := cc.Orders.WaitIssued(t.Context(), place(), certcentral.WithApproval(func(ctx context.Context, order certcentral.Order) error {
		called++
		return cc.Requests.Approve(ctx, order.Requests[0].ID, "")
	}))
	if err != nil || order.Status != certcentral.OrderIssued || called != 1 {
		t.Errorf("got %s, %v; called %d times", order.Status, err, called)
	}
	refused := errors.New("refused")
	_, err = cc.Orders.WaitIssued(t.Context(), place(), certcentral.WithApproval(func(context.Context, certcentral.Order) error { return refused }))
	if !errors.Is(err, refused) {
		t.Errorf("error %v", err)
	}
	quick := &quickClock{limit: 4}
	if _, err := onceClient(t, mock, quick).Orders.WaitIssued(t.Context(), place(), certcentral.WithPauses(time.Minute, time.Minute)); !errors.Is(err, context.DeadlineExceeded) ||
		!strings.Contains(err.Error(), "is needs_approval") || quick.pauses[3] != time.Minute {
		t.Errorf("error %v after pauses %v", err, quick.pauses)
	}
}

// TestRequestWait pins that an approval and a rejection end the wait for a request.
func TestRequestWait(t *testing.T) {
	t.Parallel()
	for _, want := range []certcentral.RequestStatus{certcentral.RequestApproved, certcentral.RequestRejected} {
		t.Run(string(want), func(t *testing.T) {
			t.Parallel()
			mock := mocktest.Start(t, mockserver.WithQuickKeys(), mockserver.WithApproval(mockserver.ApprovalOn))
			placed, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), ourOrder())
			if err != nil {
				t.Fatal(err)
			}
			id := placed.Requests[0].ID
			clock := new(quickClock)
			clock.slept = func(time.Duration) {
				if len(clock.pauses) != 3 {
					return
				}
				decide := mock.Client.Requests.Approve
				if want == certcentral.RequestRejected {
					decide = mock.Client.Requests.Reject
				}
				if err := decide(t.Context(), id, ""); err != nil {
					t.Error(err)
				}
			}
			request, err := onceClient(t, mock, clock).Requests.Wait(t.Context(), id)
			if err != nil || request.Status != want || len(clock.pauses) != 3 {
				t.Errorf("got %s, %v after %d pauses", request.Status, err, len(clock.pauses))
			}
			_, err = mock.Client.Requests.Wait(t.Context(), id, certcentral.WithProgress(func(certcentral.Order) {}))
			if _, ok := errors.AsType[*certcentral.ArgumentError](err); !ok {
				t.Errorf("WithProgress: %v", err)
			}
		})
	}
}
