package client_test

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// TestCertificateAgainstMock issues and revokes a certificate, and compares all answers about it
// with the certificate.
func TestCertificateAgainstMock(t *testing.T) {
	t.Parallel()
	cc, ctx := mocktest.Start(t, smallKeys()...).Client, t.Context()
	order, err := issue(ctx, cc)
	if err != nil {
		t.Fatal(err)
	}
	id := order.Certificate.ID
	issued, err := cc.Certificates.Download(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	checkCertificateOfOrder(t, order, issued.Leaf)
	byOrder, err := cc.Orders.DownloadCertificate(ctx, order.ID)
	if err != nil || !byOrder.Leaf.Equal(issued.Leaf) || !bytes.Equal(byOrder.PEM, issued.PEM) {
		t.Errorf("by the order it is another one: %v", err)
	}

	// The chain and the list of intermediates name the same CAs.
	chain, err := cc.Certificates.Chain(ctx, id)
	if err != nil || len(chain) != 1+len(issued.Chain) || !chain[0].Parsed.Equal(issued.Leaf) || chain[0].CommonName != order.Certificate.CommonName {
		t.Fatalf("chain %+v, %v; want the certificate and %d CAs", chain, err, len(issued.Chain))
	}
	below := issued.Leaf
	for i, above := range chain[1:] {
		if !above.Parsed.Equal(issued.Chain[i]) || above.Parsed.Subject.CommonName != above.CommonName {
			t.Errorf("certificate %d of the chain is %s", i, above.CommonName)
		}
		if err := below.CheckSignatureFrom(above.Parsed); err != nil {
			t.Errorf("certificate %d of the chain: %v", i, err)
		}
		below = above.Parsed
	}
	intermediates, err := cc.Certificates.Intermediates(ctx)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(intermediates, func(i certcentral.Intermediate) bool { return i.ID == order.Certificate.CACert.ID })
	if i < 0 || !intermediates[i].Parsed.Equal(chain[1].Parsed) || intermediates[i].CommonName != order.Certificate.CACert.Name {
		t.Errorf("the issuing CA %+v is not among the intermediates %+v", order.Certificate.CACert, intermediates)
	}

	// The serial number and the thumbprint, in several spellings, find the order.
	serial := issued.Leaf.SerialNumber
	for name, get := range map[string]func() (certcentral.Order, error){
		"as told": func() (certcentral.Order, error) {
			return cc.Orders.GetBySerialNumber(ctx, order.Certificate.SerialNumber)
		},
		"as an integer": func() (certcentral.Order, error) { return cc.Orders.GetBySerialNumber(ctx, serial.Text(16)) },
		"by thumbprint": func() (certcentral.Order, error) { return cc.Orders.GetByThumbprint(ctx, order.Certificate.Thumbprint) },
		"with separator": func() (certcentral.Order, error) {
			return cc.Orders.GetBySerialNumber(ctx, fmt.Sprintf("% x", serial.Bytes()))
		},
	} {
		if found, err := get(); err != nil || found.ID != order.ID {
			t.Errorf("%s: order %d, %v", name, found.ID, err)
		}
	}

	request := certcentral.RevokeOptions{Reason: certcentral.ReasonSuperseded, Comments: "Once."}
	asked, err := cc.Certificates.Revoke(ctx, id, request)
	if err != nil || asked.Revoked || !asked.NeedsApproval() || asked.Request.Type != certcentral.RequestRevoke ||
		asked.Request.Comments != "Once." || asked.Request.Requester.ID != 4313813 {
		t.Errorf("revocation %+v, %v", asked, err)
	}
	open, err := cc.Requests.List(ctx, certcentral.RequestListOptions{
		Type: certcentral.AnyOf(certcentral.RequestRevoke), OrderID: certcentral.IDs(order.ID),
	})
	if err != nil || len(open.Items) != 1 || open.Items[0].ID != asked.Request.ID {
		t.Errorf("requests %+v, %v", open, err)
	}
	request.SkipApproval = true
	if err := cc.Requests.Reject(ctx, asked.Request.ID, "Not yet."); err != nil {
		t.Fatal(err)
	}
	revoked, err := cc.Certificates.RevokeBySerialNumber(ctx, serial.Text(16), request)
	if err != nil || !revoked.Revoked || revoked.NeedsApproval() || revoked.Request != (certcentral.CreatedRequest{}) {
		t.Errorf("revocation %+v, %v", revoked, err)
	}
	_, err = cc.Certificates.Revoke(ctx, id, request)
	if refused, ok := errors.AsType[*certcentral.Error](err); !ok || !refused.Has("order_status_conflict") || refused.OutcomeUnknown {
		t.Errorf("revoked again: %v", err)
	}
}

// checkCertificateOfOrder compares the certificate in an order with the downloaded certificate.
func checkCertificateOfOrder(t *testing.T, order certcentral.Order, leaf *x509.Certificate) {
	t.Helper()
	told := order.Certificate
	thumbprint := sha1.Sum(leaf.Raw)
	for name, pair := range map[string][2]string{
		"common name":   {told.CommonName, leaf.Subject.CommonName},
		"serial number": {strings.TrimLeft(told.SerialNumber, "0"), fmt.Sprintf("%X", leaf.SerialNumber)},
		"thumbprint":    {told.Thumbprint, fmt.Sprintf("%X", thumbprint)},
		"first day":     {told.ValidFrom.String(), leaf.NotBefore.UTC().Format(time.DateOnly)},
		"last day":      {told.ValidTill.String(), leaf.NotAfter.UTC().Format(time.DateOnly)},
		"order's day":   {order.ValidTill.String(), told.ValidTill.String()},
		"issuer":        {told.CACert.Name, leaf.Issuer.CommonName},
		"status":        {string(told.Status), ""},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: the order says %q, the certificate %q", name, pair[0], pair[1])
		}
	}
	if told.DateIssued.IsZero() || told.KeySize != 256 || told.DaysRemaining < 364 {
		t.Errorf("certificate %+v", told)
	}
}

