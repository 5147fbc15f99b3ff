package control_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/control"
)

// A program makes the next request for an order of its account go wrong, and asks afterwards what
// was called.
func Example() {
	server := start()
	defer server.Close()
	ctx := context.Background()
	mock, err := control.New(server.URL(), control.WithAPIKey("my-key"))
	if err != nil {
		fmt.Println(err)
		return
	}
	operation := new(control.FaultOperations)
	_ = operation.FromFaultOperations0("getOrder")
	_, err = mock.CreateFaultWithResponse(ctx, control.FaultRuleInput{
		Match:  &control.FaultMatch{Operation: operation},
		Action: &control.FaultAction{Respond: &control.FaultRespond{Catalogue: new(control.FaultCatalogueHtml503)}},
	})
	fmt.Println("fault:", err)

	client, _ := certcentral.New(certcentral.WithAPIKey("my-key"), certcentral.WithBaseURL(server.BaseURL()), certcentral.WithRetries(0))
	_, err = client.Orders.Get(ctx, 843668399)
	fmt.Println("unavailable:", errors.Is(err, certcentral.ErrUnavailable))

	journal, err := mock.ListCallsWithResponse(ctx, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, call := range journal.JSON200.Calls {
		fmt.Println("journal:", *call.Operation, *call.Status, *call.Fault)
	}
	// Output:
	// fault: <nil>
	// unavailable: true
	// journal: getOrder 503 fault-1
}

// A setting of the account changes from the next request on.
func ExampleNew() {
	server := start()
	defer server.Close()
	mock, err := control.New(server.URL(), control.WithAPIKey("my-key"))
	if err != nil {
		fmt.Println(err)
		return
	}
	changed, err := mock.ChangeAccountSettingsWithResponse(context.Background(), control.AccountSettingsInput{Balance: new("12.50")})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(changed.JSON200.Balance, changed.JSON200.Life)
	// Output: 12.50 auto
}

// Each key has an account of its own.
func ExampleWithAPIKey() {
	server := start()
	defer server.Close()
	for _, key := range []string{"mine", "yours"} {
		mock, _ := control.New(server.URL(), control.WithAPIKey(key))
		if key == "mine" {
			_, _ = mock.ChangeAccountSettingsWithResponse(context.Background(), control.AccountSettingsInput{Balance: new("75.00")})
		}
		account, err := mock.GetAccountStateWithResponse(context.Background())
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(key, account.JSON200.Balance)
	}
	// Output:
	// mine 75.00
	// yours 0.00
}

// A mock with a control token wants it for operations on the whole server.
func ExampleWithToken() {
	server := start(mockserver.WithControlToken("open-sesame"))
	defer server.Close()
	for _, options := range [][]control.ClientOption{nil, {control.WithToken("open-sesame")}} {
		mock, _ := control.New(server.URL(), options...)
		_, err := mock.CreateAccountWithResponse(context.Background(), control.AccountInput{})
		fmt.Println(err)
	}
	// Output:
	// POST /_mock/accounts: 403: invalid_control_token: send the token of --control-token in the header X-Mock-Token
	// <nil>
}

// A refusal has its status and its codes.
func ExampleError() {
	server := start()
	defer server.Close()
	mock, _ := control.New(server.URL(), control.WithAPIKey("my-key"))
	_, err := mock.MoveOrderWithResponse(context.Background(), "1", nil, control.TransitionInput{To: control.OrderStateInputIssued})
	if refusal, ok := errors.AsType[*control.Error](err); ok {
		fmt.Println(refusal.StatusCode == http.StatusNotFound, refusal.Errors[0].Code)
	}
	// Output: true not_found|order
}

// The part of a code before the bar stands for all of its details.
func ExampleError_Has() {
	server := start()
	defer server.Close()
	mock, _ := control.New(server.URL(), control.WithAPIKey("my-key"))
	_, err := mock.ChangeAccountSettingsWithResponse(context.Background(), control.AccountSettingsInput{Balance: new("much")})
	if refusal, ok := errors.AsType[*control.Error](err); ok {
		fmt.Println(refusal.Has("invalid_field"), refusal.Has("invalid_field|balance"), refusal.Has("invalid_field|life"))
	}
	// Output: true true false
}

// start starts a mock in this process; a program would be given the address of one.
func start(options ...mockserver.Option) *mockserver.Server {
	server, err := mockserver.New(append(options, mockserver.WithQuickKeys())...)
	if err == nil {
		err = server.Start("127.0.0.1:0")
	}
	if err != nil {
		fmt.Println(err)
	}
	return server
}
