package mockserver_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver"
)

// TestTokenChain: the option is the setting of new accounts, and what it does not know is refused.
func TestTokenChain(t *testing.T) {
	t.Parallel()
	if _, err := mockserver.New(mockserver.WithTokenChain("short")); err == nil || !strings.Contains(err.Error(), "token chain: must be one of [full empty]") {
		t.Errorf("error %v", err)
	}
	mock, err := mockserver.New(mockserver.WithTokenChain(mockserver.TokenChainEmpty), mockserver.WithQuickKeys())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mock.Close() })
	place(t, mock, anOrder(t))
	chain := func() string {
		return strings.TrimSpace(must(t, mock, http.MethodGet, firstCertificate+"/chain", "").Body.String())
	}
	if got := chain(); got != `{"intermediates":[]}` {
		t.Errorf("chain %s", got)
	}
	must(t, mock, http.MethodPut, "/_mock/account", `{"token_chain":"full"}`)
	if n := strings.Count(chain(), "BEGIN CERTIFICATE"); n != 4 {
		t.Errorf("a chain of %d certificates", n)
	}
}
