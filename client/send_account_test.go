package client_test

import (
	"context"
	"testing"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// TestRequestsOfTheAccount pins what the methods about the account, users and lists send.
func TestRequestsOfTheAccount(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, time.November, 23, 9, 30, 0, 1, time.UTC)
	for _, tt := range []struct {
		name, answer string
		call         func(context.Context, *certcentral.Client) error
		want         recorded
	}{
		{"Account.Get", `{"id":1}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Account.Get(ctx)
			return err
		}, recorded{Method: "GET", Path: "/account"}},
		{"Orders.GetBySerialNumber", `{"id":1}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.GetBySerialNumber(ctx, "0a:1B 2c")
			return err
		}, recorded{Method: "GET", Path: "/order/certificate/0A1B2C"}},
		{"Orders.GetByThumbprint", `{"id":1}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.GetByThumbprint(ctx, "da39a3ee5e6b4b0d3255bfef95601890afd80709")
			return err
		}, recorded{Method: "GET", Path: "/order/certificate/DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"}},
		{"Orders.Cancel", "", func(ctx context.Context, c *certcentral.Client) error {
			return c.Orders.Cancel(ctx, 843668399, "Ordered by mistake.")
		}, recorded{
			Method: "PUT", Path: "/order/certificate/843668399/status",
			Body: `{"note":"Ordered by mistake.","status":"canceled"}`,
		}},
		{"Orders.StatusChanges, the last hour", `{"orders":[]}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.StatusChanges(ctx, certcentral.Last(time.Hour))
			return err
		}, recorded{Method: "GET", Path: "/order/certificate/status-changes", Query: "seconds=3600"}},
		{"Orders.StatusChanges, a second begun", `{}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.StatusChanges(ctx, certcentral.Last(1))
			return err
		}, recorded{Method: "GET", Path: "/order/certificate/status-changes", Query: "seconds=1"}},
		{"Orders.StatusChanges, between", `{"orders":[]}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.StatusChanges(ctx, certcentral.During(from, from.Add(90*time.Minute)))
			return err
		}, recorded{
			Method: "GET", Path: "/order/certificate/status-changes",
			Query: "filters[status_last_updated]=2026-11-23 02:30:00...2026-11-23 04:00:01",
		}},
		{"Orders.ByAlternativeID", `{"orders":[]}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.ListByAlternativeID(ctx, "mine/1 ?", certcentral.OrderAlternativeOptions{Limit: 1, Offset: 2})
			return err
		}, recorded{Method: "GET", Path: "/order/alternate/mine/1 ?", Query: "limit=1&offset=2"}},
		{"Orders.Notes", `{"notes":[]}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.Notes(ctx, 843668399)
			return err
		}, recorded{Method: "GET", Path: "/order/certificate/843668399/note"}},
		{"Orders.AddNote", `{"id":1}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Orders.AddNote(ctx, 843668399, "Called the holder.")
			return err
		}, recorded{
			Method: "POST", Path: "/order/certificate/843668399/note", Body: `{"text":"Called the holder."}`,
		}},
		{"Requests.Get", `{"id":1,"order":{"id":1}}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Requests.Get(ctx, 7)
			return err
		}, recorded{Method: "GET", Path: "/request/7"}},
		{"Requests.Approve", "", func(ctx context.Context, c *certcentral.Client) error {
			return c.Requests.Approve(ctx, 7, "")
		}, recorded{Method: "PUT", Path: "/request/7/status", Body: `{"status":"approved"}`}},
		{"Requests.Reject", "", func(ctx context.Context, c *certcentral.Client) error {
			return c.Requests.Reject(ctx, 7, "Too dear.")
		}, recorded{
			Method: "PUT", Path: "/request/7/status", Body: `{"processor_comment":"Too dear.","status":"rejected"}`,
		}},
		{"Organizations.Validations", `{"validations":[]}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Organizations.Validations(ctx, 1920073)
			return err
		}, recorded{Method: "GET", Path: "/organization/1920073/validation"}},
		{"Organizations.SubmitForValidation", "", func(ctx context.Context, c *certcentral.Client) error {
			return c.Organizations.SubmitForValidation(ctx, 1920073, []certcentral.ValidationRequest{
				{Type: certcentral.ValidationOV},
				{Type: certcentral.ValidationEV, VerifiedUsers: []certcentral.Person{certcentral.ExistingPerson(4313813)}},
				{Type: certcentral.ValidationCS, VerifiedUsers: []certcentral.Person{grace}},
			})
		}, recorded{
			Method: "POST", Path: "/organization/1920073/validation",
			Body: `{"validations":[{"type":"ov"},{"type":"ev","verified_users":[{"id":4313813}]},` +
				`{"type":"cs","verified_users":[{"email":"grace@example.org","first_name":"Grace",` +
				`"job_title":"Director","last_name":"Voorbeeld","telephone":"+31 70 000 0001"}]}]}`,
		}},
		{"Organizations.SubmitForValidation, nothing", "", func(ctx context.Context, c *certcentral.Client) error {
			return c.Organizations.SubmitForValidation(ctx, 1920073, nil)
		}, recorded{Method: "POST", Path: "/organization/1920073/validation", Body: `{"validations":[]}`}},
		{"Organizations.PotentialApprovers", `{"users":[],"contacts":[]}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Organizations.PotentialApprovers(ctx)
			return err
		}, recorded{Method: "GET", Path: "/organization/potential-approvers"}},
		{"Organizations.Delete", "", func(ctx context.Context, c *certcentral.Client) error {
			return c.Organizations.Delete(ctx, 1920074)
		}, recorded{Method: "DELETE", Path: "/organization/1920074"}},
		{"Users.Get", `{"id":1}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Users.Get(ctx, 4313813)
			return err
		}, recorded{Method: "GET", Path: "/user/4313813"}},
		{"Users.Create", `{"id":1}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Users.Create(ctx, certcentral.UserCreateRequest{
				Username: "ada", FirstName: "Ada", LastName: "Voorbeeld", Email: "ada@example.org", JobTitle: "Engineer",
				Telephone: "1", Roles: []certcentral.AccessRoleID{certcentral.RoleStandardUser}, ContainerID: 4,
				LimitedToContainers: []int64{4},
			})
			return err
		}, recorded{
			Method: "POST", Path: "/user",
			Body: `{"access_roles":[{"id":5}],"container":{"id":4},"container_id_assignments":[4],` +
				`"email":"ada@example.org","first_name":"Ada","job_title":"Engineer","last_name":"Voorbeeld",` +
				`"telephone":"1","username":"ada"}`,
		}},
		{"Users.CreateServiceUser", `{"id":1,"api_key":"k"}`, func(ctx context.Context, c *certcentral.Client) error {
			created, err := c.Users.CreateServiceUser(ctx, certcentral.ServiceUserCreateRequest{
				Name: "Robot", Email: "ada@example.org", Limit: certcentral.LimitedTo(certcentral.KeyRoleOrders),
				LimitedToContainers: []int64{4},
			})
			if created.ID != 1 || created.APIKey.Reveal() != "k" {
				t.Errorf("created %d with the key %s", created.ID, created.APIKey.Reveal())
			}
			return err
		}, recorded{
			Method: "POST", Path: "/user",
			Body: `{"api_name":"Robot","container_id_assignments":[4],"email":"ada@example.org",` +
				`"is_api_only":true,"restricted_to_role_id":100}`,
		}},
		{"Users.CreateServiceUser without a limit", `{"id":1,"api_key":"k"}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Users.CreateServiceUser(ctx, certcentral.ServiceUserCreateRequest{Limit: certcentral.Unlimited()})
			return err
		}, recorded{Method: "POST", Path: "/user", Body: `{"email":"","is_api_only":true,"restricted_to_role_id":0}`}},
		{"Users.Update", "", func(ctx context.Context, c *certcentral.Client) error {
			return c.Users.Update(ctx, 4313912, certcentral.UserUpdateRequest{
				Username: "ada", FirstName: "Ada", LastName: "Voorbeeld", Email: "ada@example.org", JobTitle: "Engineer",
				Telephone: "1", SSOOnly: new(false),
			})
		}, recorded{
			Method: "PUT", Path: "/user/4313912",
			Body: `{"email":"ada@example.org","first_name":"Ada","is_saml_sso_only":false,"job_title":"Engineer",` +
				`"last_name":"Voorbeeld","telephone":"1","username":"ada"}`,
		}},
		{"Users.Update, the email address only", "", func(ctx context.Context, c *certcentral.Client) error {
			return c.Users.Update(ctx, 4313912, certcentral.UserUpdateRequest{Email: "ada@example.org"})
		}, recorded{Method: "PUT", Path: "/user/4313912", Body: `{"email":"ada@example.org"}`}},
		{"Users.Delete", "", func(ctx context.Context, c *certcentral.Client) error {
			return c.Users.Delete(ctx, 4313912)
		}, recorded{Method: "DELETE", Path: "/user/4313912"}},
		{"Containers.List", `{"containers":[]}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Containers.List(ctx)
			return err
		}, recorded{Method: "GET", Path: "/container"}},
		{"Containers.Get", `{"id":4}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Containers.Get(ctx, 4)
			return err
		}, recorded{Method: "GET", Path: "/container/4"}},
		{"Users.ListServiceUsers", `{"users":[]}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Users.ListServiceUsers(ctx, certcentral.ServiceUserListOptions{Limit: 1, Offset: 2})
			return err
		}, recorded{Method: "GET", Path: "/user/api-only", Query: "limit=1&offset=2"}},
		{"Users.APIKeyRoles", `{"access_roles":[]}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Users.APIKeyRoles(ctx)
			return err
		}, recorded{Method: "GET", Path: "/key/api-roles"}},
		{"Products.List", `{"products":[]}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Products.List(ctx)
			return err
		}, recorded{Method: "GET", Path: "/product"}},
		{"Products.Get", `{"name_id":"a"}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Products.Get(ctx, "pkio_organisation_person")
			return err
		}, recorded{Method: "GET", Path: "/product/pkio_organisation_person"}},
		{"Finance.BalanceHistory", `{"adjustments":[]}`, func(ctx context.Context, c *certcentral.Client) error {
			_, err := c.Finance.BalanceHistory(ctx, certcentral.BalanceHistoryOptions{Limit: 1, Offset: 2})
			return err
		}, recorded{Method: "GET", Path: "/finance/balance-history", Query: "limit=1&offset=2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkSent(t, tt.answer, tt.call, tt.want)
		})
	}
}
