package mockserver_test

import (
	"testing"

	"github.com/pkio-tools/certcentral/mockserver"
)

func newCA(tb testing.TB, opts ...mockserver.CAOption) *mockserver.CA {
	tb.Helper()
	authority, err := mockserver.NewCA(opts...)
	if err != nil {
		tb.Fatal(err)
	}
	return authority
}
