package ca_test

import (
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"github.com/pkio-tools/certcentral/mockserver/internal/ca"
)

// TestLifetimes: CRLs and OCSP responses last as long as they are told to, and are signed again after
// half of it. With a negative lifetime they ended before they were signed, and are good otherwise.
func TestLifetimes(t *testing.T) {
	t.Parallel()
	for _, lifetime := range []time.Duration{time.Hour, -time.Hour, 90 * 24 * time.Hour, time.Second} {
		c := &clock{now: time.Now().Truncate(time.Second)}
		a, err := hierarchies[ca.G3]().Authority(base, c.Now, ca.WithCRLLifetime(lifetime), ca.WithOCSPLifetime(lifetime))
		if err != nil {
			t.Fatal(err)
		}
		_, leaf := issue(t, a, request(ca.Authentication))
		issuing := parse(t, chain(t, a, ca.Authentication)[0].DER)
		asked, err := ocsp.CreateRequest(leaf, issuing, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := a.OCSP(t.Context(), asked)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := ocsp.ParseResponseForCert(response.DER, leaf, issuing)
		if err != nil {
			t.Fatal(err)
		}
		crl, parsed := crlOf(t, a, "tsp-g3")
		for what, got := range map[string][2]time.Time{"CRL": {parsed.ThisUpdate, parsed.NextUpdate}, "OCSP": {answer.ThisUpdate, answer.NextUpdate}} {
			if !got[1].Equal(c.now.Add(lifetime)) || got[1].Sub(got[0]) != lifetime.Abs() || got[0].After(c.now) {
				t.Errorf("%s, %s: from %s until %s, now %s", lifetime, what, got[0], got[1], c.now)
			}
		}
		if c := answer.Certificate; c.NotAfter.Before(answer.NextUpdate) {
			t.Errorf("%s: the responder's certificate ends at %s, before its response", lifetime, c.NotAfter)
		}
		c.add(lifetime.Abs() / 2)
		again, _ := crlOf(t, a, "tsp-g3")
		if lifetime.Abs() > time.Second && again.Number.Cmp(crl.Number) <= 0 {
			t.Errorf("%s: not signed again after half of its lifetime", lifetime)
		}
	}
	for d, good := range map[time.Duration]bool{0: false, time.Millisecond: false, -time.Second: true, 8784 * time.Hour: true, 8785 * time.Hour: false} {
		if err := ca.CheckLifetime(d); (err == nil) != good {
			t.Errorf("%s: %v", d, err)
		}
	}
}
