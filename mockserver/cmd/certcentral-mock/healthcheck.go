package main

import (
	"context"
	"encoding/json"
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

// healthTimeout is how long a server may take to say that it is well.
const healthTimeout = 3 * time.Second

// target is the base URL of a server. The prefix of the vendor's API at its end is dropped, since clients carry it.
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

// healthcheck asks a running server whether orders can be placed. It exists because an image made from scratch has no
// curl.
func healthcheck(ctx context.Context, f *flags) error {
	base := string(f.Healthcheck.URL)
	if base == "" {
		base = "http://" + reachable(string(f.Addr))
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/_mock/healthz", http.NoBody)
	if err != nil {
		return usageError{fmt.Errorf("healthcheck: %w", err)}
	}
	// A transport of our own: no proxy from the environment stands between us and loopback, and no redirect counts.
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("healthcheck: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("healthcheck: %s answered %s%s", request.URL, response.Status, reason(response.Body))
	}
	if _, err := io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20)); err != nil {
		return fmt.Errorf("healthcheck: %s: %w", request.URL, err)
	}
	return nil
}

// reason is what a mock says that takes no orders, or nothing when something else answers.
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

// reachable turns the address that a server listens on into one that a client on the same machine can use: "all
// interfaces" is no destination.
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
