package domain_test

import (
	"fmt"
	"strconv"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// The functions of the worker that makes keys and certificates, for tests.

// materialFor returns issued material for a job. Its serial number and its thumbprint are
// hexadecimal digits that cannot be read as an id.
func materialFor(job domain.IssuanceJob, now time.Time) domain.IssuedMaterial {
	ends := now.AddDate(0, 0, 365*job.Years+job.Days)
	for _, end := range []time.Time{job.Date, job.Until} {
		if !end.IsZero() {
			ends = end
		}
	}
	return domain.IssuedMaterial{
		DER: fmt.Appendf(nil, "certificate %d", job.CertificateID), SerialNumber: serialOf(job.CertificateID),
		Thumbprint: thumbprintOf(job.CertificateID), Issuer: "tsp-g3", IssuerID: "0A", IssuerCommon: "TEST", KeySize: 3072,
		NotBefore: now, NotAfter: ends,
	}
}

func serialOf(certificate int64) string { return fmt.Sprintf("5E%030X", certificate) }

func thumbprintOf(certificate int64) string { return fmt.Sprintf("7B%038X", certificate) }

func keyOf(certificate int64) []byte { return fmt.Appendf(nil, "key of certificate %d", certificate) }

// holding returns a token with a key, keyIn the key on a token, or nil, and keyFrom a redeemed key.
func holding(status domain.TokenStatus, key []byte) domain.Token {
	return domain.Token{Status: status, Key: domain.NewPrivateKey(key)}
}

func keyIn(token domain.Token) []byte { return token.Key.Reveal() }

func keyFrom(opened domain.Redemption) []byte { return opened.Key.Reveal() }

// jobs returns the issuance jobs of the account.
func (a *account) jobs() (all []domain.IssuanceJob) {
	a.Helper()
	a.read(func(r domain.Reader) { all = domain.IssuanceJobs(r, 1<<20) })
	return all
}

// job returns the only issuance job of the account.
func (a *account) job() domain.IssuanceJob {
	a.Helper()
	all := a.jobs()
	if len(all) != 1 {
		a.Fatalf("%d certificates are to be made, and not one: %+v", len(all), all)
	}
	return all[0]
}

// fulfill completes a job, and tells whether the job was current.
func (a *account) fulfill(now time.Time, job domain.IssuanceJob) (kept bool) {
	a.Helper()
	var key []byte
	if job.PublicKey == "" {
		key = keyOf(job.CertificateID)
	}
	if err := a.decide(func(r domain.Reader) (changes domain.Changes, _ error) {
		changes, kept = domain.CompleteIssuance(r, now, job, materialFor(job, now), key)
		return changes, nil
	}); err != nil {
		a.Fatal(err)
	}
	return kept
}

// refuse refuses a job in the name of the certificate authority, and tells whether the job was
// current.
func (a *account) refuse(now time.Time, job domain.IssuanceJob) (kept bool) {
	a.Helper()
	if err := a.decide(func(r domain.Reader) (changes domain.Changes, _ error) {
		changes, kept = domain.RefuseIssuance(r, now, job, "the name is too long")
		return changes, nil
	}); err != nil {
		a.Fatal(err)
	}
	return kept
}

// makeAll completes all jobs.
func (a *account) makeAll() {
	a.Helper()
	for _, job := range a.jobs() {
		if !a.fulfill(today(), job) {
			a.Fatalf("not kept: %+v", job)
		}
	}
}

// A useCase is a use case with all its arguments but the account.
type useCase = func(domain.Reader) (domain.Changes, error)

// must applies a use case that has to be accepted.
func (a *account) must(decide useCase) {
	a.Helper()
	if err := a.decide(decide); err != nil {
		a.Fatal(err)
	}
}

// name is the text of an id in a path.
func name(id int64) string { return strconv.FormatInt(id, 10) }

// Use cases of orders and certificates, called by an administrator at the time today.

func moving(order int64, to domain.Status) useCase {
	return func(r domain.Reader) (changes domain.Changes, err error) {
		_, changes, err = domain.MoveOrder(r, domain.Moments{Now: today(), Base: today()}, domain.OrderMove{ID: order, To: to})
		return changes, err
	}
}

func canceling(order int64) useCase {
	return func(r domain.Reader) (domain.Changes, error) { return domain.CancelOrder(r, today(), order, "why") }
}

func movingToken(order int64, to domain.TokenStatus) useCase {
	return func(r domain.Reader) (domain.Changes, error) {
		return domain.MoveToken(r, today(), domain.TokenMove{Order: name(order), To: to})
	}
}

func reissuing(order int64) useCase {
	return func(r domain.Reader) (changes domain.Changes, err error) {
		_, changes, err = domain.ReissueOrder(r, admin(), today(), name(order), domain.ReissueRequest{})
		return changes, err
	}
}

// revokingOrder revokes an order without an approval.
func revokingOrder(order int64) useCase {
	return func(r domain.Reader) (changes domain.Changes, err error) {
		_, changes, err = domain.RevokeOrder(r, admin(), today(), name(order), atOnce())
		return changes, err
	}
}

func revokingCertificate(certificate int64) useCase {
	return func(r domain.Reader) (changes domain.Changes, err error) {
		_, changes, err = domain.RevokeCertificate(r, admin(), today(), name(certificate), atOnce())
		return changes, err
	}
}

func atOnce() domain.RevocationRequest {
	return domain.RevocationRequest{Reason: domain.KeyCompromise, SkipApproval: true}
}

func usingOwnKey(order int64) useCase {
	return func(r domain.Reader) (domain.Changes, error) {
		return domain.UseOwnKey(r, name(order), []byte("public key"))
	}
}

// order returns a stored order.
func (a *account) order(id int64) (order domain.Order) {
	a.Helper()
	a.read(func(r domain.Reader) { order, _ = r.Order(id) })
	return order
}

func (a *account) certificate(id int64) (certificate domain.Certificate) {
	a.Helper()
	a.read(func(r domain.Reader) { certificate, _ = r.Certificate(id) })
	return certificate
}

// issued places an order and issues it.
func (a *account) issued() domain.Order {
	a.Helper()
	id := a.mustPlace(today(), anOrder()).ID
	a.must(moving(id, domain.StatusProcessing))
	a.makeAll()
	a.must(moving(id, domain.StatusIssued))
	return a.order(id)
}

// reissued reissues an issued order, up to the installed certificate.
func (a *account) reissued(id int64) domain.Order {
	a.Helper()
	a.must(reissuing(id))
	a.must(movingToken(id, domain.TokenPersonalized))
	a.makeAll()
	a.must(moving(id, domain.StatusIssued))
	return a.order(id)
}
