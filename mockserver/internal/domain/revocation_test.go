package domain_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// manager may approve, and user may not.
func manager() domain.Actor {
	return domain.Actor{Account: accountID, UserID: domain.SeedUser, Role: domain.Roles()[3]}
}

func user() domain.Actor {
	return domain.Actor{Account: accountID, UserID: domain.SeedUser, Role: domain.Roles()[4]}
}

// revoke revokes an order or one of its certificates, and returns the request, if one was needed.
func (a *account) revoke(actor domain.Actor, order, certificate int64, in domain.RevocationRequest) (request *domain.Request, err error) {
	a.Helper()
	err = a.decide(func(r domain.Reader) (changes domain.Changes, err error) {
		if certificate == 0 {
			request, changes, err = domain.RevokeOrder(r, actor, today(), name(order), in)
		} else {
			request, changes, err = domain.RevokeCertificate(r, actor, today(), name(certificate), in)
		}
		return changes, err
	})
	return request, err
}

// told returns the revocations that the certificate authority got, in order.
func (a *account) told() []string {
	var serials []string
	for _, revocation := range a.revoked {
		serials = append(serials, revocation.SerialNumber+" "+string(revocation.Reason))
	}
	slices.Sort(serials)
	return serials
}

// TestRevokeCertificate revokes one certificate, by its id or its serial number; its order can be reissued.
func TestRevokeCertificate(t *testing.T) {
	t.Parallel()
	later := today().Add(time.Hour)
	for _, by := range []func(int64) string{name, serialOf} {
		a := openAccount(t, unlimited())
		order := a.issued()
		want := a.snapshot()
		a.must(func(r domain.Reader) (domain.Changes, error) {
			request, changes, err := domain.RevokeCertificate(r, admin(), later, by(order.CertificateID), atOnce())
			if request != nil {
				t.Errorf("a request was made: %+v", request)
			}
			return changes, err
		})
		want.Certificates[0].Revoked, want.Certificates[0].Reason = later, domain.KeyCompromise
		unchanged(t, want, a.snapshot())
		if diff := cmp.Diff([]string{serialOf(order.CertificateID) + " keyCompromise"}, a.told()); diff != "" {
			t.Error(diff)
		}
		_, err := a.revoke(admin(), 0, order.CertificateID, atOnce())
		checkFaults(t, err, fault{domain.CodeOrderStatusConflict, ""}) // a revocation is permanent
		if reissued := a.reissued(order.ID); reissued.Status != domain.StatusIssued || reissued.CertificateID == order.CertificateID {
			t.Errorf("after a reissue: %+v", reissued)
		}
	}
}

// TestRevokeReplaced revokes a certificate that a reissue has replaced. The current certificate is not
// revoked.
func TestRevokeReplaced(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	first := a.issued()
	second := a.reissued(first.ID)
	if _, err := a.revoke(admin(), 0, first.CertificateID, atOnce()); err != nil {
		t.Fatal(err)
	}
	if got := [2]domain.CertificateStatus{a.status(first.CertificateID), a.status(second.CertificateID)}; got != [2]domain.CertificateStatus{"revoked", "issued"} {
		t.Errorf("the certificates are %v", got)
	}
}

func (a *account) status(certificate int64) domain.CertificateStatus {
	a.Helper()
	found := a.certificate(certificate)
	return found.Status()
}

