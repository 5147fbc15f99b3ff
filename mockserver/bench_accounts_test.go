package mockserver_test

import (
	"fmt"
	"net/http"
	"testing"
)

// BenchmarkAccounts compares 64 connections that mix orders, reads and lists over 32 accounts with
// the same load on one account: no account may slow another. Each iteration drives one after the
// other for a second, and in the other order the next time. The figures are medians.
func BenchmarkAccounts(b *testing.B) {
	body := vendorOrder(b)
	measure := func(accounts int) float64 {
		mock := startMock(b)
		defer mock.Close()
		for account := range accounts {
			call(b, mock, http.MethodPost, orderPath, body, fmt.Sprint("account-", account))
		}
		return throughput(b, mock.URL(), 64, func(connection int) func() []byte {
			return mixed(fmt.Sprint("account-", connection%accounts), body)
		})
	}
	var ones, manies, ratios []float64
	for b.Loop() {
		var one, many float64
		if len(ratios)%2 == 0 {
			one, many = measure(1), measure(32)
		} else {
			many, one = measure(32), measure(1)
		}
		ones, manies, ratios = append(ones, one), append(manies, many), append(ratios, many/one)
	}
	b.ReportMetric(median(ones), "req/s-1-account")
	b.ReportMetric(median(manies), "req/s-32-accounts")
	b.ReportMetric(median(ratios), "32/1")
	b.ReportMetric(0, "ns/op")
}

// mixed gives the requests of one account by turns: an order, two reads and a page of one.
func mixed(key string, body []byte) func() []byte {
	read := rawRequest(http.MethodGet, "/services/v2/order/certificate/843668399", key, nil)
	turn := [][]byte{
		rawRequest(http.MethodPost, orderPath, key, body),
		read,
		rawRequest(http.MethodGet, "/services/v2/order/certificate?limit=1", key, nil),
		read,
	}
	i := 0
	return func() []byte {
		i++
		return turn[i%len(turn)]
	}
}