// TestDownloadsAgainstMock downloads a certificate in every format with every download method.
func TestDownloadsAgainstMock(t *testing.T) {
	t.Parallel()
	cc, ctx := mocktest.Start(t, smallKeys()...).Client, t.Context()
	order, err := issue(ctx, cc)
	if err != nil {
		t.Fatal(err)
	}
	const zip, pkcs7, pem = "application/zip", "application/x-pkcs7-certificates", "application/x-pem-file"
	for format, want := range map[certcentral.CertificateFormat]string{
		certcentral.FormatPEMAll: pem, certcentral.FormatPEMNoRoot: pem, certcentral.FormatPEMNoIntermediate: pem,
		certcentral.FormatPEM: pem, certcentral.FormatCRT: pem, certcentral.FormatP7B: pkcs7, certcentral.FormatCER: pkcs7,
		certcentral.FormatDefault: zip, certcentral.FormatDefaultPEM: zip, certcentral.FormatDefaultCER: zip,
		certcentral.FormatApache: zip,
	} {
		file, err := cc.Certificates.DownloadInFormat(ctx, order.Certificate.ID, format)
		byOrder, err2 := cc.Orders.DownloadCertificateInFormat(ctx, order.ID, format)
		if err := errors.Join(err, err2); err != nil || file.ContentType != want || byOrder.ContentType != want || len(file.Content) == 0 {
			t.Errorf("%s: %s and %s, %v", format, file.ContentType, byOrder.ContentType, err)
		}
	}
	for name, download := range map[string]func(context.Context) (certcentral.CertificateFile, error){
		zip: func(ctx context.Context) (certcentral.CertificateFile, error) {
			return cc.Certificates.DownloadFile(ctx, order.Certificate.ID)
		},
		zip + ", of an order": func(ctx context.Context) (certcentral.CertificateFile, error) {
			return cc.Orders.DownloadCertificateFile(ctx, order.ID)
		},
		pem + ", for a platform": func(ctx context.Context) (certcentral.CertificateFile, error) {
			return cc.Certificates.DownloadForPlatform(ctx, order.Certificate.ID, 29)
		},
		zip + ", for any other platform": func(ctx context.Context) (certcentral.CertificateFile, error) {
			return cc.Certificates.DownloadForPlatform(ctx, order.Certificate.ID, -1)
		},
	} {
		want, _, _ := strings.Cut(name, ",")
		if file, err := download(ctx); err != nil || file.ContentType != want {
			t.Errorf("%s: %s, %v", name, file.ContentType, err)
		}
	}
	_, err = cc.Certificates.DownloadInFormat(ctx, order.Certificate.ID, "docx")
	if !errors.Is(err, certcentral.ErrInvalidRequest) {
		t.Errorf("an unknown format: %v", err)
	}
}

