// Package control is a client of the control API of a mock, below /_mock, for programs outside of a
// Go test, such as a seed script or a test in another process. A Go test has the shorter methods of
// package mocktest.
//
//	mock, err := control.New("http://127.0.0.1:8080", control.WithAPIKey("my-key"))
//	_, err = mock.ChangeAccountSettingsWithResponse(ctx, control.AccountSettingsInput{
//		Balance: new("0.00"), NegativeBalanceLimit: new("0.00"),
//	})
//
// The methods of [ClientWithResponses], which [New] returns, and all types of requests and answers
// are generated from the contract of the control API, gen/control.yaml. A method is named after its
// operation. Operations on an account act on the account of [WithAPIKey]; operations on the whole
// server need [WithToken] where the mock has a control token, and are otherwise allowed from the
// mock's own machine only.
//
// A refusal is an error, an [*Error], so that a method without an error has carried its operation
// out, and its answer is in the member JSON200 or JSON201 of the result. The members for other
// statuses, such as JSON403, are used by the clients of [NewClientWithResponses] only.
//
// This package has no dependency on the mock: a program that imports it does not compile a server.
package control
