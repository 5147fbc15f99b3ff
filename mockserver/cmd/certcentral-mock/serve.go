package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/pkio-tools/certcentral/gen"
	"github.com/pkio-tools/certcentral/mockserver"
)

// grace is how long requests under way may take to end after a signal. It leaves time within the
// ten seconds after which container engines kill.
const grace = 3 * time.Second

// serve runs the mock until ctx ends. The steps that can fail come first; the address file, which
// other programs wait for, is written last.
func serve(ctx context.Context, f *flags, env map[string]string, stdout, stderr io.Writer) (err error) {
	logger := newLogger(stderr, f)
	for _, name := range unknownVariables(env) {
		logger.Warn("variable ignored: no setting has that name", "variable", name)
	}
	file := &addressFile{path: string(f.AddrFile)}
	if err := file.check(ctx); err != nil {
		return err
	}
	options, err := serverOptions(f, logger)
	if err != nil {
		return usageError{err}
	}
	server, err := mockserver.New(options...)
	if err != nil {
		return usageError{err}
	}
	if err := server.Start(string(f.Addr)); err != nil { //nolint:contextcheck // The server outlives the call; Shutdown ends it.
		if failed, ok := errors.AsType[*net.OpError](err); ok {
			err = failed.Err // The rest would say the address a second time.
		}
		return fmt.Errorf("cannot listen on %s: %w; --addr or CERTCENTRAL_MOCK_ADDR chooses another address", f.Addr, err)
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	if err := file.claim(); err != nil {
		return err
	}
	if f.WaitForCAs {
		logger.Info("waiting for the keys of the CAs")
		switch err := server.WaitForCAs(ctx); {
		case ctx.Err() != nil: // a signal came first, before any program was told the address
			return nil
		case err != nil:
			return fmt.Errorf("--wait-for-cas: %w", err)
		}
		if err := file.claim(); err != nil { // again, since a file can have been written during the wait
			return err
		}
	}
	base := baseURL(server.URL())
	if err := file.write(base); err != nil {
		return err
	}
	defer file.remove(logger)
	if _, err := io.WriteString(stdout, greeting(base, len(f.APIKeys) > 0)); err != nil {
		logger.Warn("cannot write to standard output", "error", err)
	}
	logger.Info("listening", "url", base, "version", mockserver.Version())
	if !isLoopback(server.URL()) {
		logger.Warn("not only this machine can reach the mock: it has no TLS and hands out test data to anyone", "addr", string(f.Addr))
	}

	<-ctx.Done()
	logger.Info("stopping")
	file.remove(logger) // before the wait, so that no program finds a server that takes no requests
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(ending); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		logger.Warn("stopping", "error", err)
	}
	return nil // Close cuts off the requests that are left, and logs them
}

