package ca_test

import (
	"bytes"
	"crypto"
	"slices"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
)

// TestStaircase: roots live fifteen years from the start of a year that is a few years back, and each CA below begins a
// day later and ends a day earlier than the one above it.
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
				to := time.Date(2037, 1, 1-i, 0, 0, 0, 0, time.UTC)
				if c := cas[below]; !c.NotBefore.Equal(from) || !c.NotAfter.Equal(to) {
					t.Errorf("%s: from %s to %s, want %s to %s", c.Name, c.NotBefore, c.NotAfter, from, to)
				}
			}
		}
	}
}

// TestChains: the third generation has one chain, the fourth one for signatures and one for the rest.
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

// TestCRLHistory: entries keep the time at which they were made, the oldest first, and nothing leaves the list.
func TestCRLHistory(t *testing.T) {
	t.Parallel()
	c := &clock{now: time.Now().UTC().Truncate(time.Second)}
	a := authorityAt(t, hierarchies[ca.G4](), c.Now)
	var serials []string
	var times []time.Time
	for range 8 { // With serial numbers at random, more than a few are hardly in order by accident.
		certificate, _ := issue(t, a, request(ca.Nonrepudiation))
		if err := a.Revoke(t.Context(), ca.KeyCompromise, certificate.Serial); err != nil {
			t.Fatal(err)
		}
		serials, times = append(serials, certificate.Serial), append(times, c.Now())
		c.add(time.Hour)
	}
	c.add(400 * 24 * time.Hour) // By now the certificates have expired.
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

// TestResponderFollowsTheClock: its certificate is valid whenever it answers, also when the clock was set back.
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
