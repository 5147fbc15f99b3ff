package fault

import (
	"net/http"
	"strconv"
	"testing"
)

// BenchmarkFault measures what rules that match nothing cost a request.
func BenchmarkFault(b *testing.B) {
	order := func() *Call {
		return call("addOrderNote", http.MethodPost, "/services/v2/order/843668399", `{"text": "x"}`, "User-Agent", "client/1")
	}
	for name, match := range map[string]func(i int) Match{
		"none":      nil,
		"operation": func(int) Match { return Match{Operations: []string{"getUser"}} },
		"order":     func(i int) Match { return Match{OrderID: strconv.Itoa(i)} },
		"path":      func(i int) Match { return Match{Path: "/services/v2/organization/" + strconv.Itoa(i) + "/**"} },
		"header":    func(int) Match { return Match{Header: map[string]string{"X-Test": "*"}} },
		"mixed": func(i int) Match {
			return []Match{
				{Operations: []string{"getUser", "getOrder"}},
				{OrderID: "1", Method: http.MethodPost},
				{Path: "/services/v2/user/**"},
				{Header: map[string]string{"User-Agent": "other/*"}},
			}[i%4]
		},
	} {
		b.Run(name, func(b *testing.B) {
			rules := newRules(new(hand))
			if match != nil {
				for i := range 100 {
					add(b, rules, account, Spec{Match: match(i), Action: failing(), Times: new(0)})
				}
			}
			request := order()
			b.ReportAllocs()
			for b.Loop() {
				c := Call{Account: request.Account, Operation: request.Operation, Request: request.Request, Body: request.Body}
				if _, found := rules.Match(&c); found {
					b.Fatal("a hit")
				}
			}
		})
	}
}
