package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// TestFindOrderByReference finds an order by its id, and by the serial number and the thumbprint of
// the issued certificate that it shows (D-38).
func TestFindOrderByReference(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	find := func(name string, want int64) {
		t.Helper()
		a.read(func(r domain.Reader) {
			order, err := domain.FindOrderByReference(r, name)
			if want == 0 {
				checkFaults(t, err, fault{domain.CodeOrderNotFound, ""})
			} else if err != nil || order.ID != want {
				t.Errorf("%q: got %d, %v", name, order.ID, err)
			}
		})
	}
	id := a.mustPlace(today(), anOrder()).ID
	certificate := a.order(id).CertificateID
	named := func(certificate, want int64) {
		t.Helper()
		for _, name := range []string{serialOf(certificate), thumbprintOf(certificate)} {
			find(name, want)
			find(strings.ToLower(name), want)
			find(colons(name), want)
			find(colons(strings.ToLower(name)), want)
			find(name[1:], 0)
			find(name+"0", 0)
		}
	}
	for _, lead := range []step{work, move(domain.StatusProcessing), work, move(domain.StatusWaitingPickup)} {
		lead(a, id)
		find(name(id), id)
		named(certificate, 0) // its names are unknown to clients before it is issued
	}
	a.must(moving(id, domain.StatusIssued))
	named(certificate, id)
	for _, lead := range []step{reissue, token(domain.TokenPersonalized), work} {
		lead(a, id)
		named(certificate, id)
		named(certificate+1, 0)
	}
	a.must(moving(id, domain.StatusIssued))
	named(certificate, 0) // it has been replaced
	named(certificate+1, id)
	a.must(moving(id, domain.StatusRevoked))
	named(certificate+1, id)
	for _, unknown := range []string{"", ":", "0", "-1", "+" + name(id), "0" + name(id), name(id) + " ", "1", name(certificate), "\x00", "99999999999999999999"} {
		find(unknown, 0)
	}
}

// colons writes a colon between each two digits.
func colons(hexadecimal string) string {
	var pairs []string
	for i := 0; i < len(hexadecimal); i += 2 {
		pairs = append(pairs, hexadecimal[i:i+2])
	}
	return strings.Join(pairs, ":")
}

// TestFindCertificateByReference finds a certificate by its id and by its serial number, not by its
// thumbprint. It finds a certificate that a reissue has replaced, and no discarded one (D-71).
func TestFindCertificateByReference(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	find := func(name string, want int64) {
		t.Helper()
		a.read(func(r domain.Reader) {
			certificate, err := domain.FindCertificateByReference(r, name)
			if want == 0 {
				checkFaults(t, err, fault{domain.CodeCertificateNotFound, ""})
			} else if err != nil || certificate.ID != want {
				t.Errorf("%q: got %d, %v", name, certificate.ID, err)
			}
		})
	}
	order := a.issued()
	first, second := order.CertificateID, a.reissued(order.ID).CertificateID
	for _, id := range []int64{first, second} {
		for _, name := range []string{name(id), serialOf(id), strings.ToLower(serialOf(id)), colons(serialOf(id))} {
			find(name, id)
		}
	}
	given := a.in(situation{steps: and(leading(domain.TokenDelivered), cancel)}).CertificateID
	for _, unknown := range []string{
		"", ":", "0", "1", "+" + name(first), "0" + name(first), name(order.ID), thumbprintOf(first), serialOf(first) + "0",
		name(given), serialOf(given),
	} {
		find(unknown, 0)
	}
}

// TestGivenUp checks that a discarded certificate with issued material is revoked, and that its key
// is destroyed.
func TestGivenUp(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		steps []step
		told  int
	}{
		"canceled before it was made":  {[]step{cancel}, 0},
		"rejected before it was made":  {[]step{move(domain.StatusRejected)}, 0},
		"rejected while it was made":   {[]step{move(domain.StatusProcessing), move(domain.StatusRejected)}, 0},
		"rejected once it was made":    {[]step{move(domain.StatusProcessing), work, move(domain.StatusRejected)}, 1},
		"canceled once it was shipped": {and(leading(domain.TokenShipped), cancel), 1},
		"moved to canceled":            {and(leading(domain.TokenInitialized), move(domain.StatusCanceled)), 1},
	} {
		a := openAccount(t, unlimited())
		order := a.in(situation{steps: tc.steps})
		certificate := a.certificate(order.CertificateID)
		if certificate.Status() != domain.CertificateRejected || certificate.Pending || keyIn(certificate.Token) != nil || certificate.Revoked.IsZero() != (tc.told == 0) {
			t.Errorf("%s: %+v", name, certificate)
		}
		if len(a.revoked) != tc.told {
			t.Errorf("%s: the certificate authority was told of %v", name, a.revoked)
		}
		for _, revocation := range a.revoked {
			if want := (domain.Revocation{SerialNumber: serialOf(order.CertificateID), Reason: domain.CessationOfOperation}); revocation != want {
				t.Errorf("%s: got %+v, want %+v", name, revocation, want)
			}
		}
		if balance := a.snapshot().Funds.Balance; balance != 0 {
			t.Errorf("%s: balance %v", name, balance)
		}
	}
}

// TestDaysRemaining counts begun days, and no days after the end.
func TestDaysRemaining(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	made := domain.IssuedMaterial{NotAfter: today()}
	for before, want := range map[time.Duration]int{
		400 * day: 400, day + 1: 2, day: 1, day - 1: 1, 1: 1, 0: 0, -1: 0, -400 * day: 0,
	} {
		if got := made.DaysRemaining(today().Add(-before)); got != want {
			t.Errorf("%v before the end: got %d, want %d", before, got, want)
		}
	}
}

// TestValidTill checks that an order ends with its first certificate, not at a time after its
// installation.
func TestValidTill(t *testing.T) {
	t.Parallel()
	later := today().AddDate(0, 1, 0)
	a := openAccount(t, unlimited())
	order := a.in(situation{steps: leading(domain.TokenInitialized)})
	if !order.ValidTill.IsZero() {
		t.Errorf("before it is issued: %v", order.ValidTill)
	}
	a.must(func(r domain.Reader) (domain.Changes, error) {
		return domain.MoveToken(r, later, domain.TokenMove{Order: name(order.ID), To: domain.TokenInstalled})
	})
	certificate := a.certificate(order.CertificateID)
	if got := a.order(order.ID).ValidTill; !got.Equal(today().AddDate(0, 0, 365)) || !certificate.Issued.Equal(later) {
		t.Errorf("ends %v, issued %v", got, certificate.Issued)
	}
}

// TestEndOfAReissue checks that the end of an order is that of its first certificate, also after a
// reissue whose certificate ends earlier (D-72).
func TestEndOfAReissue(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	order := a.issued()
	a.set(domain.DefaultSettings())
	a.must(reissuing(order.ID))
	job := a.job()
	material := materialFor(job, today())
	material.NotAfter = order.ValidTill.AddDate(0, 0, -1)
	a.must(func(r domain.Reader) (domain.Changes, error) {
		changes, _ := domain.CompleteIssuance(r, today(), job, material, keyOf(job.CertificateID))
		return changes, nil
	})
	if after := a.order(order.ID); after.Reissues != 1 || !after.ValidTill.Equal(order.ValidTill) {
		t.Errorf("the order ends %v after %d reissues, and ended %v before", after.ValidTill, after.Reissues, order.ValidTill)
	}
}
