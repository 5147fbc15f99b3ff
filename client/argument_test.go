package client_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
)

func TestArgumentErrors(t *testing.T) {
	t.Parallel()
	order := func(edit func(*certcentral.PKIoOrganisationPersonRequest)) func(context.Context, *certcentral.Client) error {
		return func(ctx context.Context, c *certcentral.Client) error {
			r := simpleOrder()
			edit(&r)
			_, err := c.Orders.PlacePKIoOrganisationPerson(ctx, r)
			return err
		}
	}
	organization := func(contacts ...certcentral.ContactRequest) func(r *certcentral.PKIoOrganisationPersonRequest) {
		return func(r *certcentral.PKIoOrganisationPersonRequest) {
			r.Organization = certcentral.ExistingOrganization(1, contacts...)
		}
	}
	validity := func(v certcentral.Validity) func(r *certcentral.PKIoOrganisationPersonRequest) {
		return func(r *certcentral.PKIoOrganisationPersonRequest) { r.Validity = v }
	}
	contact := certcentral.VerifiedContact(certcentral.ExistingPerson(1))
	for _, tt := range []struct {
		name string
		call func(context.Context, *certcentral.Client) error
		want string
	}{
		{
			"nothing at all", order(func(r *certcentral.PKIoOrganisationPersonRequest) { *r = certcentral.PKIoOrganisationPersonRequest{} }),
			"orderPkioOrganisationPerson: certificate.individual is not chosen: use ExistingIndividual or NewIndividual",
		},
		{"individual 0", order(func(r *certcentral.PKIoOrganisationPersonRequest) {
			r.Individual = certcentral.ExistingIndividual(0)
		}), "orderPkioOrganisationPerson: certificate.individual.id must be positive"},
		{
			"no agreement", order(func(r *certcentral.PKIoOrganisationPersonRequest) { r.AgreedToCSA = false }),
			"orderPkioOrganisationPerson: csa_agreed_to is false: set AgreedToCSA once the agreement is given",
		},
		{
			"no organization", order(func(r *certcentral.PKIoOrganisationPersonRequest) {
				r.Organization = certcentral.OrganizationChoice{}
			}),
			"orderPkioOrganisationPerson: organization is not chosen: use ExistingOrganization or NewOrganization",
		},
		{"organization 0", order(func(r *certcentral.PKIoOrganisationPersonRequest) {
			r.Organization = certcentral.ExistingOrganization(0)
		}), "orderPkioOrganisationPerson: organization.id must be positive"},
		{
			"contact without a person", order(organization(contact, certcentral.VerifiedContact(certcentral.Person{}))),
			"orderPkioOrganisationPerson: organization.contacts[1] is not chosen: use ExistingPerson or NewPerson",
		},
		{
			"zero contact", order(organization(certcentral.ContactRequest{})),
			"orderPkioOrganisationPerson: organization.contacts[0] is not chosen: use ExistingPerson or NewPerson",
		},
		{
			"user 0", order(organization(certcentral.TechnicalContact(certcentral.ExistingPerson(0)))),
			"orderPkioOrganisationPerson: organization.contacts[0].user_id must be positive",
		},
		{"user 0 for this order", order(func(r *certcentral.PKIoOrganisationPersonRequest) {
			r.TechnicalContact = certcentral.ExistingPerson(0)
		}), "orderPkioOrganisationPerson: technical_contact.user_id must be positive"},
		{
			"no payment", order(func(r *certcentral.PKIoOrganisationPersonRequest) { r.Payment = certcentral.Payment{} }),
			"orderPkioOrganisationPerson: payment_method is not chosen: use PayByBalance, PayByCard or PayByProfile",
		},
		{
			"profile 0", order(func(r *certcentral.PKIoOrganisationPersonRequest) { r.Payment = certcentral.PayByProfile(0) }),
			"orderPkioOrganisationPerson: payment_profile.id must be positive",
		},
		{
			"two validities", order(validity(certcentral.Validity{Years: 1, Days: 2})),
			"orderPkioOrganisationPerson: order_validity must be one of years, days and a date",
		},
		{
			"negative years", order(validity(certcentral.Years(-1))),
			"orderPkioOrganisationPerson: order_validity.years must be positive and not huge",
		},
		{
			"huge days", order(validity(certcentral.Days(math.MaxInt32 + 1))),
			"orderPkioOrganisationPerson: order_validity.days must be positive and not huge",
		},
		{
			"31 February", order(validity(certcentral.ExpiresOn(2027, time.February, 31))),
			"orderPkioOrganisationPerson: order_validity.custom_expiration_date is not a day of the calendar",
		},
		{"container -1", order(func(r *certcentral.PKIoOrganisationPersonRequest) {
			r.ContainerID = -1
		}), "orderPkioOrganisationPerson: container.id must be positive"},
		{"custom field 0", order(func(r *certcentral.PKIoOrganisationPersonRequest) {
			r.CustomFields = []certcentral.CustomField{{ID: 1}, {Value: "a"}}
		}), "orderPkioOrganisationPerson: custom_fields[1].metadata_id must be positive"},
		{"order 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.Get(ctx, 0)
			return err
		}, "getOrder: order_id must be positive"},
		{"wait for order 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.WaitIssued(ctx, 0)
			return err
		}, "getOrder: order_id must be positive"},
		{"wait for request 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Requests.Wait(ctx, 0)
			return err
		}, "getRequest: request_id must be positive"},
		{"pauses that shrink", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.WaitIssued(ctx, 1, certcentral.WithPauses(time.Hour, time.Minute))
			return err
		}, "getOrder: WithPauses needs a positive first pause, and a longest one that is not shorter"},
		{"organization 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Organizations.Get(ctx, -1)
			return err
		}, "getOrganization: organization_id must be positive"},
		{"activate 0", func(ctx context.Context, c *certcentral.Client) error {
			return c.Organizations.Activate(ctx, 0)
		}, "activateOrganization: organization_id must be positive"},
		{"deactivate 0", func(ctx context.Context, c *certcentral.Client) error {
			return c.Organizations.Deactivate(ctx, 0)
		}, "deactivateOrganization: organization_id must be positive"},
		{"organization contact without a person", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Organizations.Create(ctx, certcentral.OrganizationCreateRequest{
				Contacts: []certcentral.ContactRequest{{}},
			})
			return err
		}, "createOrganization: contacts[0] is not chosen: use ExistingPerson or NewPerson"},
		{"negative limit", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.List(ctx, certcentral.OrderListOptions{Limit: -1})
			return err
		}, "listOrders: limit must not be negative or huge"},
		{"huge limit", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Users.List(ctx, certcentral.UserListOptions{Limit: math.MaxInt32 + 1})
			return err
		}, "listUsers: limit must not be negative or huge"},
		{"negative offset of profiles", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Finance.PaymentProfiles(ctx, certcentral.PaymentProfileListOptions{Offset: -1})
			return err
		}, "listPaymentProfiles: offset must not be negative"},
		{"empty request id", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Users.GetCurrent(ctx, certcentral.WithRequestID(""))
			return err
		}, "getCurrentUser: X-Request-Id must have 1 to 128 characters"},
		{"split request id", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Users.GetCurrent(ctx, certcentral.WithRequestID("a\r\nb"))
			return err
		}, "getCurrentUser: X-Request-Id holds a character that is not printable ASCII"},
		{"nil option", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Users.GetCurrent(ctx, nil)
			return err
		}, "getCurrentUser: opts[0] is nil: leave it out"},
		{"nil option after another one, with a change", func(ctx context.Context, c *certcentral.Client) error {
			return c.Orders.Cancel(ctx, 1, "why", certcentral.WithRequestID("a"), nil)
		}, "updateOrderStatus: opts[1] is nil: leave it out"},
		{"nil option of a download", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.Download(ctx, 1, nil)
			return err
		}, "downloadCertificateInFormat: opts[0] is nil: leave it out"},
		{"nowhere to store the response", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Users.GetCurrent(ctx, certcentral.WithResponseInto(nil))
			return err
		}, "getCurrentUser: WithResponseInto was given nil"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkNotSent(t, tt.call, tt.want)
		})
	}
}