// TestReissueAgainstMock has one reissue approved and another one rejected.
func TestReissueAgainstMock(t *testing.T) {
	t.Parallel()
	cc, ctx := mocktest.Start(t, append(smallKeys(), mockserver.WithApproval(mockserver.ApprovalOn))...).Client, t.Context()
	r := exampleOrder()
	r.SkipApproval = true
	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	first, err := waitUntilIssued(ctx, cc, placed.ID)
	if err != nil {
		t.Fatal(err)
	}

	for _, decide := range []func(context.Context, int64, string, ...certcentral.RequestOption) error{cc.Requests.Reject, cc.Requests.Approve} {
		reissue, err := cc.Orders.Reissue(ctx, placed.ID, certcentral.ReissueOptions{Comments: "Lost."})
		if err != nil || !reissue.NeedsApproval() || reissue.OrderID != placed.ID || reissue.CertificateID != 0 {
			t.Fatalf("reissue %+v, %v", reissue, err)
		}
		_, err = cc.Orders.Revoke(ctx, placed.ID, certcentral.RevokeOptions{SkipApproval: true})
		if refused, ok := errors.AsType[*certcentral.Error](err); !ok || !refused.Has("order_status_conflict") {
			t.Errorf("revoked while a reissue is under way: %v", err)
		}
		if err := decide(ctx, reissue.Requests[0].ID, "Why not."); err != nil {
			t.Fatal(err)
		}
		if _, err := waitUntilIssued(ctx, cc, placed.ID); err != nil {
			t.Fatal(err)
		}
	}

	second, err := cc.Orders.Get(ctx, placed.ID)
	if err != nil {
		t.Fatal(err)
	}
	reissues, err := cc.Orders.Reissues(ctx, placed.ID)
	if err != nil || len(reissues) != 1 {
		t.Fatalf("reissues %+v, %v", reissues, err)
	}
	told, got := second.Certificate, reissues[0]
	if got.ID != told.ID || got.ID == first.Certificate.ID || got.SerialNumber != told.SerialNumber || got.Thumbprint != told.Thumbprint ||
		got.ValidTill != told.ValidTill || !got.DateIssued.Equal(told.DateIssued) || got.KeySize != told.KeySize ||
		got.Status != certcentral.CertificateIssued || told.Status != certcentral.CertificateIssued || got.Requester.ID != 4313813 {
		t.Errorf("the order tells %+v, its reissue %+v", told, got)
	}
	now, err := cc.Orders.DownloadCertificate(ctx, placed.ID)
	if err != nil {
		t.Fatal(err)
	}
	checkSerial := func(leaf *x509.Certificate, want string) {
		t.Helper()
		// The service writes all octets, also zeros at the beginning.
		if serial := fmt.Sprintf("%X", leaf.SerialNumber); serial != strings.TrimLeft(want, "0") {
			t.Errorf("serial number %s, want %s", serial, want)
		}
	}
	checkSerial(now.Leaf, got.SerialNumber)
	former, err := cc.Certificates.Download(ctx, first.Certificate.ID)
	if err != nil {
		t.Fatal(err)
	}
	checkSerial(former.Leaf, first.Certificate.SerialNumber)

	list, err := cc.Orders.List(ctx, certcentral.OrderListOptions{SerialNumber: certcentral.Exactly(told.SerialNumber)})
	if err != nil || len(list.Items) != 1 {
		t.Fatalf("orders %+v, %v", list, err)
	}
	summary := list.Items[0]
	if summary.ID != placed.ID || summary.ValidTill != second.ValidTill || summary.Certificate.SerialNumber != told.SerialNumber ||
		summary.Certificate.ValidFrom != told.ValidFrom || summary.Certificate.ValidTill != told.ValidTill ||
		summary.Certificate.DaysRemaining != told.DaysRemaining {
		t.Errorf("the order tells %+v, the list %+v", told, summary)
	}
}

// TestCertificateMistakesAgainstMock uses ids of certificates and orders that do not exist.
func TestCertificateMistakesAgainstMock(t *testing.T) {
	t.Parallel()
	cc, ctx := mocktest.Start(t, mockserver.WithLife(mockserver.LifeManual)).Client, t.Context()
	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, exampleOrder())
	if err != nil {
		t.Fatal(err)
	}
	for _, download := range downloads { // downloads use the ids of the first order of a new account
		if _, err := download.call(ctx, cc); !errors.Is(err, certcentral.ErrNotIssued) {
			t.Errorf("%s: %v", download.operation, err)
		}
	}
	if _, err := cc.Certificates.Chain(ctx, placed.CertificateID); !errors.Is(err, certcentral.ErrNotIssued) {
		t.Errorf("the chain: %v", err)
	}
	for name, call := range map[string]func() error{
		"Get":    func() error { _, err := cc.Certificates.Download(ctx, 1); return err },
		"Chain":  func() error { _, err := cc.Certificates.Chain(ctx, 1); return err },
		"Revoke": func() error { _, err := cc.Certificates.Revoke(ctx, 1, certcentral.RevokeOptions{}); return err },
		"RevokeBySerialNumber": func() error {
			_, err := cc.Certificates.RevokeBySerialNumber(ctx, "0A1B", certcentral.RevokeOptions{})
			return err
		},
		"Orders.DownloadCertificate": func() error { _, err := cc.Orders.DownloadCertificate(ctx, 1); return err },
		"Orders.Revoke":              func() error { _, err := cc.Orders.Revoke(ctx, 1, certcentral.RevokeOptions{}); return err },
		"Orders.Reissue":             func() error { _, err := cc.Orders.Reissue(ctx, 1, certcentral.ReissueOptions{}); return err },
		"Orders.Reissues":            func() error { _, err := cc.Orders.Reissues(ctx, 1); return err },
	} {
		if err := call(); !errors.Is(err, certcentral.ErrNotFound) || errors.Is(err, certcentral.ErrOutcomeUnknown) {
			t.Errorf("%s of nothing: %v", name, err)
		}
	}
	_, err = cc.Orders.Reissue(ctx, placed.ID, certcentral.ReissueOptions{})
	if refused, ok := errors.AsType[*certcentral.Error](err); !ok || !refused.Has("order_status_conflict") {
		t.Errorf("a reissue of an order that is not issued: %v", err)
	}
	_, err = cc.Orders.Revoke(ctx, placed.ID, certcentral.RevokeOptions{Reason: "boredom"})
	if refused, ok := errors.AsType[*certcentral.Error](err); !ok || !refused.Has("invalid_field|revocation_reason") {
		t.Errorf("an unknown reason: %v", err)
	}
}
