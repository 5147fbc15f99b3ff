package mockserver

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
	"github.com/pkio-tools/certcentral/mockserver/internal/control"
)

// A Preset is the shape of a [CA].
type Preset string

// The presets. G3 ("g3"), the default, is one chain, signed with RSA PKCS#1 v1.5. G4 ("g4") is two
// chains, signed with RSASSA-PSS: one for signatures, one for the other certificates. EC ("ec") is
// G3 with an elliptic-curve key of the issuing CA.
const (
	G3 = Preset(ca.G3)
	G4 = Preset(ca.G4)
	EC = Preset(ca.EC)
)

// Presets lists the values of [Preset].
func Presets() []Preset { return converted[Preset](ca.Presets()) }

// A KeyKind is an algorithm and a size of keys.
type KeyKind string

// The kinds of keys: "rsa2048", "rsa3072", "rsa4096", "p256" and "p384". An RSA key takes 0.1 to 1
// second of a processor to make, the more the bigger it is; an elliptic-curve key takes no time.
const (
	RSA2048 = KeyKind(ca.RSA2048)
	RSA3072 = KeyKind(ca.RSA3072)
	RSA4096 = KeyKind(ca.RSA4096)
	P256    = KeyKind(ca.P256)
	P384    = KeyKind(ca.P384)
)

// KeyKinds lists the values of [KeyKind].
func KeyKinds() []KeyKind { return converted[KeyKind](ca.KeyKinds()) }

func converted[To, From ~string](list []From) []To {
	all := make([]To, len(list))
	for i, value := range list {
		all[i] = To(value)
	}
	return all
}

// A CA is a hierarchy of certificate authorities for tests, shaped like PKIoverheid's. Its keys are
// made on first need, unless [WithWarmCA] makes them before. Several servers can share one; each
// signs intermediates of its own, which name its own address. No program trusts its roots by
// itself, and every name in it says TEST.
type CA struct{ hierarchy *ca.Hierarchy }

// A CAOption changes how [NewCA] makes a hierarchy. An option that is nil or has a wrong value
// makes NewCA fail.
type CAOption func(*caConfig) error

type caConfig struct {
	options []ca.Option
	now     func() time.Time
}

// CAPreset chooses the shape; the default is [G3], or what the directory of [CADirectory] holds.
func CAPreset(preset Preset) CAOption {
	return func(c *caConfig) error {
		parsed, err := ca.ParsePreset(string(preset))
		if err != nil {
			return wrongOption("CA preset", fmt.Errorf("must be one of %v", Presets()))
		}
		c.options = append(c.options, ca.WithPreset(parsed))
		return nil
	}
}

// CAKey chooses the keys of the CAs; the default is [RSA2048], or what the directory of
// [CADirectory] holds. The keys of a chain take some tenths of a second with [RSA2048], some
// seconds with [RSA4096], and no time with [P256]. A CA with an elliptic-curve key signs with
// ECDSA, and ignores the is_rsassa_pss of an order, as the vendor's page says.
func CAKey(kind KeyKind) CAOption {
	return func(c *caConfig) error {
		parsed, err := parseKeyKind("CA key", kind)
		c.options = append(c.options, ca.WithCAKey(parsed))
		return err
	}
}

// CAClock dates the roots by this clock, for servers whose clock is far from the real one, which is
// the default: a root is valid for fifteen years, four of which are over. See [WithClock] and
// [WithStartTime].
func CAClock(now func() time.Time) CAOption {
	return func(c *caConfig) error {
		if now == nil {
			return wrongOption("CA clock", errNil)
		}
		c.now = now
		return nil
	}
}

// CADirectory keeps the hierarchy in a directory for the next run, so that a root can be pinned.
// The directory also keeps the address that the intermediates name. It is made where it doesn't
// exist. It holds private keys: a directory that other users can read is refused. It may be a
// symbolic link; its one file, hierarchy.json, may not, and no file is replaced unless it holds the
// same keys.
func CADirectory(dir string) CAOption {
	return func(c *caConfig) error {
		if dir == "" {
			return wrongOption("CA directory", errors.New("the name is empty"))
		}
		c.options = append(c.options, ca.WithDirectory(dir))
		return nil
	}
}

