package domain_test

import (
	"testing"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// TestReissueForAKey checks a reissue for the key of a PKCS#10 request, with and without an approval, in
// both lives. The token is the holder's own (D-72).
func TestReissueForAKey(t *testing.T) {
	t.Parallel()
	const key = "a SubjectPublicKeyInfo"
	for _, life := range []domain.Life{domain.Auto, domain.Manual} {
		for _, approval := range []domain.Approval{domain.ApprovalOff, domain.ApprovalOn, domain.ApprovalAutomatic} {
			a := openAccount(t, unlimited())
			order := a.issued()
			a.set(domain.Settings{Approval: approval, Life: life})
			if _, err := a.askReissue(user(), order.ID, domain.ReissueRequest{PublicKey: key}); err != nil {
				t.Fatal(err)
			}
			if approval == domain.ApprovalOn {
				if err := a.resolve(1, domain.RequestApproved); err != nil {
					t.Fatal(err)
				}
			}
			if life == domain.Manual {
				a.must(movingToken(order.ID, domain.TokenPersonalized))
			}
			if got := a.job().PublicKey; got != key {
				t.Errorf("%s, %s: the certificate is for the key %q", life, approval, got)
			}
			if got := a.certificate(a.order(order.ID).ReissueID).Token; string(got.PublicKey) != key {
				t.Errorf("%s, %s: the token is %+v", life, approval, got)
			}
		}
	}
}

// TestReissueEndsTheFormerToken checks that the key of the former token is destroyed when a reissue is
// installed (D-74), and can be redeemed before.
func TestReissueEndsTheFormerToken(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	former := a.issued().CertificateID
	order := a.certificate(former).OrderID
	kept := func() bool { return len(a.certificate(former).Token.Key.Reveal()) > 0 }
	a.must(reissuing(order))
	a.must(movingToken(order, domain.TokenPersonalized))
	a.makeAll()
	if !kept() {
		t.Error("the former token has no key while the reissue is under way")
	}
	a.must(moving(order, domain.StatusIssued))
	if kept() {
		t.Error("the former token keeps its key after the reissue")
	}
	if current := a.certificate(a.order(order).CertificateID); len(current.Token.Key.Reveal()) == 0 {
		t.Error("the new token has no key")
	}
}

// TestReissueChangesNothingElse checks that a reissue is refused when its description differs from the
// order. The refusal has all differences, and the errors in the PKCS#10 request (D-72).
func TestReissueChangesNothingElse(t *testing.T) {
	t.Parallel()
	other, yes, no := int64(99), true, false
	wrong := map[string]domain.ReissuedCertificate{
		"certificate.common_name":           {CommonName: "Somebody Else"},
		"certificate.dns_names":             {DNSNames: []string{"example.com"}},
		"certificate.organization_units":    {Units: []string{"Sales"}},
		"certificate.profile_option":        {ProfileOption: "authentication"},
		"certificate.is_rsassa_pss":         {RSASSAPSS: &yes},
		"certificate.individual.id":         {IndividualID: &other},
		"certificate.individual.first_name": {FirstName: "Somebody"},
		"certificate.individual.last_name":  {LastName: "Else"},
		"certificate.individual.email":      {Email: "else@example.com"},
		"certificate.cert_validity":         {CertValidity: &domain.Validity{Years: 3}},
		"organization.id":                   {OrganizationID: &other},
		"order_validity":                    {OrderValidity: &domain.Validity{Days: 365}},
	}
	a := openAccount(t, unlimited())
	order := a.issued()
	before := a.snapshot()
	for path, asked := range wrong {
		_, err := a.askReissue(admin(), order.ID, domain.ReissueRequest{Asked: asked})
		checkFaults(t, err, fault{domain.CodeInvalidField, path})
	}
	unreadable := domain.Errors{{Code: domain.CodeInvalidField, Path: "certificate.csr", Message: "certificate.csr is refused"}}
	_, err := a.askReissue(admin(), order.ID, domain.ReissueRequest{
		Faults: unreadable, Asked: domain.ReissuedCertificate{ProfileOption: "authentication", OrderValidity: &domain.Validity{Days: 1}},
	})
	checkFaults(t, err, fault{domain.CodeInvalidField, "certificate.csr"},
		fault{domain.CodeInvalidField, "certificate.profile_option"}, fault{domain.CodeInvalidField, "order_validity"})
	unchanged(t, before, a.snapshot())
	individual := before.Individuals[0]
	same := domain.ReissuedCertificate{
		CommonName: individual.CommonName(), DNSNames: []string{}, Units: []string{}, ProfileOption: order.ProfileOption,
		RSASSAPSS: &no, IndividualID: &order.IndividualID, FirstName: individual.FirstName, LastName: individual.LastName,
		Email: individual.Email, CertValidity: &domain.Validity{}, OrganizationID: &order.OrganizationID,
		OrderValidity: &domain.Validity{Years: order.Validity.Years},
	}
	if _, err := a.askReissue(admin(), order.ID, domain.ReissueRequest{Asked: same}); err != nil {
		t.Errorf("what the order says: %v", err)
	}
}

// TestShownName checks that a reissue may repeat the common name of the certificate, which the
// certificate authority may have cut.
func TestShownName(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	a.set(domain.DefaultSettings())
	id := a.mustPlace(today(), anOrder()).ID
	job, made := a.job(), domain.IssuedMaterial{CommonName: "A name that was cu", NotAfter: today().AddDate(1, 0, 0)}
	a.must(func(r domain.Reader) (domain.Changes, error) {
		changes, _ := domain.CompleteIssuance(r, today(), job, made, nil)
		return changes, nil
	})
	if _, err := a.askReissue(admin(), id, domain.ReissueRequest{Asked: domain.ReissuedCertificate{CommonName: made.CommonName}}); err != nil {
		t.Error(err)
	}
}
