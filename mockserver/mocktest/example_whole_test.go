package mocktest_test

import (
	"fmt"

	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// A mock with a control token wants it for what concerns the whole server.
func ExampleServer_WholeServer() {
	mock, t := start(mockserver.WithControlToken("open-sesame"))
	defer t.end()
	mock.ControlToken = "open-sesame"
	mock.WholeServer(t).Fail(mocktest.On().Respond(503).Times(2))
	fmt.Println(asked(mock, 1), asked(mock.For(t, "another-key"), 2))
	// Output: [503] [503 200]
}

// Accounts follow the clock of the server until their own is set.
func ExampleWholeServer_Clock() {
	mock, t := start()
	defer t.end()
	mock.WholeServer(t).Clock().Freeze(later())
	fmt.Println(mock.Clock(t).Now())
	// Output: 2031-05-06 07:08:09 +0000 UTC
}

// The files of the CAs cannot be reached, as in an outage of revocation.
func ExampleWholeServer_Fail() {
	mock, t := start()
	defer t.end()
	crl := func() int { return get(t, mock.URL+"/_mock/ca/tsp-g3.crl", "").StatusCode }
	mock.WholeServer(t).Fail(mocktest.On("downloadCAFile").Respond(500))
	fmt.Println(crl(), crl())
	// Output: 500 200
}

func ExampleWholeServer_Faults() {
	mock, t := start()
	defer t.end()
	mock.WholeServer(t).Fail(mocktest.On().Respond(500))
	asked(mock, 1)
	for _, rule := range mock.WholeServer(t).Faults() {
		fmt.Println(rule.ID, rule.Hits)
	}
	// Output: server-fault-1 1
}

func ExampleWholeServer_ClearFaults() {
	mock, t := start()
	defer t.end()
	mock.WholeServer(t).Fail(mocktest.On().Respond(500).Times(0))
	mock.WholeServer(t).ClearFaults()
	fmt.Println(asked(mock, 2))
	// Output: [200 200]
}

// A call with a key that the mock refuses belongs to no account.
func ExampleWholeServer_Journal() {
	mock, t := start(mockserver.WithAPIKeys(mocktest.APIKey))
	defer t.end()
	asked(mock.For(t, "wrong-key"), 1)
	for _, call := range mock.WholeServer(t).Journal(mocktest.Status("403")) {
		fmt.Println(*call.Operation, call.Codes[0].Code)
	}
	// Output: getCurrentUser access_denied|access_denied_invalid_key
}

func ExampleWholeServer_Call() {
	mock, t := start()
	defer t.end()
	get(t, mock.URL+"/nothing", "")
	whole := mock.WholeServer(t)
	fmt.Println(*whole.Call(whole.Journal()[0].ID).Status)
	// Output: 404
}

func ExampleWholeServer_ClearJournal() {
	mock, t := start()
	defer t.end()
	get(t, mock.URL+"/nothing", "")
	mock.WholeServer(t).ClearJournal()
	fmt.Println(len(mock.WholeServer(t).Journal()))
	// Output: 0
}

func ExampleWholeServer_Accounts() {
	mock, t := start()
	defer t.end()
	place(t, mock)
	asked(mock.For(t, "another-key"), 1)
	for _, account := range mock.WholeServer(t).Accounts() {
		fmt.Println(account.Orders)
	}
	// Output:
	// 1
	// 0
}

func ExampleWholeServer_CreateAccount() {
	mock, t := start(mockserver.WithAPIKeys(mocktest.APIKey))
	defer t.end()
	account, _ := mock.WholeServer(t).CreateAccount(mocktest.Balance("75.00"))
	fmt.Println(account.Account(t).Balance, asked(account, 1))
	// Output: 75.00 [200]
}

// A reset goes back to the settings with which the account was made.
func ExampleWholeServer_ResetAccount() {
	mock, t := start()
	defer t.end()
	account, id := mock.WholeServer(t).CreateAccount(mocktest.Balance("75.00"))
	place(t, account)
	mock.WholeServer(t).ResetAccount(id)
	fmt.Println(account.Account(t).Balance, account.Account(t).Orders)
	// Output: 75.00 0
}

func ExampleWholeServer_DeleteAccount() {
	mock, t := start()
	defer t.end()
	account, id := mock.WholeServer(t).CreateAccount()
	mock.WholeServer(t).DeleteAccount(id)
	fmt.Println(asked(account, 1))
	// Output: [403]
}
