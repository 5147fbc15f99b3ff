package client_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// TestRequestsOfCertificates pins what the methods about certificates send.
func TestRequestsOfCertificates(t *testing.T) {
	t.Parallel()
	everything := certcentral.RevokeOptions{
		Reason: certcentral.ReasonKeyCompromise, Comments: "The token was lost.", SkipApproval: true,
	}
	const everythingSent = `{"comments":"The token was lost.","revocation_reason":"keyCompromise","skip_approval":true}`
	for _, tt := range []struct {
		name, answer string
		call         func(context.Context, *certcentral.Client) error
		want         recorded
	}{
		{"Certificates.Chain", `{"intermediates":[]}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.Chain(ctx, 845503702)
			return err
		}, recorded{Method: "GET", Path: "/certificate/845503702/chain"}},
		{"Certificates.Intermediates", `{"intermediates":[]}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.Intermediates(ctx)
			return err
		}, recorded{Method: "GET", Path: "/certificate/intermediates"}},
		{"Certificates.Revoke", `{"id":1}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.Revoke(ctx, 845503702, certcentral.RevokeOptions{})
			return err
		}, recorded{Method: "PUT", Path: "/certificate/845503702/revoke", Body: `{}`}},
		{"Certificates.Revoke with everything", "", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.Revoke(ctx, 845503702, everything)
			return err
		}, recorded{Method: "PUT", Path: "/certificate/845503702/revoke", Body: everythingSent}},
		{"Certificates.RevokeBySerialNumber", "", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.RevokeBySerialNumber(ctx, "a1b2:c3 d4:e5", everything)
			return err
		}, recorded{Method: "PUT", Path: "/certificate/A1B2C3D4E5/revoke", Body: everythingSent}},
		{"Certificates.RevokeBySerialNumber with half a byte", "", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.RevokeBySerialNumber(ctx, "a1b2c", everything)
			return err
		}, recorded{Method: "PUT", Path: "/certificate/0A1B2C/revoke", Body: everythingSent}},
		{"Certificates.RevokeBySerialNumber without letters", "", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.RevokeBySerialNumber(ctx, "12345678901234567890", everything)
			return err
		}, recorded{Method: "PUT", Path: "/certificate/12345678901234567890/revoke", Body: everythingSent}},
		{"Orders.Revoke", `{"id":1}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.Revoke(ctx, 843668399, certcentral.RevokeOptions{Reason: certcentral.ReasonSuperseded})
			return err
		}, recorded{
			Method: "PUT", Path: "/order/certificate/843668399/revoke", Body: `{"revocation_reason":"superseded"}`,
		}},
		{"Orders.Revoke with everything", "", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.Revoke(ctx, 843668399, everything)
			return err
		}, recorded{Method: "PUT", Path: "/order/certificate/843668399/revoke", Body: everythingSent}},
		{"Orders.Reissue", `{"id":843668399}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.Reissue(ctx, 843668399, certcentral.ReissueOptions{})
			return err
		}, recorded{
			Method: "POST", Path: "/order/certificate/843668399/reissue", Body: `{"cs_provisioning_method":"token"}`,
		}},
		{"Orders.Reissue with everything", `{"id":843668399}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.Reissue(ctx, 843668399, certcentral.ReissueOptions{Comments: "Lost.", SkipApproval: true})
			return err
		}, recorded{
			Method: "POST", Path: "/order/certificate/843668399/reissue",
			Body: `{"comments":"Lost.","cs_provisioning_method":"token","skip_approval":true}`,
		}},
		{"Orders.Reissues", `{"certificates":[]}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.Reissues(ctx, 843668399)
			return err
		}, recorded{Method: "GET", Path: "/order/certificate/843668399/reissue"}},
		{"Orders.GetBySerialNumber with half a byte", `{"id":1}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.GetBySerialNumber(ctx, "a1b2c")
			return err
		}, recorded{Method: "GET", Path: "/order/certificate/0A1B2C"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkSent(t, tt.answer, tt.call, tt.want)
		})
	}
}

