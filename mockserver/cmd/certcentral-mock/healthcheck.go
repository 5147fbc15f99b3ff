package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/alecthomas/kong"
)

// healthTimeout is how long a server may take to answer the health check.
const healthTimeout = 3 * time.Second

// target is the base URL of a server. The prefix of the vendor's API at its end is dropped, since
// clients carry it.
type target string

func (t *target) Decode(c *kong.DecodeContext) error {
	return decode(c, "the base URL of a server, such as http://127.0.0.1:8080", func(s string) bool {
		u, err := url.Parse(s)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.RawQuery != "" || u.User != nil {
			return false
		}
		u.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), "/services/v2")
		*t = target(u.String())
		return true
	})
}

// healthPath is where a server says whether orders can be placed.
const healthPath = "/_mock/healthz"

// healthcheck asks a running server whether orders can be placed, and with --wait again until they
// can. It exists because an image made from scratch has no curl.
func healthcheck(ctx context.Context, f *flags) error {
	base := string(f.Healthcheck.URL)
	if base == "" {
		base = "http://" + reachable(string(f.Addr))
	}
	wait := time.Duration(f.Healthcheck.Wait)
	if wait == 0 {
		return healthy(ctx, base)
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	again := time.NewTicker(healthPause)
	defer again.Stop()
	var last error
	for {
		err := healthy(ctx, base)
		if err == nil {
			return nil
		}
		if last == nil || ctx.Err() == nil { // The error of an attempt that the end of the wait cut short has less in it than the one before.
			last = err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return fmt.Errorf("%w; gave up after %s", last, wait)
			}
			return last
		}
	}
}

// healthPause is how often --wait asks.
const healthPause = 100 * time.Millisecond

func healthy(ctx context.Context, base string) error {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	response, err := get(ctx, base+healthPath)
	if err != nil {
		return fmt.Errorf("healthcheck: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("healthcheck: %s answered %s%s", base+healthPath, response.Status, reason(response.Body))
	}
	if !isMock(response) {
		return fmt.Errorf("healthcheck: another program than certcentral-mock answers at %s", base+healthPath)
	}
	if _, err := io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20)); err != nil {
		return fmt.Errorf("healthcheck: %s: %w", base+healthPath, err)
	}
	return nil
}

// isMock tells whether an answer comes from a mock: every answer of one names it.
func isMock(response *http.Response) bool { return response.Header.Get("X-Mock-Server") != "" }

// get asks a server on its own connection: no proxy of the environment stands between the command
// and loopback, and no redirect counts.
func get(ctx context.Context, address string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return client.Do(request)
}

// reason is the message of a mock that takes no orders, or empty when another program answers.
func reason(body io.Reader) string {
	var refusal struct {
		Errors []struct {
			Message string `json:"message"`
		} `json:"errors"`
	}
	if err := json.NewDecoder(io.LimitReader(body, 4<<10)).Decode(&refusal); err != nil || len(refusal.Errors) == 0 {
		return ""
	}
	return ": " + strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, refusal.Errors[0].Message)
}

// reachable turns the address that a server listens on into one that a client on the same machine
// can use: "all interfaces" is no destination.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	ip, err := netip.ParseAddr(host)
	if host == "" || (err == nil && ip.IsUnspecified()) {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