// TestArgumentErrorsOfTheAccount calls the methods that do not place an order with wrong arguments.
func TestArgumentErrorsOfTheAccount(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		call func(context.Context, *certcentral.Client) error
		want string
	}{
		{"cancel 0", func(ctx context.Context, c *certcentral.Client) error {
			return c.Orders.Cancel(ctx, 0, "why")
		}, "updateOrderStatus: order_id must be positive"},
		{"notes of order 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.Notes(ctx, 0)
			return err
		}, "listOrderNotes: order_id must be positive"},
		{"a note on order 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.AddNote(ctx, 0, "text")
			return err
		}, "addOrderNote: order_id must be positive"},
		{"no serial number", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.GetBySerialNumber(ctx, ":")
			return err
		}, "getOrder: order_id must be hexadecimal digits"},
		{"a thumbprint of words", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.GetByThumbprint(ctx, "../user")
			return err
		}, "getOrder: order_id must be hexadecimal digits"},
		{"no window", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.StatusChanges(ctx, certcentral.StatusWindow{})
			return err
		}, "listStatusChanges: window is not chosen: use Last or During"},
		{"no time", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.StatusChanges(ctx, certcentral.Last(0))
			return err
		}, "listStatusChanges: seconds must be positive and not huge"},
		{"a huge time", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.StatusChanges(ctx, certcentral.Last(math.MaxInt64))
			return err
		}, "listStatusChanges: seconds must be positive and not huge"},
		{"a window without a beginning", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.StatusChanges(ctx, certcentral.During(time.Time{}, time.Now()))
			return err
		}, "listStatusChanges: filters[status_last_updated] begins or ends at no time of a year from 1 to 9999"},
		{"a window that ends before it begins", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.StatusChanges(ctx, certcentral.During(time.Now(), time.Now().Add(-time.Hour)))
			return err
		}, "listStatusChanges: filters[status_last_updated] ends before it begins"},
		{"no alternative id", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.ByAlternativeID(ctx, "")
			return err
		}, "listAlternateOrders: alternative_order_id is empty"},
		{"dots as alternative id", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.ByAlternativeID(ctx, "..")
			return err
		}, "listAlternateOrders: alternative_order_id must not be dots alone"},
		{"negative offset of an alternative id", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.ListByAlternativeID(ctx, "a", certcentral.OrderAlternativeOptions{Offset: -1})
			return err
		}, "listAlternateOrders: offset must not be negative"},
		{"request 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Requests.Get(ctx, 0)
			return err
		}, "getRequest: request_id must be positive"},
		{"approve 0", func(ctx context.Context, c *certcentral.Client) error {
			return c.Requests.Approve(ctx, 0, "")
		}, "updateRequestStatus: request_id must be positive"},
		{"reject 0", func(ctx context.Context, c *certcentral.Client) error {
			return c.Requests.Reject(ctx, 0, "why")
		}, "updateRequestStatus: request_id must be positive"},
		{"negative limit of requests", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Requests.List(ctx, certcentral.RequestListOptions{Limit: -1})
			return err
		}, "listRequests: limit must not be negative or huge"},
		{"requests about nothing", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Requests.List(ctx, certcentral.RequestListOptions{OrderID: certcentral.IDs()})
			return err
		}, "listRequests: filters[order_id] has no value: to match everything, leave it out"},
		{"validations of organization 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Organizations.Validations(ctx, 0)
			return err
		}, "listValidations: organization_id must be positive"},
		{"organization 0 with its validations", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Organizations.GetWithValidations(ctx, 0)
			return err
		}, "getOrganization: organization_id must be positive"},
		{"submit 0", func(ctx context.Context, c *certcentral.Client) error {
			return c.Organizations.SubmitForValidation(ctx, 0, nil)
		}, "submitOrganizationForValidation: organization_id must be positive"},
		{"approver 0", func(ctx context.Context, c *certcentral.Client) error {
			return c.Organizations.SubmitForValidation(ctx, 1, []certcentral.ValidationRequest{{}, {
				VerifiedUsers: []certcentral.Person{certcentral.ExistingPerson(0)},
			}})
		}, "submitOrganizationForValidation: validations[1].verified_users[0].id must be positive"},
		{"delete 0", func(ctx context.Context, c *certcentral.Client) error {
			return c.Organizations.Delete(ctx, 0)
		}, "deleteOrganization: organization_id must be positive"},
		{"organizations of container -1", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Organizations.List(ctx, certcentral.OrganizationListOptions{ContainerID: -1})
			return err
		}, "listOrganizations: container_id must be positive"},
		{"organizations by no text", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Organizations.List(ctx, certcentral.OrganizationListOptions{Search: certcentral.Exactly()})
			return err
		}, "listOrganizations: filters[search] has no value: to match everything, leave it out"},
		{"user 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Users.Get(ctx, 0)
			return err
		}, "getUser: user_id must be positive"},
		{"users of container -1", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Users.List(ctx, certcentral.UserListOptions{ContainerID: -1})
			return err
		}, "listUsers: container_id must be positive"},
		{"users by no text", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Users.List(ctx, certcentral.UserListOptions{Search: certcentral.Contains()})
			return err
		}, "listUsers: filters[search] has no value: to match everything, leave it out"},
		{"a user of container -1", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Users.Create(ctx, certcentral.UserCreateRequest{ContainerID: -1})
			return err
		}, "createUser: container.id must be positive"},
		{"a key without a decision", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Users.CreateServiceUser(ctx, certcentral.ServiceUserCreateRequest{})
			return err
		}, "createUser: restricted_to_role_id is not chosen: use LimitedTo or Unlimited"},
		{"negative offset of service users", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Users.ListServiceUsers(ctx, certcentral.ServiceUserListOptions{Offset: -1})
			return err
		}, "listServiceUsers: offset must not be negative"},
		{"no product", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Products.Get(ctx, "")
			return err
		}, "getProduct: name_id is empty"},
		{"negative limit of the history", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Finance.BalanceHistory(ctx, certcentral.BalanceHistoryOptions{Limit: -1})
			return err
		}, "getBalanceHistory: limit must not be negative or huge"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkNotSent(t, tt.call, tt.want)
		})
	}
}

