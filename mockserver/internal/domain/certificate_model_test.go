package domain_test

import (
	"bytes"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// A cert is a certificate of the model.
type cert struct {
	id                                             int64
	token                                          domain.TokenStatus
	auto                                           bool // ordered in an automatic life
	pending, made, issued, revoked, gone, redeemed bool
	replaced                                       bool // by a reissue, so that no path names its token
	mistakes                                       int  // wrong PINs
	till                                           time.Time
}

func (m *lifeModel) certify(order *life) *cert {
	c := &cert{id: 845503702 + int64(len(m.certs)), token: domain.TokenOrdered, auto: m.settings.Life == domain.Auto}
	m.certs, order.all = append(m.certs, c), append(order.all, c)
	return c
}

// dead tells whether the token is locked or lost.
func (c *cert) dead() bool { return c.token == domain.TokenLocked || c.token == domain.TokenLost }

// usable tells whether the certificate can be installed.
func (c *cert) usable() bool { return c.made && !c.dead() }

// discard discards a certificate that was not issued. It is revoked if there is issued material.
func (c *cert) discard() {
	if c != nil && !c.issued {
		c.gone, c.pending, c.revoked = true, false, c.made
	}
}

// install installs a certificate.
func (o *life) install(c *cert) {
	c.issued, c.token = true, domain.TokenInstalled
	if c == o.next {
		o.shown.replaced = true
	}
	o.shown, o.next, o.status = c, nil, domain.StatusIssued
	if o.till.IsZero() {
		o.till = c.till
	}
}

func (m *lifeModel) startReissue(order *life) {
	order.next = m.certify(order)
	order.next.pending = order.next.auto
}

func (o *life) endReissue() {
	o.next.discard()
	o.next, o.status = nil, domain.StatusIssued
}

// revocable tells whether a certificate of an order, or the order, can be revoked.
func (o *life) revocable(c *cert) bool {
	return o.status == domain.StatusIssued && (c == nil || c.issued && !c.revoked)
}

// revoked revokes a certificate of an order, or the order, and approves the other open requests for
// it.
func (m *lifeModel) revoked(o *life, c *cert) {
	if c != nil {
		c.revoked = true
	} else {
		o.revokeAll()
		o.status = domain.StatusRevoked
	}
	for _, p := range m.petitions {
		if p.kind == domain.Revoke && p.open() && p.order == o && (c == nil || p.cert == c) {
			p.status = domain.RequestApproved
		}
	}
}

func (o *life) revokeAll() {
	for _, c := range o.all {
		c.revoked = c.revoked || c.issued
	}
}

// begin lets the worker take one of the first issuance jobs.
func (m *lifeModel) begin(t *rapid.T) {
	waiting := m.a.jobs()
	if len(waiting) == 0 {
		t.Skip("nothing is to be made")
	}
	m.begun = append(m.begun, rapid.SampledFrom(waiting).Draw(t, "job"))
}

// finish lets the worker complete a job, or pass on the refusal of the certificate authority. The
// job may be outdated by then, or finished twice.
func (m *lifeModel) finish(t *rapid.T) {
	if len(m.begun) == 0 {
		t.Skip("nothing has begun")
	}
	i := rapid.IntRange(0, len(m.begun)-1).Draw(t, "begun")
	job := m.begun[i]
	m.begun = slices.Delete(m.begun, i, i+1)
	c := m.certs[slices.IndexFunc(m.certs, func(c *cert) bool { return c.id == job.CertificateID })]
	order := m.orders[job.OrderID-843668399]
	wanted := c.pending
	refused := rapid.Bool().Draw(t, "refused")
	if refused {
		if kept := m.a.refuse(m.now, job); kept != wanted {
			t.Fatalf("a refusal counts: %v, and it should be %v", kept, wanted)
		}
	} else if kept := m.a.fulfill(m.now, job); kept != wanted {
		t.Fatalf("a certificate is kept: %v, and it should be %v", kept, wanted)
	}
	switch {
	case !wanted:
	case refused && c == order.next:
		order.endReissue()
	case refused:
		order.end(domain.StatusRejected)
	default:
		c.pending, c.made, c.token = false, true, domain.TokenPersonalized
		if c.till = m.now.AddDate(0, 0, 365); c == order.next {
			c.till = order.till
		}
		if c.auto {
			order.install(c)
		}
	}
}

// holding is the certificate on the token of an order, or nil.
func (o *life) holding() *cert {
	if o.next != nil {
		return o.next
	}
	return o.shown
}

func (m *lifeModel) token(t *rapid.T) {
	order := m.one(t)
	to := rapid.SampledFrom(tokenStatuses()).Draw(t, "to")
	c := order.holding()
	err := m.a.decide(func(r domain.Reader) (domain.Changes, error) {
		return domain.MoveToken(r, m.now, domain.TokenMove{Order: name(order.id), To: to})
	})
	var way []domain.TokenStatus
	if c != nil && !c.gone {
		way = tokenWay(c.token, to)
	}
	if legal := len(way) > 0; legal != (err == nil) {
		t.Fatalf("token %+v of %s becomes %s: %v", c, order.status, to, err)
	}
	for _, to := range way {
		order.step(c, to)
		if c.pending {
			break // the rest of the way waits for the certificate
		}
	}
}

// tokenWay returns the states through which a token goes to another one.
func tokenWay(from, to domain.TokenStatus) []domain.TokenStatus {
	usual := []domain.TokenStatus{
		domain.TokenOrdered, domain.TokenPersonalized, domain.TokenShipped, domain.TokenDelivered, domain.TokenInitialized, domain.TokenInstalled,
	}
	at := slices.Index(usual, from)
	if at < 0 {
		return nil
	}
	for i, status := range usual[at:] {
		if status == to {
			return usual[at+1 : at+i+1]
		}
		if slices.Contains(status.Next(), to) {
			return append(slices.Clone(usual[at+1:at+i+1]), to)
		}
	}
	return nil
}

// step moves the token of an order by one step.
func (o *life) step(c *cert, to domain.TokenStatus) {
	switch to {
	case domain.TokenPersonalized:
		c.pending = true
		if o.status == domain.StatusPending {
			o.status = domain.StatusProcessing
		}
	case domain.TokenInstalled:
		o.install(c)
	case domain.TokenShipped:
		c.token = to
		if o.status == domain.StatusProcessing {
			o.status = domain.StatusWaitingPickup
		}
	default:
		c.token = to
	}
}

// redeem redeems a token with a right or a wrong code.
func (m *lifeModel) redeem(t *rapid.T) {
	order := m.one(t)
	c := order.holding()
	pin, right := "wrong", rapid.Bool().Draw(t, "right")
	if right {
		pin = domain.PIN(accountID, c.named())
	}
	var opened domain.Redemption
	err := m.a.decide(func(r domain.Reader) (changes domain.Changes, err error) {
		opened, changes, err = domain.RedeemToken(r, accountID, name(order.id), domain.InitCode(accountID, c.named()), pin)
		return changes, err
	})
	legal := c != nil && !c.gone && !c.redeemed &&
		(c.token == domain.TokenDelivered || c.token == domain.TokenInitialized || c.token == domain.TokenInstalled)
	switch {
	case legal != (err == nil):
		t.Fatalf("opening %+v of %s: %v", c, order.status, err)
	case !legal:
	case right != (opened.Refusal == nil) || right != bytes.Equal(keyFrom(opened), keyOf(c.id)):
		t.Fatalf("the PIN is right: %v, and the answer is %v", right, opened.Refusal)
	case right:
		c.redeemed = true
		if c.token == domain.TokenDelivered {
			c.token = domain.TokenInitialized
		}
	default:
		c.mistakes++
		if c.mistakes == domain.MaxPINAttempts {
			c.token = domain.TokenLocked
		}
	}
}

func (m *lifeModel) reissue(t *rapid.T) {
	order := m.one(t)
	actor, skip, forbidden := m.actor(t)
	var reissued domain.Reissued
	err := m.a.decide(func(r domain.Reader) (changes domain.Changes, err error) {
		reissued, changes, err = domain.ReissueOrder(r, actor, m.now, name(order.id), domain.ReissueRequest{SkipApproval: skip})
		return changes, err
	})
	if legal := !forbidden && order.status == domain.StatusIssued; legal != (err == nil) {
		t.Fatalf("reissued from %s: %v", order.status, err)
	} else if !legal {
		return
	}
	order.status = domain.StatusReissuePending
	asked := m.ask(actor, skip || m.settings.Approval == domain.ApprovalOff, order, domain.Reissue)
	if asked == nil || asked.status == domain.RequestApproved {
		m.startReissue(order)
	}
	if (order.next == nil) != (reissued.CertificateID == 0) || (asked == nil) != (reissued.Request == nil) {
		t.Fatalf("reissued %+v, and the model says %+v", reissued, order)
	}
}

func (m *lifeModel) revoke(t *rapid.T) {
	order := m.one(t)
	actor, skip, forbidden := m.actor(t)
	var c *cert
	if one := rapid.IntRange(-1, len(order.all)-1).Draw(t, "certificate"); one >= 0 {
		c = order.all[one]
	}
	asked := slices.ContainsFunc(m.petitions, func(p *petition) bool {
		return p.kind == domain.Revoke && p.open() && p.order == order && p.cert == c
	})
	in := domain.RevocationRequest{SkipApproval: skip}
	var request *domain.Request
	err := m.a.decide(func(r domain.Reader) (changes domain.Changes, err error) {
		if c == nil {
			request, changes, err = domain.RevokeOrder(r, actor, m.now, name(order.id), in)
		} else {
			request, changes, err = domain.RevokeCertificate(r, actor, m.now, name(c.id), in)
		}
		return changes, err
	})
	if legal := !forbidden && (!asked || skip) && order.revocable(c); legal != (err == nil) {
		t.Fatalf("revoking %+v of %s: %v", c, order.status, err)
	} else if !legal {
		return
	}
	petition := m.ask(actor, skip, order, domain.Revoke)
	if petition != nil {
		petition.cert = c
	}
	if (petition == nil) != (request == nil) {
		t.Fatalf("the answer is %+v, and the model says %+v", request, petition)
	}
	if petition == nil || petition.status == domain.RequestApproved {
		m.revoked(order, c)
	}
}

// check compares the account with the model.
func (m *lifeModel) check(t *rapid.T) {
	m.expire()
	m.a.read(func(r domain.Reader) {
		m.checkOrders(t, r)
		m.checkCertificates(t, r)
		m.checkMoney(t, r)
		for i, want := range m.petitions {
			if got, _ := r.Request(int64(i) + 1); got.Status != want.status || got.Type != want.kind || got.OrderID != want.order.id {
				t.Fatalf("request %+v should be %+v", got, want)
			}
		}
	})
}

func (m *lifeModel) checkOrders(t *rapid.T, r domain.Reader) {
	unfinished := 0
	for _, want := range m.orders {
		got, _ := r.Order(want.id)
		if got.Status != want.status || !got.ValidTill.Equal(want.till) ||
			got.CertificateID != want.shown.named() || got.ReissueID != want.next.named() {
			t.Fatalf("order %+v should be %+v", got, want)
		}
		if want.status.Unfinished() {
			unfinished++
		}
	}
	if got := r.UnfinishedOrders(domain.SeedOrganization); got != unfinished {
		t.Fatalf("%d unfinished orders, want %d", got, unfinished)
	}
}

// named is the id of a certificate, and zero for nil.
func (c *cert) named() int64 {
	if c == nil {
		return 0
	}
	return c.id
}

func (m *lifeModel) checkCertificates(t *rapid.T, r domain.Reader) {
	var pending, told []string
	for _, want := range m.certs {
		got, _ := r.Certificate(want.id)
		keeps := want.made && !want.dead() && !want.gone && !want.redeemed && !want.replaced
		if got.Token.Status != want.token || got.Pending != want.pending || (got.Material != nil) != want.made ||
			got.Issued.IsZero() == want.issued || got.Discarded != want.gone || got.Revoked.IsZero() == want.revoked ||
			(keyIn(got.Token) != nil) != keeps {
			t.Fatalf("certificate %+v should be %+v", got, want)
		}
		if want.pending {
			pending = append(pending, name(want.id))
		}
		if want.revoked {
			told = append(told, serialOf(want.id))
		}
	}
	var asked, heard []string
	for _, job := range domain.IssuanceJobs(r, len(m.certs)) {
		asked = append(asked, name(job.CertificateID))
	}
	for _, revocation := range m.a.revoked {
		heard = append(heard, revocation.SerialNumber)
	}
	slices.Sort(heard)
	if !slices.Equal(asked, pending) || r.PendingIssuanceCount() != len(pending) {
		t.Fatalf("to be made are %v of %d, and should be %v", asked, r.PendingIssuanceCount(), pending)
	}
	if !slices.Equal(heard, told) {
		t.Fatalf("the certificate authority heard of %v, and should have of %v", heard, told)
	}
}

func (m *lifeModel) checkMoney(t *rapid.T, r domain.Reader) {
	want, sum := m.opening, m.opening
	for _, order := range m.orders {
		want -= order.paid
	}
	adjustments, _ := r.Adjustments(domain.Page{Limit: 1 << 20})
	for _, adjustment := range adjustments {
		if sum += adjustment.Amount; adjustment.BalanceAfter != sum {
			t.Fatalf("adjustment %+v: the balance after it should be %v", adjustment, sum)
		}
	}
	if balance := r.Funds().Balance; balance != want || balance != sum {
		t.Fatalf("balance %v; the model says %v, the adjustments %v", balance, want, sum)
	}
}
