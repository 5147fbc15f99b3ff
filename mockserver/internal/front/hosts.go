package front

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/envelope"
)

// Hosts are the names by which a server may be asked over plain HTTP on a loopback address, apart
// from localhost (D-75). A page that a browser has loaded from evil.example can point that name at
// 127.0.0.1 and then talk to the server as its own origin (DNS rebinding). What gives it away is
// the name in Host.
type Hosts struct {
	mu    sync.RWMutex // a server that starts adds the name that it listens on
	names map[string]struct{}
	below []string // such as ".example.com", for *.example.com
}

// Add takes a name such as mock.example.com, or *.example.com for every name below example.com.
func (h *Hosts) Add(name string) error {
	name, all := strings.CutPrefix(normal(name), "*.")
	if !isHostName(name) {
		return errors.New("must be host names such as mock.example.com or *.example.com, without scheme, port or path")
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if all {
		h.below = append(h.below, "."+name)
		return nil
	}
	if h.names == nil {
		h.names = map[string]struct{}{}
	}
	h.names[name] = struct{}{}
	return nil
}

// AddURL takes the name in a URL, if there is one. An IP address needs no permission.
func (h *Hosts) AddURL(address string) {
	if u, err := url.Parse(address); err == nil {
		_ = h.Add(u.Hostname())
	}
}

// admit tells whether a request names one of the server's own hosts, and answers it otherwise. Any
// name will do over TLS, since the client has compared it with the certificate; on an address that
// is not loopback, since it may have any name; and without a listener, since then a program calls
// the handler.
func (h *Hosts) admit(w http.ResponseWriter, r *http.Request) bool {
	if r.TLS != nil || !onLoopback(r) {
		return true
	}
	name, ok := hostName(r.Host)
	if ok && h.include(name) {
		return true
	}
	message := "the Host of the request is not a host name with a port at most"
	switch {
	case r.Host == "":
		message = "the request does not name its host; send a Host header such as localhost"
	case ok:
		message = fmt.Sprintf("this mock does not answer to the name %[1]s; if clients are to use it, start the mock with "+
			"--allowed-hosts %[1]s (in Go: WithAllowedHosts)", name)
	}
	envelope.WriteErrors(w, http.StatusMisdirectedRequest, api.Error{Code: "misdirected_request", Message: message})
	return false
}

// onLoopback tells whether a request has arrived on an address that only programs of this machine
// can reach.
func onLoopback(r *http.Request) bool {
	switch local := r.Context().Value(http.LocalAddrContextKey).(type) {
	case *net.TCPAddr:
		return local.IP.IsLoopback()
	case net.Addr: // of a listener of the caller's own
		at, err := netip.ParseAddrPort(local.String())
		return err == nil && at.Addr().Unmap().IsLoopback()
	default:
		return false
	}
}

// hostName is the name or the IP address in the value of Host, in lower case and without a dot at
// its end.
func hostName(host string) (string, bool) {
	if _, err := netip.ParseAddr(host); err == nil { // an IPv6 address that lacks its brackets
		return host, true
	}
	name, port := host, ""
	if at := strings.LastIndexByte(host, ':'); at >= 0 && !strings.HasSuffix(host, "]") {
		name, port = host[:at], host[at+1:]
	}
	if strings.Trim(port, "0123456789") != "" {
		return "", false
	}
	if inner, found := strings.CutPrefix(name, "["); found {
		inner, closed := strings.CutSuffix(inner, "]")
		ip, err := netip.ParseAddr(inner)
		return inner, closed && err == nil && ip.Is6()
	}
	name = normal(name)
	return name, isHostName(name)
}

// include tells whether a name, as [hostName] returns it, is one of the server's own.
func (h *Hosts) include(name string) bool {
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	if _, err := netip.ParseAddr(name); err == nil { // no name, which DNS could lead to another address
		return true
	}
	h.mu.RLock()
	defer h.mu.RUnlock()
	if _, known := h.names[name]; known {
		return true
	}
	for _, suffix := range h.below {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

func normal(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// isHostName tells whether a name consists of labels such as DNS has them, in lower case.
func isHostName(name string) bool {
	if name == "" || len(name) > 253 {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return true
}

// sameOrigin tells whether a request may have been sent, and answers it otherwise. What a page of
// another origin has a browser send is refused unless it only reads: the page cannot see the
// answer, but the mock would do what it is asked.
func sameOrigin(protection *http.CrossOriginProtection, w http.ResponseWriter, r *http.Request) bool {
	if protection.Check(r) == nil {
		return true
	}
	envelope.WriteErrors(w, http.StatusForbidden, api.Error{
		Code: "cross_origin_request", Message: "a page of another origin may not send " + r.Method + " requests to this mock",
	})
	return false
}