// TestRevokeOrder checks that all issued certificates are revoked, replaced ones included. A certificate
// that was revoked before keeps its reason, and a discarded one does not change.
func TestRevokeOrder(t *testing.T) {
	t.Parallel()
	later := today().Add(time.Hour)
	for _, by := range []func(domain.Order) string{
		func(o domain.Order) string { return name(o.ID) },
		func(o domain.Order) string { return serialOf(o.CertificateID) },
		func(o domain.Order) string { return thumbprintOf(o.CertificateID) },
	} {
		a := openAccount(t, unlimited())
		first := a.issued()
		a.reissued(first.ID)
		third := a.reissued(first.ID)
		a.must(reissuing(first.ID)) // discarded before its issuance
		a.must(canceling(first.ID))
		if _, err := a.revoke(admin(), 0, first.CertificateID+1, domain.RevocationRequest{Reason: domain.Superseded, SkipApproval: true}); err != nil {
			t.Fatal(err)
		}
		a.must(func(r domain.Reader) (domain.Changes, error) {
			_, changes, err := domain.RevokeOrder(r, admin(), later, by(third), atOnce())
			return changes, err
		})
		if order := a.order(first.ID); order.Status != domain.StatusRevoked || !order.StatusChanged.Equal(later) {
			t.Errorf("the order is %s since %v", order.Status, order.StatusChanged)
		}
		want := []string{
			serialOf(first.CertificateID) + " keyCompromise", serialOf(first.CertificateID+1) + " superseded",
			serialOf(third.CertificateID) + " keyCompromise",
		}
		if diff := cmp.Diff(want, a.told()); diff != "" {
			t.Errorf("the certificate authority was told (-want +got):\n%s", diff)
		}
		if balance := a.snapshot().Funds.Balance; balance != -first.Price {
			t.Errorf("balance %v, and a revocation gives nothing back", balance)
		}
	}
}

// TestWhoMayRevoke checks that a revocation needs an approval in every account, and that an administrator
// may skip it (D-71).
func TestWhoMayRevoke(t *testing.T) {
	t.Parallel()
	for _, approval := range []domain.Approval{domain.ApprovalOff, domain.ApprovalOn, domain.ApprovalAutomatic} {
		for _, role := range domain.Roles() {
			for _, all := range []bool{false, true} {
				checkAsking(t, approval, role, all)
				checkSkipping(t, approval, role, all)
			}
		}
	}
}

// toRevoke issues an order in an account with the given approval setting. It also returns the id of the
// certificate to revoke, or zero for the order.
func toRevoke(t *testing.T, approval domain.Approval, all bool) (a *account, order domain.Order, certificate int64) {
	t.Helper()
	a = openAccount(t, unlimited())
	order = a.issued()
	approvals(approval)(a, 0)
	if !all {
		certificate = order.CertificateID
	}
	return a, order, certificate
}

func checkAsking(t *testing.T, approval domain.Approval, role domain.Role, all bool) {
	t.Helper()
	a, order, certificate := toRevoke(t, approval, all)
	actor := user()
	actor.Role = role
	request, err := a.revoke(actor, order.ID, certificate, domain.RevocationRequest{Reason: domain.Superseded, Comments: "please"})
	if err != nil {
		t.Fatal(err)
	}
	want := domain.Request{
		ID: 1, Type: domain.Revoke, Created: today(), OrderID: order.ID, RequesterID: actor.UserID, Comments: "please",
		CertificateID: certificate, Reason: domain.Superseded, Status: domain.RequestSubmitted,
	}
	switch {
	case approval == domain.ApprovalAutomatic:
		want.Status, want.Processed, want.ProcessorID = domain.RequestApproved, today(), actor.UserID
	case role.Name == "Administrator" || role.Name == "Manager":
		want.Status = domain.RequestPending
	}
	if diff := cmp.Diff([]domain.Request{want}, a.snapshot().Requests); diff != "" || *request != want {
		t.Errorf("%s, %s: (-want +got):\n%s", approval, role.Name, diff)
	}
	if done := len(a.revoked) == 1; done != (approval == domain.ApprovalAutomatic) {
		t.Errorf("%s, %s: done is %v", approval, role.Name, done)
	}
}

func checkSkipping(t *testing.T, approval domain.Approval, role domain.Role, all bool) {
	t.Helper()
	a, order, certificate := toRevoke(t, approval, all)
	actor := user()
	actor.Role = role
	request, err := a.revoke(actor, order.ID, certificate, atOnce())
	if role != domain.Administrator() {
		checkFaults(t, err, fault{domain.CodeMissingPermission, ""})
		err = nil
	}
	if done := len(a.revoked) == 1; err != nil || request != nil || done != (role == domain.Administrator()) || len(a.snapshot().Requests) != 0 {
		t.Errorf("%s, %s, skipped: %+v, %v, done is %v", approval, role.Name, request, err, done)
	}
}

