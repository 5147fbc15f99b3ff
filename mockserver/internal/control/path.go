package control

import "github.com/pkio-tools/certcentral/mockserver/internal/domain"

// Where a server answers what is its own, and not the vendor's.
const (
	// Prefix is the prefix of the control API.
	Prefix = "/_mock"
	// CAFiles precedes the names of the files of CAs.
	CAFiles = Prefix + "/ca/"
	// OCSPPath is where OCSP requests are answered.
	OCSPPath = Prefix + "/ocsp"
)

// Hints returns the words of the hints that name operations of the control API, or options of the mock.
func Hints() map[domain.Hint]string {
	return map[domain.Hint]string{
		domain.HintListCAs:   "GET " + Prefix + "/ca lists them",
		domain.HintShowToken: "GET " + Prefix + "/orders/{order_id}/token shows it",
		domain.HintPersonalizeToken: "POST " + Prefix + "/orders/{order_id}/token/transition personalizes the token, " +
			"POST " + Prefix + "/settle waits for it",
		domain.HintEndValidity: "place an order with a shorter order_validity, " +
			"or give the mock another clock (in Go: mockserver.WithClock)",
	}
}
