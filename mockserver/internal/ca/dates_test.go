package ca_test

import (
	"bytes"
	"crypto"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
)

// TestStaircase: a root is valid for fifteen years from January 1 four years ago. Each CA below
// begins one day later and ends one day earlier than its issuer.
func TestStaircase(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("", 3600))
	for _, preset := range ca.Presets() {
		h, err := ca.New(func() time.Time { return now }, paths(), ca.WithPreset(preset), ca.WithCAKey(ca.P256))
		if err != nil {
			t.Fatal(err)
		}
		for _, usage := range ca.Usages() {
			cas := chain(t, authorityAt(t, h, time.Now), usage)
			if len(cas) != 3 || !cas[2].Root() {
				t.Fatalf("%s: a chain of %d CAs", preset, len(cas))
			}
			for i, below := range []int{2, 1, 0} {
				from := time.Date(2022, 1, 1+i, 0, 0, 0, 0, time.UTC)
				to := time.Date(2036, 12, 31-i, 23, 59, 59, 0, time.UTC)
				if c := cas[below]; !c.NotBefore.Equal(from) || !c.NotAfter.Equal(to) {
					t.Errorf("%s: from %s to %s, want %s to %s", c.Name, c.NotBefore, c.NotAfter, from, to)
				}
			}
		}
	}
}

// TestChains: G3 has one chain. G4 has one for signatures and one for authentication and
// encryption.
func TestChains(t *testing.T) {
	t.Parallel()
	for preset, want := range map[ca.Preset]map[ca.Usage][]string{
		ca.G3: {
			ca.Authentication: {"tsp-g3", "domain-g3", "root-g3"},
			ca.Nonrepudiation: {"tsp-g3", "domain-g3", "root-g3"},
			ca.Encryption:     {"tsp-g3", "domain-g3", "root-g3"},
		},
		ca.G4: {
			ca.Authentication: {"tsp-g4-priv", "intermediate-g4-priv", "root-g4-priv"},
			ca.Nonrepudiation: {"tsp-g4-eutl", "intermediate-g4-eutl", "root-g4-eutl"},
			ca.Encryption:     {"tsp-g4-priv", "intermediate-g4-priv", "root-g4-priv"},
		},
		ca.EC: {
			ca.Authentication: {"tsp-ec", "domain-ec", "root-ec"},
			ca.Nonrepudiation: {"tsp-ec", "domain-ec", "root-ec"},
			ca.Encryption:     {"tsp-ec", "domain-ec", "root-ec"},
		},
	} {
		a := newAuthority(t, preset)
		for usage, names := range want {
			var got []string
			for _, authority := range chain(t, a, usage) {
				got = append(got, authority.Name)
			}
			certificate, _ := issue(t, a, request(usage))
			if !slices.Equal(got, names) || certificate.Issuer != names[0] {
				t.Errorf("%s %s: %v, issued by %s; want %v", preset, usage, got, certificate.Issuer, names)
			}
		}
	}
}

// TestCRLHistory: the entries keep their revocation dates, the oldest first, and no entry is
// removed.
func TestCRLHistory(t *testing.T) {
	t.Parallel()
	c := &clock{now: time.Now().UTC().Truncate(time.Second)}
	a := authorityAt(t, hierarchies[ca.G4](), c.Now)
	var serials []string
	var times []time.Time
	for range 8 { // Eight random serial numbers are hardly in order by accident.
		certificate, _ := issue(t, a, request(ca.Nonrepudiation))
		if err := a.Revoke(t.Context(), ca.KeyCompromise, certificate.Serial); err != nil {
			t.Fatal(err)
		}
		serials, times = append(serials, certificate.Serial), append(times, c.Now())
		c.add(time.Hour)
	}
	c.add(400 * 24 * time.Hour) // The certificates are expired now.
	_, parsed := crlOf(t, a, "tsp-g4-eutl")
	if len(parsed.RevokedCertificateEntries) != len(serials) {
		t.Fatalf("%d entries, want %d", len(parsed.RevokedCertificateEntries), len(serials))
	}
	for i, entry := range parsed.RevokedCertificateEntries {
		if ca.FormatSerial(entry.SerialNumber) != serials[i] || !entry.RevocationTime.Equal(times[i]) {
			t.Errorf("entry %d is %X of %s, want %s of %s", i, entry.SerialNumber, entry.RevocationTime, serials[i], times[i])
		}
	}
	if _, other := crlOf(t, a, "tsp-g4-priv"); len(other.RevokedCertificateEntries) != 0 {
		t.Error("the other CA has revoked nothing")
	}
}

// TestResponderFollowsTheClock: the certificate of the responder is valid at the time of each
// response, also after the clock was set back.
func TestResponderFollowsTheClock(t *testing.T) {
	t.Parallel()
	c := &clock{now: time.Now().UTC().Truncate(time.Second)}
	a := authorityAt(t, hierarchies[ca.G3](), c.Now)
	_, leaf := issue(t, a, request(ca.Encryption))
	issuer := parse(t, chain(t, a, ca.Encryption)[0].DER)
	var last []byte
	for _, step := range []struct {
		by    time.Duration
		fresh bool
	}{{0, true}, {28 * 24 * time.Hour, false}, {2 * 24 * time.Hour, true}, {-60 * 24 * time.Hour, true}, {time.Hour, false}} {
		c.add(step.by)
		response := ask(t, a, leaf, issuer, crypto.SHA1)
		if by := response.Certificate; c.Now().Before(by.NotBefore) || response.NextUpdate.After(by.NotAfter) {
			t.Errorf("after %s: valid from %s to %s", step.by, by.NotBefore, by.NotAfter)
		}
		if fresh := !bytes.Equal(response.Certificate.Raw, last); fresh != step.fresh {
			t.Errorf("after %s: a new certificate: %t, want %t", step.by, fresh, step.fresh)
		}
		last = response.Certificate.Raw
	}
}

// TestValidityEdges: a certificate begins within the validity of its issuer, and ends at least one
// second after it begins.
func TestValidityEdges(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, ca.G3)
	issuer := chain(t, a, ca.Encryption)[0]
	for name, test := range map[string]struct {
		from, end time.Time
		want      error // nil: the certificate is issued
	}{
		"begins with its issuer":       {issuer.NotBefore, time.Time{}, nil},
		"begins before its issuer":     {issuer.NotBefore.Add(-time.Second), time.Time{}, ca.ErrClock},
		"begins at the last second":    {issuer.NotAfter.Add(-time.Second), time.Time{}, nil},
		"begins when its issuer ends":  {issuer.NotAfter, time.Time{}, ca.ErrClock},
		"is valid for one second":      {issuer.NotBefore, issuer.NotBefore.Add(time.Second), nil},
		"is valid for no time":         {issuer.NotBefore, issuer.NotBefore, ca.ErrRefused},
		"ends one second before begin": {issuer.NotBefore.Add(time.Second), issuer.NotBefore, ca.ErrRefused},
	} {
		r := request(ca.Encryption)
		r.NotBefore, r.Validity = test.from, ca.Validity{End: test.end}
		certificate, err := a.Issue(t.Context(), r)
		switch {
		case test.want != nil:
			if !errors.Is(err, test.want) || !errors.Is(err, ca.ErrRefused) {
				t.Errorf("%s: error %v, want %v", name, err, test.want)
			}
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case !certificate.NotBefore.Equal(test.from) || !test.end.IsZero() && !certificate.NotAfter.Equal(test.end):
			t.Errorf("%s: valid from %s to %s", name, certificate.NotBefore, certificate.NotAfter)
		}
	}
}