// TestSkipIsRefusedFirst checks that a forbidden skip_approval is the only error of the answer.
func TestSkipIsRefusedFirst(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	for _, certificate := range []int64{0, 1} {
		_, err := a.revoke(manager(), 1, certificate, atOnce())
		checkFaults(t, err, fault{domain.CodeMissingPermission, ""})
	}
	_, err := a.revoke(admin(), 1, 0, atOnce())
	checkFaults(t, err, fault{domain.CodeOrderNotFound, ""})
	_, err = a.revoke(admin(), 0, 1, atOnce())
	checkFaults(t, err, fault{domain.CodeCertificateNotFound, ""})
}

// TestRevocationRequest checks that a request is decided once, and that the revocation follows its
// approval.
func TestRevocationRequest(t *testing.T) {
	t.Parallel()
	for _, all := range []bool{false, true} {
		for _, to := range []domain.RequestStatus{domain.RequestApproved, domain.RequestRejected, domain.RequestPending} {
			a, order, certificate := toRevoke(t, domain.ApprovalOff, all)
			in := domain.RevocationRequest{Reason: domain.AffiliationChanged}
			if _, err := a.revoke(user(), order.ID, certificate, in); err != nil {
				t.Fatal(err)
			}
			if a.order(order.ID).Status != domain.StatusIssued || a.status(order.CertificateID) != domain.CertificateIssued {
				t.Error("something happened before it was approved")
			}
			if err := a.resolve(1, to); err != nil {
				t.Fatal(err)
			}
			revoked := to == domain.RequestApproved
			wantOrder, wantCertificate, told := domain.StatusIssued, domain.CertificateIssued, []string(nil)
			if revoked {
				wantCertificate, told = domain.CertificateRevoked, []string{serialOf(order.CertificateID) + " affiliationChanged"}
			}
			if revoked && all {
				wantOrder = domain.StatusRevoked
			}
			if o, c := a.order(order.ID).Status, a.status(order.CertificateID); o != wantOrder || c != wantCertificate || !slices.Equal(a.told(), told) {
				t.Errorf("%s, all is %v: the order is %s, the certificate %s, told was %v", to, all, o, c, a.told())
			}
			if to == domain.RequestPending {
				continue
			}
			checkFaults(t, a.resolve(1, domain.RequestApproved), fault{domain.CodeOrderStatusConflict, ""})
		}
	}
}

// TestAskedAlready checks that there is no second open request to revoke the same certificate, and that
// other revocations are still possible.
func TestAskedAlready(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	first := a.issued()
	second := a.reissued(first.ID)
	ask := func(order, certificate int64) error {
		_, err := a.revoke(user(), order, certificate, domain.RevocationRequest{})
		return err
	}
	certificates := []int64{0, first.CertificateID, second.CertificateID}
	for _, certificate := range certificates {
		if err := ask(first.ID, certificate); err != nil {
			t.Fatal(err)
		}
	}
	for i, certificate := range certificates {
		err := ask(first.ID, certificate)
		checkFaults(t, err, fault{domain.CodeOrderStatusConflict, ""})
		if !strings.Contains(err.Error(), "request "+name(int64(i)+1)+" ") {
			t.Errorf("the refusal does not name request %d: %v", i+1, err)
		}
	}
	if err := a.resolve(2, domain.RequestRejected); err != nil {
		t.Fatal(err)
	}
	if err := ask(first.ID, first.CertificateID); err != nil { // the first request is decided
		t.Error(err)
	}
	if err := ask(a.issued().ID, 0); err != nil {
		t.Error(err)
	}
}

