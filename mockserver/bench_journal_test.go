package mockserver_test

import (
	"net/http"
	"runtime"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver"
)

// BenchmarkJournal compares placing orders with a journal, which is the default, with placing them
// without one, over the loopback interface. Each iteration drives one after the other for a second,
// and in the other order the next time. The figures are medians.
func BenchmarkJournal(b *testing.B) {
	body := vendorOrder(b)
	measure := func(on bool) float64 {
		mock := startMock(b, mockserver.WithLife(mockserver.LifeManual), mockserver.WithJournal(on))
		defer func() { _ = mock.Close() }()
		return drive(b, mock.URL(), body)
	}
	var with, without, ratios []float64
	for b.Loop() {
		var on, off float64
		if len(ratios)%2 == 0 {
			on, off = measure(true), measure(false)
		} else {
			off, on = measure(false), measure(true)
		}
		with, without, ratios = append(with, on), append(without, off), append(ratios, on/off)
	}
	b.ReportMetric(median(with), "on-orders/s")
	b.ReportMetric(median(without), "off-orders/s")
	b.ReportMetric(median(ratios), "on/off")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkJournalAllocations counts what the journal allocates for an order inside the handler.
func BenchmarkJournalAllocations(b *testing.B) {
	const orders = 2000
	body := vendorOrder(b)
	measure := func(on bool) float64 {
		mock, err := mockserver.New(mockserver.WithLife(mockserver.LifeManual), mockserver.WithJournal(on))
		if err != nil {
			b.Fatal(err)
		}
		var before, after runtime.MemStats
		call(b, mock, http.MethodPost, orderPath, body, "bench")
		runtime.ReadMemStats(&before)
		for range orders {
			call(b, mock, http.MethodPost, orderPath, body, "bench")
		}
		runtime.ReadMemStats(&after)
		return float64(after.Mallocs-before.Mallocs) / orders
	}
	var more []float64
	for b.Loop() {
		more = append(more, measure(true)-measure(false))
	}
	b.ReportMetric(median(more), "more-allocs/order")
	b.ReportMetric(0, "ns/op")
}
