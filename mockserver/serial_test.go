package mockserver_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver"
)

// TestSerialWithZeros orders until a serial number begins with a zero, as about one in sixteen
// does. It leads to its order, and to its revocation, with and without the zeros (D-38).
func TestSerialWithZeros(t *testing.T) {
	t.Parallel()
	mock, err := mockserver.New(mockserver.WithQuickKeys(), mockserver.WithCA(newCA(t, mockserver.CAKey(mockserver.P256))),
		mockserver.WithTokenKey(mockserver.P256), mockserver.WithBalance("1000000.00"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mock.Close() })
	for range 400 { // All of them without a zero: once in 160 billion runs.
		var placed struct {
			ID json.Number `json:"id"`
		}
		if err := json.Unmarshal(must(t, mock, http.MethodPost, orderPath, anOrder(t)).Body.Bytes(), &placed); err != nil {
			t.Fatal(err)
		}
		path := "/services/v2/order/certificate/" + placed.ID.String()
		serial := settled(t, mock, path).Certificate.SerialNumber
		if !strings.HasPrefix(serial, "0") {
			continue
		}
		short := strings.TrimLeft(serial, "0")
		for _, name := range []string{serial, short, strings.ToLower(short), "00" + serial} {
			if got := see(t, mock, "/services/v2/order/certificate/"+name); got.Certificate.SerialNumber != serial {
				t.Errorf("%s leads to %s, want %s", name, got.Certificate.SerialNumber, serial)
			}
			list := must(t, mock, http.MethodGet, "/services/v2/order/certificate?filters[serial_number]="+name, "").Body.String()
			if !strings.Contains(list, `"total":1`) || !strings.Contains(list, serial) {
				t.Errorf("the orders with the serial number %s are %s", name, list)
			}
		}
		must(t, mock, http.MethodPut, "/services/v2/certificate/"+short+"/revoke", `{"skip_approval":true}`)
		return
	}
	t.Error("none of 400 serial numbers begins with a zero")
}

// TestOneDay: the last second of a certificate counts, so that one day has 86,400 of them (RFC
// 5280, 4.1.2.5).
func TestOneDay(t *testing.T) {
	t.Parallel()
	mock, err := mockserver.New(mockserver.WithQuickKeys(), mockserver.WithCA(newCA(t, mockserver.CAKey(mockserver.P256))),
		mockserver.WithTokenKey(mockserver.P256))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mock.Close() })
	order := place(t, mock, anOrder(t, `"payment_method"`, `"order_validity": {"days": 1}, "payment_method"`))
	leaf := download(t, mock, firstCertificate+"/download/format/pem")[0]
	if seconds := leaf.NotAfter.Sub(leaf.NotBefore)/time.Second + 1; seconds != 86400 {
		t.Errorf("valid for %d seconds", seconds)
	}
	if last := leaf.NotAfter.Format(time.DateOnly); order.ValidTill != last || order.Certificate.ValidTill != last {
		t.Errorf("valid till %s and %s, want %s", order.ValidTill, order.Certificate.ValidTill, last)
	}
}
