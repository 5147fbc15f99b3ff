package client_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
)

// envServe makes the test binary a server, so that a benchmark measures the client alone: "mock" is a
// mock, any other value is a file with an order, of which the server lists many.
const envServe = "TEST_SERVE"

// manyOrders is how many orders the server lists.
const manyOrders = 100_000

// serveProgram is what the test binary does as a server. It prints its address, and ends with its
// standard input.
func serveProgram(what string) {
	var address string
	if what == "mock" {
		mock, err := mockserver.New(mockserver.WithLife(mockserver.LifeManual))
		if err == nil {
			err = mock.Start("127.0.0.1:0")
		}
		if err != nil {
			panic(err)
		}
		address = mock.BaseURL()
	} else {
		order, err := os.ReadFile(what)
		if err != nil {
			panic(err)
		}
		address = httptest.NewServer(listing(order)).URL
	}
	fmt.Println(address)
	_, _ = bufio.NewReader(os.Stdin).ReadByte()
}

// listing lists many orders that differ only by their ids.
func listing(order []byte) http.Handler {
	const id = "843668399"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		offset, _ := strconv.Atoi(r.FormValue("offset"))
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"page":{"total":%d,"limit":1000,"offset":%d},"orders":[`, manyOrders, offset)
		for i := offset; i < min(offset+1000, manyOrders); i++ {
			if i > offset {
				_, _ = w.Write([]byte{','})
			}
			_, _ = w.Write(bytes.Replace(order, []byte(id), []byte(strconv.Itoa(843668399+i)), 1))
		}
		_, _ = w.Write([]byte(`]}`))
	})
}

// serve runs the test binary as a server, and returns its address.
func serve(b *testing.B, what string) string {
	b.Helper()
	server := exec.CommandContext(b.Context(), os.Args[0])
	server.Env = append(os.Environ(), envServe+"="+what)
	server.Stderr = os.Stderr
	in, err := server.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _, _ = in.Close(), server.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(address)
}

// BenchmarkOrder compares an order by the client with one by net/http and encoding/json by hand, with
// the same mock, which is another process. Each round places one order by the one and one by the
// other; the times are medians. The targets are 1.15 times the time, and 1.5 times the allocations.
func BenchmarkOrder(b *testing.B) {
	address := serve(b, "mock")
	transport := &http.Transport{}
	b.Cleanup(transport.CloseIdleConnections)
	cc, err := certcentral.New(certcentral.WithBaseURL(address), certcentral.WithAPIKey("bench"),
		certcentral.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		b.Fatal(err)
	}
	byClient := func(ctx context.Context) error {
		_, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, exampleOrder())
		return err
	}
	hand := byHand{&http.Client{Transport: transport}, address + "/order/certificate/pkio_organisation_person", "bench"}
	var times, handTimes []float64
	timed := func(place func(context.Context) error) float64 {
		began := time.Now()
		if err := place(b.Context()); err != nil {
			b.Fatal(err)
		}
		return float64(time.Since(began).Nanoseconds()) / 1000
	}
	for b.Loop() {
		times, handTimes = append(times, timed(byClient)), append(handTimes, timed(hand.place))
	}
	allocations, handAllocations := testing.AllocsPerRun(100, func() { timed(byClient) }), testing.AllocsPerRun(100, func() { timed(hand.place) })
	b.ReportMetric(median(times), "client-µs/order")
	b.ReportMetric(median(handTimes), "hand-µs/order")
	b.ReportMetric(median(times)/median(handTimes), "time-ratio")
	b.ReportMetric(allocations, "client-allocs/order")
	b.ReportMetric(handAllocations, "hand-allocs/order")
	b.ReportMetric(allocations/handAllocations, "allocs-ratio")
	b.ReportMetric(0, "ns/op")
}

func median(of []float64) float64 {
	slices.Sort(of)
	return of[len(of)/2]
}

// byHand orders as a program without the client would.
type byHand struct {
	client       *http.Client
	address, key string
}

type (
	handOrder struct {
		Certificate struct {
			ProfileOption string `json:"profile_option"`
			Individual    handID `json:"individual"`
			SignatureHash string `json:"signature_hash"`
		} `json:"certificate"`
		ProvisioningMethod string           `json:"cs_provisioning_method"`
		Organization       handOrganization `json:"organization"`
		OrderValidity      struct {
			Years int `json:"years"`
		} `json:"order_validity"`
		ShipInfo struct {
			Name    string `json:"name"`
			Addr1   string `json:"addr1"`
			Addr2   string `json:"addr2"`
			City    string `json:"city"`
			State   string `json:"state"`
			Zip     string `json:"zip"`
			Country string `json:"country"`
			Method  string `json:"method"`
		} `json:"ship_info"`
		PaymentMethod string `json:"payment_method"`
		CSAAgreedTo   bool   `json:"csa_agreed_to"`
	}
	handOrganization struct {
		ID       int64         `json:"id"`
		Contacts []handContact `json:"contacts"`
	}
	handContact struct {
		ContactType string `json:"contact_type"`
		UserID      int64  `json:"user_id"`
	}
	handID struct {
		ID int64 `json:"id"`
	}
	handPlaced struct {
		ID            int64    `json:"id"`
		CertificateID int64    `json:"certificate_id"`
		Requests      []handID `json:"requests"`
	}
)

func (h byHand) place(ctx context.Context) error {
	order := handOrder{PaymentMethod: "balance", ProvisioningMethod: "token", CSAAgreedTo: true}
	order.Certificate.SignatureHash = "sha256"
	order.Certificate.ProfileOption, order.Certificate.Individual.ID = "authentication", 21
	order.Organization = handOrganization{1920073, []handContact{
		{"verified_contact", 4313813}, {"organization_contact", 4313912},
	}}
	order.OrderValidity.Years = 1
	ship := &order.ShipInfo
	ship.Name, ship.Addr1, ship.City, ship.State, ship.Zip = "John Doe", "534 Jefferson Street", "Bern", "Bern", "3030"
	ship.Country, ship.Method = "ch", "STANDARD"
	body, err := json.Marshal(order)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("X-DC-DEVKEY", h.key)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	resp, err := h.client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusCreated {
		return fmt.Errorf("status %d", resp.StatusCode)
	}
	var placed handPlaced
	return json.NewDecoder(resp.Body).Decode(&placed)
}

// BenchmarkAllOrders streams 100,000 orders, and reports the largest heap that it has seen. The
// target is 16 MiB.
func BenchmarkAllOrders(b *testing.B) {
	text, err := os.ReadFile(filepath.Join("..", "openapi", "examples", "listOrders.one.response.json"))
	if err != nil {
		b.Fatal(err)
	}
	var list struct {
		Orders []json.RawMessage `json:"orders"`
	}
	if err := json.Unmarshal(text, &list); err != nil || len(list.Orders) == 0 {
		b.Fatalf("no order in the example: %v", err)
	}
	file := filepath.Join(b.TempDir(), "order.json")
	if err := os.WriteFile(file, list.Orders[0], 0o600); err != nil {
		b.Fatal(err)
	}
	cc, err := certcentral.New(certcentral.WithBaseURL(serve(b, file)), certcentral.WithAPIKey("bench"))
	if err != nil {
		b.Fatal(err)
	}
	runtime.GC()
	var largest uint64
	for b.Loop() {
		n := 0
		for _, err := range cc.Orders.All(b.Context(), certcentral.OrderListOptions{}) {
			if err != nil {
				b.Fatal(err)
			}
			n++
			if n%250 == 0 {
				var memory runtime.MemStats
				runtime.ReadMemStats(&memory)
				largest = max(largest, memory.HeapAlloc)
			}
		}
		if n != manyOrders {
			b.Fatalf("%d orders", n)
		}
	}
	b.ReportMetric(float64(largest)/(1<<20), "MiB-heap")
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/list")
	b.ReportMetric(0, "ns/op")
}