// TestRequestsOfDownloads pins what the download methods send.
func TestRequestsOfDownloads(t *testing.T) {
	t.Parallel()
	file := string(newChain(t, 1).pem())
	for _, tt := range []struct {
		name string
		call func(context.Context, *certcentral.Client) error
		path string
	}{
		{"Certificates.Download", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.Download(ctx, 845503702)
			return err
		}, "/certificate/845503702/download/format/pem_all"},
		{"Certificates.DownloadInFormat", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.DownloadInFormat(ctx, 845503702, certcentral.FormatApache)
			return err
		}, "/certificate/845503702/download/format/apache"},
		{"Certificates.DownloadInFormat, one that is new", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.DownloadInFormat(ctx, 845503702, "new/one ?")
			return err
		}, "/certificate/845503702/download/format/new/one ?"},
		{"Certificates.DownloadFile", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.DownloadFile(ctx, 845503702)
			return err
		}, "/certificate/845503702/download/platform"},
		{"Certificates.DownloadForPlatform", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.DownloadForPlatform(ctx, 845503702, 29)
			return err
		}, "/certificate/845503702/download/platform/29"},
		{"Certificates.DownloadForPlatform, any other", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.DownloadForPlatform(ctx, 845503702, -1)
			return err
		}, "/certificate/845503702/download/platform/-1"},
		{"Orders.DownloadCertificate", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.DownloadCertificate(ctx, 843668399)
			return err
		}, "/certificate/download/order/843668399/format/pem_all"},
		{"Orders.DownloadCertificateInFormat", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.DownloadCertificateInFormat(ctx, 843668399, certcentral.FormatP7B)
			return err
		}, "/certificate/download/order/843668399/format/p7b"},
		{"Orders.DownloadCertificateFile", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.DownloadCertificateFile(ctx, 843668399)
			return err
		}, "/certificate/download/order/843668399"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			handler := answer(200, "application/x-pem-file", file)
			checkSentTo(t, handler, "*/*", tt.call, recorded{Method: "GET", Path: tt.path})
		})
	}
}

// TestRevocationAnswers reads every known form of the answer to a revocation.
func TestRevocationAnswers(t *testing.T) {
	t.Parallel()
	const waits = `{"id":7,"date":"2026-11-23T09:30:00+00:00","type":"revoke","status":"pending",
		"requester":{"id":4313813,"first_name":"John","last_name":"Doe","email":"john.doe@example.com"},"comments":"Lost."}`
	request := certcentral.CreatedRequest{
		ID: 7, Date: time.Date(2026, time.November, 23, 9, 30, 0, 0, time.UTC), Type: certcentral.RequestRevoke,
		Status: certcentral.RequestPending, Comments: "Lost.",
		Requester: certcentral.UserRef{ID: 4313813, FirstName: "John", LastName: "Doe", Email: "john.doe@example.com"},
	}
	for _, tt := range []struct {
		name              string
		status            int
		contentType, body string
		want              certcentral.Revocation
		needsApproval     bool
		unknown           bool
	}{
		{"at once", 204, "", "", certcentral.Revocation{Revoked: true}, false, false},
		{"at once, with a type", 204, "application/json", "", certcentral.Revocation{Revoked: true}, false, false},
		{"a request", 201, "application/json", waits, certcentral.Revocation{Request: request}, true, false},
		{"a request with a status that is not declared", 202, "application/json", waits, certcentral.Revocation{}, false, true},
		{
			"a request that was submitted", 201, "application/json", `{"id":7,"status":"submitted"}`,
			certcentral.Revocation{Request: certcentral.CreatedRequest{ID: 7, Status: certcentral.RequestSubmitted}},
			true, false,
		},
		{
			"a request that is approved", 201, "application/json", `{"id":7,"status":"approved"}`,
			certcentral.Revocation{
				Revoked: true, Request: certcentral.CreatedRequest{ID: 7, Status: certcentral.RequestApproved},
			},
			false, false,
		},
		{
			"a request in a new state", 201, "application/json", `{"id":7,"status":"frozen"}`,
			certcentral.Revocation{Request: certcentral.CreatedRequest{ID: 7, Status: "frozen"}},
			false, false,
		},
		{"200 that says nothing", 200, "application/json", "", certcentral.Revocation{}, false, true},
		{"a page", 201, "text/html", "<title>Welcome</title>", certcentral.Revocation{}, false, true},
		{"a gateway", 502, "text/html", badGateway, certcentral.Revocation{}, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := offline(t, tt.status, tt.contentType, tt.body)
			// SkipApproval in the request makes no difference for the answer.
			for _, skip := range []bool{false, true} {
				o := certcentral.RevokeOptions{SkipApproval: skip}
				byID, err := c.Certificates.Revoke(t.Context(), 1, o)
				bySerial, err2 := c.Certificates.RevokeBySerialNumber(t.Context(), "0A", o)
				byOrder, err3 := c.Orders.Revoke(t.Context(), 1, o)
				for _, err := range []error{err, err2, err3} {
					if (err != nil) != tt.unknown || errors.Is(err, certcentral.ErrOutcomeUnknown) != tt.unknown {
						t.Errorf("got %v", err)
					}
				}
				for _, got := range []certcentral.Revocation{byID, bySerial, byOrder} {
					if diff := cmp.Diff(tt.want, got); diff != "" || got.NeedsApproval() != tt.needsApproval {
						t.Errorf("needs approval: %t, revocation (-want +got):\n%s", got.NeedsApproval(), diff)
					}
				}
			}
		})
	}
}

