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

// Hints are the hints of the domain whose answer is an operation of the control API, in words.
func Hints() map[domain.Hint]string {
	return map[domain.Hint]string{
		domain.HintListCAs:   "GET " + Prefix + "/ca lists them",
		domain.HintShowToken: "GET " + Prefix + "/orders/{order_id}/token shows it",
		domain.HintPersonalizeToken: "POST " + Prefix + "/orders/{order_id}/token/transition personalizes the token, " +
			"POST " + Prefix + "/settle waits for it",
	}
}