// NewCA returns a hierarchy, without its keys unless they are in a directory.
func NewCA(opts ...CAOption) (*CA, error) {
	c := caConfig{now: time.Now} //nolint:forbidigo // roots are dated by the real clock, unless CAClock says otherwise
	if err := applyOptions(&c, opts); err != nil {
		return nil, fmt.Errorf("mockserver: CA: %w", err)
	}
	hierarchy, err := ca.New(c.now, ca.Paths{Files: control.CAFiles, OCSP: control.OCSPPath}, c.options...)
	if err != nil {
		return nil, fmt.Errorf("mockserver: %w", err)
	}
	return &CA{hierarchy}, nil
}

func parseKeyKind(option string, kind KeyKind) (ca.KeyKind, error) {
	parsed, err := ca.ParseKeyKind(string(kind))
	if err != nil {
		return "", wrongOption(option, fmt.Errorf("must be one of %v", KeyKinds()))
	}
	return parsed, nil
}

// The hierarchies of the servers that are built without [WithCA]. The servers of a process share
// them, so that a test binary with a hundred servers makes one. quickCA is for servers with
// [WithQuickKeys].
//
//nolint:gochecknoglobals // sharing them in the process is their purpose; like the contract they are made on first need
var (
	sharedCA = sync.OnceValues(func() (*CA, error) { return NewCA() })
	quickCA  = sync.OnceValues(func() (*CA, error) { return NewCA(CAKey(P256)) })
)

// defaultCA is the hierarchy of a server that is built without [WithCA]: the shared one, unless the
// server's clock is so far from the real one that the shared roots are not valid yet, or not any
// more.
func defaultCA(now func() time.Time, quick bool) (*CA, error) {
	years := now().Year() - time.Now().Year() //nolint:forbidigo // compared with the real clock
	far := years < -2 || years > 7
	switch {
	case far && quick:
		return NewCA(CAClock(now), CAKey(P256))
	case far:
		return NewCA(CAClock(now))
	case quick:
		return quickCA()
	default:
		return sharedCA()
	}
}

// WithCA chooses the hierarchy of CAs. Without this option, the servers of a process share one of
// the preset [G3].
func WithCA(authority *CA) Option {
	return func(c *config) error {
		if authority == nil || authority.hierarchy == nil {
			return wrongOption("CA", errors.New("must be one that NewCA has made"))
		}
		c.hierarchy = authority.hierarchy
		return nil
	}
}

// WithTokenKey chooses the keys that the mock makes for the certificates of people; the default is
// [RSA3072].
func WithTokenKey(kind KeyKind) Option {
	return func(c *config) error {
		parsed, err := parseKeyKind("token key", kind)
		c.tokenKey = parsed
		return err
	}
}

// WithQuickKeys uses elliptic-curve keys for the CAs and the tokens, so that a certificate takes
// milliseconds in place of seconds: for tests that need certificates of any algorithm. It stands
// for a [WithCA] and a [WithTokenKey]; a later one of these options replaces it.
func WithQuickKeys() Option {
	return func(c *config) error {
		c.hierarchy, c.quick, c.tokenKey = nil, true, ca.P256
		return nil
	}
}

// WithBaseURL sets the address that certificates name for the CAs' certificates, CRLs and OCSP,
// such as "http://mock.example.com:8080". The default is the address that the directory of the [CA]
// holds, or else the address that the server listens on, or else "http://127.0.0.1:8080".
func WithBaseURL(url string) Option {
	return func(c *config) error {
		if err := ca.CheckBase(url); err != nil {
			return wrongOption("base URL", err)
		}
		c.baseURL = url
		return nil
	}
}