func newLogger(w io.Writer, f *flags) *slog.Logger {
	options := &slog.HandlerOptions{Level: slog.Level(f.LogLevel)}
	if f.LogFormat == logJSON {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// serverOptions turns the flags into options. A flag that was not given leaves the default of the
// server.
func serverOptions(f *flags, logger *slog.Logger) ([]mockserver.Option, error) {
	options := []mockserver.Option{
		mockserver.WithLogger(logger),
		mockserver.WithRequestLog(bool(f.LogRequests)),
		mockserver.WithJournal(bool(f.Journal)),
		mockserver.WithApproval(mockserver.Approval(f.Approval)),
		mockserver.WithTolerance(f.Tolerance == "on"),
		mockserver.WithLife(mockserver.Life(f.Life)),
		mockserver.WithTokenChain(mockserver.TokenChain(f.TokenChain)),
		mockserver.WithWarmCA(),
	}
	caKey, tokenKey, err := keyKinds(f)
	if err != nil {
		return nil, err
	}
	if tokenKey != "" {
		options = append(options, mockserver.WithTokenKey(tokenKey))
	}
	authority, err := authority(f, caKey)
	if err != nil {
		return nil, err
	}
	options = append(options, mockserver.WithCA(authority))
	if f.BaseURL != "" {
		options = append(options, mockserver.WithBaseURL(string(f.BaseURL)))
	}
	if len(f.AllowedHosts) > 0 {
		options = append(options, mockserver.WithAllowedHosts(f.AllowedHosts...))
	}
	if len(f.APIKeys) > 0 {
		options = append(options, mockserver.WithAPIKeys(f.APIKeys...))
	}
	if f.ControlToken != "" {
		options = append(options, mockserver.WithControlToken(string(f.ControlToken)))
	}
	if f.Balance != "" {
		options = append(options, mockserver.WithBalance(string(f.Balance)))
	}
	if f.NegativeBalanceLimit != "" {
		options = append(options, mockserver.WithNegativeBalanceLimit(string(f.NegativeBalanceLimit)))
	}
	if f.RateLimit {
		options = append(options, mockserver.WithRateLimit())
	}
	if f.CheckResponses {
		options = append(options, mockserver.WithResponseCheck(nil))
	}
	if f.MaxAccounts != 0 {
		options = append(options, mockserver.WithMaxAccounts(int(f.MaxAccounts)))
	}
	if f.MaxOrders != 0 {
		options = append(options, mockserver.WithMaxOrders(int(f.MaxOrders)))
	}
	return options, nil
}

// keyKinds returns the keys of the CAs and of people, empty for the default. Another kind of key
// contradicts --quick-keys.
func keyKinds(f *flags) (ca, token mockserver.KeyKind, err error) {
	ca, token = mockserver.KeyKind(f.CAKey), mockserver.KeyKind(f.TokenKey)
	if !f.QuickKeys {
		return ca, token, nil
	}
	const contradicts = "--quick-keys: stands for --ca-key p256 --token-key p256, and %s asks for %s; leave one of the two out"
	switch {
	case ca != "" && ca != mockserver.P256:
		return "", "", fmt.Errorf(contradicts, "--ca-key", ca)
	case token != "" && token != mockserver.P256:
		return "", "", fmt.Errorf(contradicts, "--token-key", token)
	default:
		return mockserver.P256, mockserver.P256, nil
	}
}

// authority makes the CAs, or takes those of an earlier run.
func authority(f *flags, key mockserver.KeyKind) (*mockserver.CA, error) {
	var options []mockserver.CAOption
	if f.CAPreset != "" {
		options = append(options, mockserver.CAPreset(mockserver.Preset(f.CAPreset)))
	}
	if key != "" {
		options = append(options, mockserver.CAKey(key))
	}
	if f.CADir != "" {
		options = append(options, mockserver.CADirectory(string(f.CADir)))
	}
	authority, err := mockserver.NewCA(options...)
	if err != nil && f.CADir != "" {
		return nil, fmt.Errorf("--ca-dir: %w", err)
	}
	return authority, err
}

// greeting is what standard output gets: the address alone on the first line, for scripts, then a
// first order to paste.
func greeting(base string, closed bool) string {
	key := "'X-DC-DEVKEY: my-first-key'"
	note := "Any X-DC-DEVKEY will do: each opens an account of its own."
	if closed {
		key = `"X-DC-DEVKEY: $CERTCENTRAL_API_KEY"`
		note = "Only the API keys of the list are accepted; put one in CERTCENTRAL_API_KEY."
	}
	// The order holds no single quote, which a test makes sure of; so it needs no escaping between
	// two.
	return fmt.Sprintf(`%[1]s

The vendor's API is under %[1]s/services/v2. %[2]s
A first order:

curl -sS %[1]s/services/v2/order/certificate/pkio_organisation_person \
  -H %[3]s \
  -H 'Content-Type: application/json' \
  --data '%[4]s'
`, base, note, key, exampleOrder())
}

// exampleOrder is the sample order with each of its members on one line.
func exampleOrder() string {
	nested := regexp.MustCompile(`\n {4,}|\n  ([}\]])`)
	return strings.TrimSpace(nested.ReplaceAllString(gen.ExampleOrder, " $1"))
}

// baseURL is the server's URL as a client on this machine can use it.
func baseURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	u.Host = reachable(u.Host)
	return u.String()
}

func isLoopback(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback()
}
