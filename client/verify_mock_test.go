package client_test

import (
	"errors"
	"testing"

	"software.sslmate.com/src/go-pkcs12"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// TestVerifyAgainstMock verifies a certificate of each profile and generation, and compares it with
// the key on its token.
func TestVerifyAgainstMock(t *testing.T) {
	t.Parallel()
	usages := []certcentral.ProfileOption{
		certcentral.ProfileAuthentication, certcentral.ProfileEncryption, certcentral.ProfileNonrepudiation,
	}
	for _, preset := range mockserver.Presets() {
		t.Run(string(preset), func(t *testing.T) {
			t.Parallel()
			authority, err := mockserver.NewCA(mockserver.CAPreset(preset), mockserver.CAKey(mockserver.P256))
			if err != nil {
				t.Fatal(err)
			}
			mock := mocktest.Start(t, mockserver.WithCA(authority), mockserver.WithTokenKey(mockserver.P256))
			mock.Set(t, mocktest.Life(mockserver.LifeManual))
			var keys []any
			var all []certcentral.IssuedCertificate
			for _, usage := range usages {
				issued, key := issueOnToken(t, mock, usage)
				keys, all = append(keys, key), append(all, issued)
			}
			for i, issued := range all {
				last := len(issued.Chain) - 1
				roots := pool(issued.Chain[last])
				now := certcentral.AtTime(mock.Clock(t).Now())
				for _, usage := range usages {
					err := certcentral.Verify(issued, roots, usage, now)
					if usage == usages[i] && err != nil {
						t.Errorf("%s: %v", usage, err)
					}
					if usage != usages[i] {
						checkInvalid(t, err, certcentral.InvalidUsage)
					}
				}
				missing := issued
				missing.Chain = issued.Chain[1:]
				checkInvalid(t, certcentral.Verify(missing, roots, usages[i], now), certcentral.InvalidIntermediate)
				checkInvalid(t, certcentral.Verify(issued, pool(issued.Chain[:0]...), usages[i], now), certcentral.InvalidRoot)
				checkInvalid(t, certcentral.Verify(issued, roots, usages[i], certcentral.AtTime(noon.AddDate(-1, 0, 0))), certcentral.InvalidNotYet)
				for j, key := range keys {
					if err := issued.CheckKey(key); (err == nil) != (i == j) || err != nil && !errors.Is(err, certcentral.ErrOtherKey) {
						t.Errorf("certificate %d and key %d: %v", i, j, err)
					}
				}
			}
			mock.Clock(t).Advance("P400D")
			issued, later := all[0], certcentral.AtTime(mock.Clock(t).Now())
			checkInvalid(t, certcentral.Verify(issued, pool(issued.Chain[len(issued.Chain)-1]), usages[0], later), certcentral.InvalidExpired)
		})
	}
}

func checkInvalid(t *testing.T, err error, want certcentral.InvalidReason) {
	t.Helper()
	if invalid, ok := errors.AsType[*certcentral.VerifyError](err); !ok || invalid.Reason != want {
		t.Errorf("%v; want the reason %q", err, want)
	}
}

// issueOnToken orders a certificate, and returns it with the key on its token.
func issueOnToken(
	t *testing.T, mock *mocktest.Server, usage certcentral.ProfileOption,
) (certcentral.IssuedCertificate, any) {
	t.Helper()
	ctx := t.Context()
	r := ourOrder()
	r.ProfileOption = usage
	placed, err := mock.Client.Orders.PlacePKIoOrganisationPerson(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	mock.Move(t, placed.ID, certcentral.OrderProcessing)
	mock.Settle(t)
	mock.Token(t, placed.ID).Deliver()
	file, pin := mock.Token(t, placed.ID).Redeem()
	key, _, _, err := pkcs12.DecodeChain(file, pin)
	if err != nil {
		t.Fatal(err)
	}
	mock.Move(t, placed.ID, certcentral.OrderIssued)
	mock.Settle(t)
	issued, err := mock.Client.Orders.DownloadCertificate(ctx, placed.ID)
	if err != nil {
		t.Fatal(err)
	}
	return issued, key
}
