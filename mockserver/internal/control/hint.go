package control

import "github.com/pkio-tools/certcentral/mockserver/internal/domain"

// Hints returns the words of the hints that name operations of the control API, or options of the
// mock.
func Hints() map[domain.Hint]string {
	return map[domain.Hint]string{
		domain.HintListAccounts: "GET " + Prefix + "/accounts lists them",
		domain.HintListCAs:      "GET " + Prefix + "/ca lists them",
		domain.HintShowToken:    "GET " + Prefix + "/orders/{order_id}/token shows it",
		domain.HintPersonalizeToken: "POST " + Prefix + "/orders/{order_id}/token/transition personalizes the token, " +
			"POST " + Prefix + "/settle waits for it",
	}
}