// TestApprovedTooLate checks that a request cannot be approved when its revocation has become
// impossible. It stays open, so that it can be rejected.
func TestApprovedTooLate(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		all  bool
		then step
	}{
		"the order has expired": {true, outlive},
		"its order has expired": {false, outlive},
		"the order is reissued": {true, reissue},
		"its order is reissued": {false, reissue},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, order, certificate := toRevoke(t, domain.ApprovalOff, tc.all)
			if _, err := a.revoke(user(), order.ID, certificate, domain.RevocationRequest{}); err != nil {
				t.Fatal(err)
			}
			tc.then(a, order.ID)
			before := a.snapshot()
			checkFaults(t, a.resolve(1, domain.RequestApproved), fault{domain.CodeOrderStatusConflict, ""})
			unchanged(t, before, a.snapshot())
			if err := a.resolve(1, domain.RequestRejected); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestRevocationAnswersRequests checks that a revocation approves the other open requests for it, with
// the same processor, and that requests for other certificates stay open.
func TestRevocationAnswersRequests(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		then func(a *account, order domain.Order) error
		want []domain.RequestStatus // of the requests for the certificate and for the order
	}{
		"the certificate": {
			func(a *account, order domain.Order) error {
				_, err := a.revoke(admin(), order.ID, order.CertificateID, domain.RevocationRequest{SkipApproval: true})
				return err
			},
			[]domain.RequestStatus{domain.RequestApproved, domain.RequestSubmitted},
		},
		"the order": {
			func(a *account, order domain.Order) error {
				_, err := a.revoke(admin(), order.ID, 0, domain.RevocationRequest{SkipApproval: true})
				return err
			},
			[]domain.RequestStatus{domain.RequestApproved, domain.RequestApproved},
		},
		"the order, by request":       {func(a *account, _ domain.Order) error { return a.resolve(2, domain.RequestApproved) }, []domain.RequestStatus{domain.RequestApproved, domain.RequestApproved}},
		"the order, by hand":          {func(a *account, order domain.Order) error { return a.decide(moving(order.ID, domain.StatusRevoked)) }, []domain.RequestStatus{domain.RequestApproved, domain.RequestApproved}},
		"the certificate, by request": {func(a *account, _ domain.Order) error { return a.resolve(1, domain.RequestApproved) }, []domain.RequestStatus{domain.RequestApproved, domain.RequestSubmitted}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := openAccount(t, unlimited())
			order := a.issued()
			for _, certificate := range []int64{order.CertificateID, 0} {
				if _, err := a.revoke(user(), order.ID, certificate, domain.RevocationRequest{}); err != nil {
					t.Fatal(err)
				}
			}
			if err := tc.then(a, order); err != nil {
				t.Fatal(err)
			}
			var got []domain.RequestStatus
			for _, request := range a.snapshot().Requests {
				got = append(got, request.Status)
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("the requests are %v, want %v", got, tc.want)
			}
		})
	}
}

// TestRevokedWhileReissued checks that a certificate can be revoked only after its reissue has ended.
func TestRevokedWhileReissued(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	order := a.issued()
	if _, err := a.revoke(user(), order.ID, 0, domain.RevocationRequest{}); err != nil {
		t.Fatal(err)
	}
	a.must(reissuing(order.ID))
	checkFaults(t, a.resolve(1, domain.RequestApproved), fault{domain.CodeOrderStatusConflict, ""})
	a.must(canceling(order.ID))
	if err := a.resolve(1, domain.RequestApproved); err != nil {
		t.Error(err)
	}
	if got := a.order(order.ID).Status; got != domain.StatusRevoked {
		t.Errorf("the order is %s", got)
	}
}

// TestManyRequests checks the limit of requests (D-44).
func TestManyRequests(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	order := a.issued()
	a.must(func(r domain.Reader) (changes domain.Changes, _ error) {
		for id := int64(1); id < 1000; id++ {
			changes.Requests = append(changes.Requests, domain.Request{ID: id, OrderID: order.ID, Type: domain.Revoke, Status: domain.RequestRejected})
		}
		sequences := r.Sequences()
		sequences.Request, changes.Sequences = 1000, &sequences
		return changes, nil
	})
	if _, err := a.revoke(user(), order.ID, 0, domain.RevocationRequest{}); err != nil {
		t.Fatal(err)
	}
	if err := a.resolve(1000, domain.RequestRejected); err != nil {
		t.Fatal(err)
	}
	for _, certificate := range []int64{0, order.CertificateID} {
		_, err := a.revoke(user(), order.ID, certificate, domain.RevocationRequest{})
		checkFaults(t, err, fault{domain.CodeCapacity, ""})
	}
	approvals(domain.ApprovalOn)(a, 0)
	checkFaults(t, a.decide(reissuing(order.ID)), fault{domain.CodeCapacity, ""})
}
