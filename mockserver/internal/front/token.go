package front

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net"
	"net/http"
	"net/netip"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
	"github.com/pkio-tools/certcentral/mockserver/internal/envelope"
)

const maxTokenLength = 256

// A ControlToken is the secret that operations on the whole server require (D-79). The zero value
// is none.
type ControlToken struct {
	set  bool
	hash [sha256.Size]byte
}

// NewControlToken returns the token with this text.
func NewControlToken(text string) (ControlToken, error) {
	if !printable(text, maxTokenLength) {
		return ControlToken{}, errors.New("must be 1 to 256 visible ASCII characters without blanks")
	}
	return ControlToken{set: true, hash: sha256.Sum256([]byte(text))}, nil
}

// admit tells whether a client may do what concerns the whole server, and answers it otherwise.
func (t *ControlToken) admit(w http.ResponseWriter, r *http.Request) bool {
	sent := r.Header.Get(contract.TokenHeader)
	refusal := api.ErrorReason{Code: "invalid_control_token"}
	switch {
	case !t.set && fromThisMachine(r):
		return true
	case !t.set:
		refusal = api.ErrorReason{
			Code: "loopback_only",
			Message: "without --control-token (in Go: WithControlToken) the mock takes operations on the whole server " +
				"from its own machine only",
		}
	case sent == "":
		refusal.Message = "send the token of --control-token in the header " + contract.TokenHeader
	default:
		hash := sha256.Sum256([]byte(sent))
		if subtle.ConstantTimeCompare(hash[:], t.hash[:]) == 1 {
			return true
		}
		refusal.Message = "the header " + contract.TokenHeader + " has another token than --control-token"
	}
	envelope.WriteErrors(w, http.StatusForbidden, refusal)
	return false
}

// fromThisMachine tells whether a request comes from a loopback address, or from a program that
// calls the handler without a listener.
func fromThisMachine(r *http.Request) bool {
	if _, listening := r.Context().Value(http.LocalAddrContextKey).(net.Addr); !listening {
		return true
	}
	remote, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && remote.Addr().Unmap().IsLoopback()
}