// TestArgumentErrorsOfCertificates calls the methods about certificates with wrong arguments.
func TestArgumentErrorsOfCertificates(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		call func(context.Context, *certcentral.Client) error
		want string
	}{
		{"certificate 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.Download(ctx, 0)
			return err
		}, "downloadCertificateInFormat: certificate_id must be positive"},
		{"no format", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.DownloadInFormat(ctx, 1, "")
			return err
		}, "downloadCertificateInFormat: format is empty"},
		{"dots as a format", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.DownloadInFormat(ctx, 1, "..")
			return err
		}, "downloadCertificateInFormat: format must not be dots alone"},
		{"download 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.DownloadFile(ctx, 0)
			return err
		}, "downloadCertificate: certificate_id must be positive"},
		{"download 0 for a platform", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.DownloadForPlatform(ctx, 0, 29)
			return err
		}, "downloadCertificateForPlatform: certificate_id must be positive"},
		{"platform 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.DownloadForPlatform(ctx, 1, 0)
			return err
		}, "downloadCertificateForPlatform: server_platform_id must be positive"},
		{"chain of 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.Chain(ctx, 0)
			return err
		}, "getCertificateChain: certificate_id must be positive"},
		{"revoke 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.Revoke(ctx, 0, certcentral.RevokeOptions{})
			return err
		}, "revokeCertificate: certificate_id must be positive"},
		{"revoke without a serial number", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.RevokeBySerialNumber(ctx, "", certcentral.RevokeOptions{})
			return err
		}, "revokeCertificate: certificate_id must be hexadecimal digits"},
		{"revoke by what might be an id", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Certificates.RevokeBySerialNumber(ctx, "84:55:03:70:2", certcentral.RevokeOptions{})
			return err
		}, "revokeCertificate: certificate_id might be the id of another certificate: use Revoke"},
		{"certificate of order 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.DownloadCertificate(ctx, 0)
			return err
		}, "downloadOrderCertificateInFormat: order_id must be positive"},
		{"no format for an order", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.DownloadCertificateInFormat(ctx, 1, "")
			return err
		}, "downloadOrderCertificateInFormat: format is empty"},
		{"download of order 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.DownloadCertificateFile(ctx, 0)
			return err
		}, "downloadOrderCertificate: order_id must be positive"},
		{"revoke order 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.Revoke(ctx, 0, certcentral.RevokeOptions{})
			return err
		}, "revokeOrderCertificates: order_id must be positive"},
		{"reissue order 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.Reissue(ctx, 0, certcentral.ReissueOptions{})
			return err
		}, "reissueCertificate: order_id must be positive"},
		{"place once without an id", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.PlaceOnce(ctx, simpleOrder())
			return err
		}, "orderPkioOrganisationPerson: alternative_order_id is empty"},
		{"reissue order 0 once", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.ReissueOnce(ctx, 0, 1, certcentral.ReissueOptions{})
			return err
		}, "reissueCertificate: order_id must be positive"},
		{"revoke order 0 once", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.RevokeOnce(ctx, 0, certcentral.RevokeOptions{})
			return err
		}, "revokeOrderCertificates: order_id must be positive"},
		{"wait for order 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.WaitIssued(ctx, 0)
			return err
		}, "getOrder: order_id must be positive"},
		{"wait for request 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Requests.Wait(ctx, 0)
			return err
		}, "getRequest: request_id must be positive"},
		{"reissues of order 0", func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.Reissues(ctx, 0)
			return err
		}, "listReissues: order_id must be positive"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkNotSent(t, tt.call, tt.want)
		})
	}
}

func checkNotSent(t *testing.T, call func(context.Context, *certcentral.Client) error, want string) {
	t.Helper()
	c, s := start(t, answerJSON(500, `{}`))
	err := call(t.Context(), c)
	var argument *certcentral.ArgumentError
	if !errors.As(err, &argument) || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if n := len(s.all()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}
