package mocktest_test

import (
	"runtime"
	"sync"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// BenchmarkStart measures what a test pays: start, first order, close.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		order(b)
	}
}

// BenchmarkStartThousand measures a thousand mocks that run at the same time, each with an order:
// the time until all have started and answered, and the memory that they hold then.
func BenchmarkStartThousand(b *testing.B) {
	const mocks = 1000
	for b.Loop() {
		tb := &ending{TB: b}
		var started sync.WaitGroup
		before := heapAndStacks()
		begin := time.Now()
		for range mocks {
			started.Go(func() { orderFrom(b, mocktest.Start(tb)) })
		}
		started.Wait()
		b.ReportMetric(time.Since(begin).Seconds(), "s")
		b.ReportMetric(float64(heapAndStacks()-before)/(1<<20), "MiB")
		tb.end()
	}
}

func heapAndStacks() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapInuse + stats.StackInuse
}

func order(b *testing.B) {
	b.Helper()
	tb := &ending{TB: b}
	defer tb.end()
	orderFrom(b, mocktest.Start(tb))
}

func orderFrom(b *testing.B, mock *mocktest.Server) {
	b.Helper()
	_, err := mock.Client.Orders.PlacePKIoOrganisationPerson(b.Context(), certcentral.PKIoOrganisationPersonRequest{
		ProfileOption: certcentral.ProfileAuthentication,
		Individual:    certcentral.ExistingIndividual(21),
		Organization: certcentral.ExistingOrganization(1920073,
			certcentral.VerifiedContact(certcentral.ExistingPerson(4313813))),
		ShipInfo: certcentral.ShipInfo{
			Name: "John Doe", Address1: "534 Jefferson Street", City: "Bern", State: "Bern", Zip: "3030",
			Country: "ch", Method: certcentral.ShippingStandard,
		},
		Validity:    certcentral.Years(1),
		Payment:     certcentral.PayByBalance(),
		AgreedToCSA: true,
	})
	if err != nil {
		b.Error(err)
	}
}

// An ending test ends when it is told to, so that one benchmark can run many.
type ending struct {
	testing.TB

	mu       sync.Mutex
	cleanups []func()
}

func (e *ending) Cleanup(f func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.cleanups = append(e.cleanups, f)
}

func (e *ending) end() {
	for _, f := range e.cleanups {
		f()
	}
}
