package mockserver

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/control"
)

// A CAPreset is the shape of a [CA].
type CAPreset string

// The presets. G3 is one chain, signed with RSA PKCS#1 v1.5, and the default. G4 is two chains, signed with RSASSA-PSS:
// one for signatures, one for the rest. EC is G3 whose issuing CA has an elliptic-curve key.
const (
	G3 CAPreset = "g3"
	G4 CAPreset = "g4"
	EC CAPreset = "ec"
)

// A KeyKind is an algorithm and a size of keys.
type KeyKind string

// The kinds of keys. The bigger an RSA key, the longer it takes to make, 0.1 to 1 second of a processor; elliptic-curve
// keys take no time.
const (
	RSA2048 KeyKind = "rsa2048"
	RSA3072 KeyKind = "rsa3072"
	RSA4096 KeyKind = "rsa4096"
	P256    KeyKind = "p256"
	P384    KeyKind = "p384"
)

// A CA is a throw-away hierarchy of certificate authorities, shaped like PKIoverheid's. Its keys are made on first need,
// unless [WithWarmCA] has a server make them before.
// Several servers can share one; each signs intermediates of its own, which name its own address. Nobody trusts it, and
// every name in it says TEST.
type CA struct{ hierarchy *ca.Hierarchy }

// A CAOption changes how [NewCA] makes a hierarchy.
type CAOption struct {
	option ca.Option
	fault  error
}

// CAShape chooses the shape; the default is [G3], or what the directory of [CADirectory] holds.
func CAShape(preset CAPreset) CAOption {
	parsed, err := ca.ParsePreset(string(preset))
	return CAOption{ca.WithPreset(parsed), err}
}

// CAKey chooses the keys of the CAs; the default is [RSA2048], or what the directory of [CADirectory] holds. A chain of
// [RSA2048] takes some tenths of a second, one of [RSA4096] some seconds, one of [P256] no time. Under an elliptic-curve key everything is signed with
// ECDSA, and an order's is_rsassa_pss is ignored, as the vendor's page says.
func CAKey(kind KeyKind) CAOption {
	parsed, err := ca.ParseKeyKind(string(kind))
	return CAOption{ca.WithCAKey(parsed), err}
}

// CADirectory keeps the hierarchy in a directory for the next run, and with it the address that its intermediates name,
// so that a root can be pinned. The directory is made where it doesn't exist. It holds private keys: one that others can
// read is refused. The directory may be a symbolic link; its one file, hierarchy.json, may not, and neither that file nor
// any other is replaced unless it holds the same keys.
func CADirectory(dir string) CAOption {
	return CAOption{ca.WithDirectory(dir), nil}
}

// NewCA returns a hierarchy, without its keys unless they are in a directory.
func NewCA(opts ...CAOption) (*CA, error) {
	return newCA(time.Now, opts...) //nolint:forbidigo // roots are dated by the real clock, unless a server's is far away
}

func newCA(now func() time.Time, opts ...CAOption) (*CA, error) {
	var options []ca.Option
	var errs []error
	for _, opt := range opts {
		if opt.option == nil {
			opt.fault = errors.New("an option is empty")
		}
		options, errs = append(options, opt.option), append(errs, opt.fault)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("mockserver: CA: %w", err)
	}
	hierarchy, err := ca.New(now, ca.Paths{Files: control.CAFiles, OCSP: control.OCSPPath}, options...)
	if err != nil {
		return nil, fmt.Errorf("mockserver: %w", err)
	}
	return &CA{hierarchy}, nil
}

// The hierarchies of the servers of a process that were not given one, so that a test binary with a hundred servers makes
// one; and of those that want quick keys.
//
//nolint:gochecknoglobals // sharing them in the process is their purpose; like the contract they are made on first need
var (
	sharedCA = sync.OnceValues(func() (*CA, error) { return NewCA() })
	quickCA  = sync.OnceValues(func() (*CA, error) { return NewCA(CAKey(P256)) })
)

// defaultCA is the hierarchy of a server that was not given one: the shared one, unless the server's clock is so far
// from the real one that it would be over, or not have begun.
func defaultCA(now func() time.Time, quick bool) (*CA, error) {
	years := now().Year() - time.Now().Year() //nolint:forbidigo // compared with the real clock
	far := years < -2 || years > 7
	switch {
	case far && quick:
		return newCA(now, CAKey(P256))
	case far:
		return newCA(now)
	case quick:
		return quickCA()
	default:
		return sharedCA()
	}
}

// WithCA gives the server a hierarchy of CAs of its own choice. Without this option, the servers of a process share one
// of the preset [G3].
func WithCA(authority *CA) Option {
	return func(c *config) error {
		if authority == nil || authority.hierarchy == nil {
			return errors.New("CA: must be one that NewCA has made")
		}
		c.ca = authority
		return nil
	}
}

// WithTokenKey chooses the keys that the mock makes for people; the default is [RSA3072].
func WithTokenKey(kind KeyKind) Option {
	return func(c *config) error {
		parsed, err := ca.ParseKeyKind(string(kind))
		if err != nil {
			return fmt.Errorf("token key: %w", err)
		}
		c.tokenKey = parsed
		return nil
	}
}

// WithQuickKeys has the CAs and the tokens use elliptic-curve keys, so that certificates are there within milliseconds
// rather than seconds: for tests that want them, and don't care what they are signed with. It stands for [WithCA] and
// [WithTokenKey], of which later ones win.
func WithQuickKeys() Option {
	return func(c *config) error {
		c.ca, c.quick, c.tokenKey = nil, true, ca.P256
		return nil
	}
}

// WithBaseURL sets the address that certificates name for the CAs' certificates, CRLs and OCSP, such as
// "http://mock.example.com:8080". The default is the one that the directory of the [CA] holds, else the address that the
// server listens on, else "http://127.0.0.1:8080".
func WithBaseURL(url string) Option {
	return func(c *config) error {
		if err := ca.CheckBase(url); err != nil {
			return fmt.Errorf("base URL: %w", err)
		}
		c.baseURL = url
		return nil
	}
}
