package mocktest

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/control"
)

// For returns the server as another account sees it: the methods of the result act on the account of
// this key, which a new key opens. Client uses the key too.
func (s *Server) For(tb testing.TB, apiKey string) *Server {
	tb.Helper()
	other := *s
	other.APIKey = apiKey
	other.Client = s.ClientFor(tb, apiKey)
	other.control = s.steer(tb, control.WithAPIKey(apiKey))
	return &other
}

// steer returns a client of the control API.
func (s *Server) steer(tb testing.TB, opts ...control.ClientOption) *control.ClientWithResponses {
	tb.Helper()
	opts = append(opts, control.WithHTTPClient(&http.Client{Transport: s.transport}))
	client, err := control.New(s.URL, opts...)
	check(tb, "make a client of the control API", err)
	return client
}

// background is the context of calls of the control API. That of the test has ended when its
// cleanups run, which may call too.
func background() context.Context { return context.Background() }

// check fails the test when an operation of the control API has failed.
func check(tb testing.TB, what string, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatalf("mocktest: %s: %v", what, err)
	}
}

// Key makes a key for a user of the account, so that a test can act as that user. The role decides
// what the key may do; the role 0 is no limit beyond those of the user.
func (s *Server) Key(tb testing.TB, userID, roleID int64) string {
	tb.Helper()
	in := control.KeyInput{UserID: json.Number(strconv.FormatInt(userID, 10))}
	if roleID != 0 {
		in.RoleID = new(control.KeyInputRoleID(roleID))
	}
	made, err := s.control.CreateKeyWithResponse(background(), in)
	check(tb, "make a key", err)
	return made.JSON201.APIKey
}

// Reset makes the account new: its orders, settings, faults, clock and journal are those of a fresh
// one.
func (s *Server) Reset(tb testing.TB) {
	tb.Helper()
	_, err := s.control.ResetAccountWithResponse(background())
	check(tb, "reset the account", err)
}

// Account returns the settings of the account, and what it holds.
func (s *Server) Account(tb testing.TB) control.AccountState {
	tb.Helper()
	account, err := s.control.GetAccountStateWithResponse(background())
	check(tb, "read the account", err)
	return *account.JSON200
}

// Health returns the state of the server.
func (s *Server) Health(tb testing.TB) control.Health {
	tb.Helper()
	health, err := s.control.GetHealthWithResponse(background())
	check(tb, "read the health", err)
	return *health.JSON200
}

// CAs returns the CAs of the server, each after the one that issued it. It waits for their keys.
func (s *Server) CAs(tb testing.TB) []control.CA {
	tb.Helper()
	list, err := s.control.ListCAsWithResponse(background())
	check(tb, "list the CAs", err)
	if list.JSON200 == nil {
		tb.Fatal("mocktest: list the CAs: the answer is not a list, by a fault of the whole server")
	}
	return list.JSON200.Cas
}

// CAFile returns a file of the CAs, such as "roots.pem", "tsp-g3.cer" or "tsp-g3.crl".
func (s *Server) CAFile(tb testing.TB, name string) []byte {
	tb.Helper()
	file, err := s.control.DownloadCAFileWithResponse(background(), name)
	check(tb, "download a file of the CAs", err)
	return file.Body
}