// TestRevocationIsSentOnce answers with status 503, after which a client with retries repeats a
// request that only reads.
func TestRevocationIsSentOnce(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(*certcentral.Client) error{
		"Certificates.Revoke": func(c *certcentral.Client) error {
			_, err := c.Certificates.Revoke(t.Context(), 1, certcentral.RevokeOptions{})
			return err
		},
		"Orders.Revoke": func(c *certcentral.Client) error {
			_, err := c.Orders.Revoke(t.Context(), 1, certcentral.RevokeOptions{})
			return err
		},
		"Orders.Reissue": func(c *certcentral.Client) error {
			_, err := c.Orders.Reissue(t.Context(), 1, certcentral.ReissueOptions{})
			return err
		},
	} {
		_, s := start(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "0")
			answer(503, "", "")(w, r)
		})
		err := call(newClient(t, certcentral.WithBaseURL(s.url), certcentral.WithRetries(3)))
		if !errors.Is(err, certcentral.ErrOutcomeUnknown) || len(s.all()) != 1 {
			t.Errorf("%s: %v after %d requests", name, err, len(s.all()))
		}
	}
}

// TestReissueNeedsApproval reads answers to a reissue, with those of the vendor's page.
func TestReissueNeedsApproval(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{"id":843668399,"certificate_id":845503703}`:                                            false,
		`{"id":843668399,"requests":[{"id":1}]}`:                                                 true,
		`{"id":843668399,"requests":[{"id":1,"status":"pending"}]}`:                              true,
		`{"id":843668399,"requests":[{"id":1,"status":"submitted"}]}`:                            true,
		`{"id":843668399,"requests":[{"id":1,"status":"approved"}],"certificate_id":845503703}`:  false,
		`{"id":843668399,"requests":[{"id":1}],"certificate_id":845503703}`:                      false,
		`{"id":843668399,"requests":[{"id":1,"status":"approved"},{"id":2,"status":"pending"}]}`: true,
		`{"id":843668399,"requests":[]}`:                                                         false,
	} {
		got, err := offline(t, 201, "application/json", body).Orders.Reissue(t.Context(), 843668399, certcentral.ReissueOptions{})
		if err != nil || got.OrderID != 843668399 || got.NeedsApproval() != want {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
}

// TestChains reads certificates that crypto/x509 can parse, and one that it cannot parse.
func TestChains(t *testing.T) {
	t.Parallel()
	good := string(newChain(t, 1)[1:].pem())
	const bad = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"
	body := `{"intermediates":[{"subject_common_name":"a","pem":` + toJSON(t, good) + `},
		{"subject_common_name":"b","pem":` + toJSON(t, bad) + `},{"subject_common_name":"c","pem":"text"}]}`
	got, err := offline(t, 200, "application/json", body).Certificates.Chain(t.Context(), 1)
	if err != nil || len(got) != 3 {
		t.Fatalf("chain %+v, %v", got, err)
	}
	for i, want := range []certcentral.ChainCertificate{{CommonName: "a", PEM: good}, {CommonName: "b", PEM: bad}, {CommonName: "c", PEM: "text"}} {
		if parsed := got[i].Parsed != nil; got[i].CommonName != want.CommonName || got[i].PEM != want.PEM || parsed != (i == 0) {
			t.Errorf("certificate %d: %+v", i, got[i])
		}
	}
	if name := got[0].Parsed.Subject.CommonName; name != "certificate 1" {
		t.Errorf("the first is %s", name)
	}

	body = `{"intermediates":[{"id":"2A5B","subject_common_name":"a","issuer_common_name":"b","serial_number":"4A1B",
		"thumbprint":"0A1B","valid_from":"2022-01-03 00:00:00","valid_to":"2036-12-30 12:00:00","is_private":"1",
		"pem":` + toJSON(t, bad) + `},{"valid_from":"2022-01-03 00:00:00","valid_to":"2036-12-30 12:00:00",
		"is_private":"0","pem":"text"}]}`
	list, err := offline(t, 200, "application/json", body).Certificates.Intermediates(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	from, till := time.Date(2022, time.January, 3, 0, 0, 0, 0, time.UTC), time.Date(2036, time.December, 30, 12, 0, 0, 0, time.UTC)
	want := []certcentral.Intermediate{
		{
			ChainCertificate: certcentral.ChainCertificate{CommonName: "a", PEM: bad}, ID: "2A5B", IssuerCommonName: "b",
			SerialNumber: "4A1B", Thumbprint: "0A1B", ValidFrom: from, ValidTill: till, IsPrivate: true,
		},
		{ChainCertificate: certcentral.ChainCertificate{PEM: "text"}, ValidFrom: from, ValidTill: till},
	}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Errorf("intermediates (-want +got):\n%s", diff)
	}
}
