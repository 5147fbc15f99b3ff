package domain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func (a *account) submit(now time.Time, id int64, in ...domain.ValidationInput) error {
	a.Helper()
	return a.decide(func(r domain.Reader) (domain.Changes, error) { return domain.SubmitOrganization(r, now, id, in) })
}

// live changes the life of the account.
func (a *account) live(life domain.Life) {
	a.Helper()
	err := a.decide(func(domain.Reader) (domain.Changes, error) {
		return domain.Changes{Settings: &domain.Settings{Life: life, Validation: life}}, nil
	})
	if err != nil {
		a.Fatal(err)
	}
}

func byID(id int64) domain.PersonInput { return domain.PersonInput{UserID: &id} }

// nextPerson is the id of the first new person of an account.
const nextPerson = 4313914

// TestValidationStatus checks the times at which a validation is pending, active and expired
// (D-60).
func TestValidationStatus(t *testing.T) {
	t.Parallel()
	until := today().AddDate(0, 0, domain.MaxValidationReuse)
	finished := domain.Validation{DateCreated: today(), ValidatedUntil: until}
	for name, tc := range map[string]struct {
		validation domain.Validation
		now        time.Time
		want       domain.ValidationStatus
	}{
		"pending":            {domain.Validation{}, today(), domain.ValidationPending},
		"pending for ever":   {domain.Validation{}, today().AddDate(100, 0, 0), domain.ValidationPending},
		"just finished":      {finished, today(), domain.ValidationActive},
		"in its last hour":   {finished, until.Add(-time.Hour), domain.ValidationActive},
		"at its end":         {finished, until, domain.ValidationActive},
		"after its end":      {finished, until.Add(time.Nanosecond), domain.ValidationExpired},
		"in another zone":    {finished, until.In(time.FixedZone("", 3600)), domain.ValidationActive},
		"long after its end": {finished, until.AddDate(10, 0, 0), domain.ValidationExpired},
	} {
		if got := tc.validation.Status(tc.now); got != tc.want {
			t.Errorf("%s: got %s, want %s", name, got, tc.want)
		}
	}
}

// TestSeededValidation checks the validation of a new account, and that orders do not need it
// (D-60).
func TestSeededValidation(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	want := []domain.Validation{{Type: domain.ValidationOV, DateCreated: today(), ValidatedUntil: time.Date(2027, 12, 25, 9, 30, 0, 0, time.UTC)}}
	if diff := cmp.Diff(want, a.organization(domain.SeedOrganization).Validations); diff != "" {
		t.Errorf("validations (-want +got):\n%s", diff)
	}
	later := today().AddDate(2, 0, 0)
	if got := a.organization(domain.SeedOrganization).Validations[0].Status(later); got != domain.ValidationExpired {
		t.Errorf("got %s", got)
	}
	a.mustPlace(later, anOrder())
}

// TestSubmit checks the validations of a submitted organization in both lives (D-60).
func TestSubmit(t *testing.T) {
	t.Parallel()
	later := today().Add(36 * time.Hour).In(time.FixedZone("", 3600))
	done := func(of domain.ValidationType, approvers ...int64) domain.Validation {
		return domain.Validation{
			Type: of, DateCreated: later.UTC(), ValidatedUntil: later.UTC().AddDate(0, 0, 397), VerifiedUsers: approvers,
		}
	}
	seeded := domain.Validation{Type: domain.ValidationOV, DateCreated: today(), ValidatedUntil: today().AddDate(0, 0, 397)}
	pending := func(of domain.ValidationType, approvers ...int64) domain.Validation {
		return domain.Validation{Type: of, VerifiedUsers: approvers}
	}
	ev := func(users ...domain.PersonInput) domain.ValidationInput {
		return domain.ValidationInput{Type: domain.ValidationEV, VerifiedUsers: users}
	}
	ov := domain.ValidationInput{Type: domain.ValidationOV}
	for name, tc := range map[string]struct {
		life domain.Life
		in   []domain.ValidationInput
		want []domain.Validation
	}{
		"a new type": {
			domain.Auto,
			[]domain.ValidationInput{{Type: domain.ValidationSMIME}},
			[]domain.Validation{seeded, done(domain.ValidationSMIME)},
		},
		"a type again takes the place of the old one": {
			domain.Auto,
			[]domain.ValidationInput{{Type: domain.ValidationDS}, ov},
			[]domain.Validation{done(domain.ValidationOV), done(domain.ValidationDS)},
		},
		"the last of two counts": {
			domain.Auto,
			[]domain.ValidationInput{ev(byID(domain.SeedUser)), ev(byID(domain.SeedAdministrator))},
			[]domain.Validation{seeded, done(domain.ValidationEV, domain.SeedAdministrator)},
		},
		"a manual life leaves it pending": {
			domain.Manual,
			[]domain.ValidationInput{ov, ev(byID(domain.SeedUser))},
			[]domain.Validation{pending(domain.ValidationOV), pending(domain.ValidationEV, domain.SeedUser)},
		},
		"a new person": {
			domain.Auto,
			[]domain.ValidationInput{{Type: domain.ValidationCS, VerifiedUsers: []domain.PersonInput{newPerson("grace"), byID(domain.SeedUser)}}},
			[]domain.Validation{seeded, done(domain.ValidationCS, nextPerson, domain.SeedUser)},
		},
		"a person twice counts once": {
			domain.Auto,
			[]domain.ValidationInput{{Type: domain.ValidationEVCS, VerifiedUsers: []domain.PersonInput{byID(domain.SeedUser), byID(domain.SeedUser)}}},
			[]domain.Validation{seeded, done(domain.ValidationEVCS, domain.SeedUser)},
		},
		"users of a type that has none are dropped, known or not": {
			domain.Auto,
			[]domain.ValidationInput{{Type: domain.ValidationOV, VerifiedUsers: []domain.PersonInput{newPerson("nobody"), byID(5)}}},
			[]domain.Validation{done(domain.ValidationOV)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := openAccount(t, unlimited())
			a.live(tc.life)
			checkFaults(t, a.submit(later, domain.SeedOrganization, tc.in...))
			organization := a.organization(domain.SeedOrganization)
			if diff := cmp.Diff(tc.want, organization.Validations); diff != "" {
				t.Errorf("validations (-want +got):\n%s", diff)
			}
			if got, want := organization.ValidationPending(), tc.life == domain.Manual; got != want {
				t.Errorf("pending: %v", got)
			}
		})
	}
}

// TestSubmitRefused checks the refusals, and that a refused submission adds no person.
func TestSubmitRefused(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	robot := a.mustCreateUser(domain.NewUser{ServiceUser: true, APIName: "Robot", Email: "robot@example.org", Key: "hash"})
	before := a.snapshot()
	ev := domain.ValidationInput{Type: domain.ValidationEV, VerifiedUsers: []domain.PersonInput{newPerson("new"), byID(5), byID(robot)}}
	ov := domain.ValidationInput{Type: domain.ValidationOV}
	checkFaults(t, a.submit(today(), domain.SeedOrganization, ov, ev),
		fault{domain.CodeInvalidUser, "validations[1].verified_users[1].id"},
		fault{domain.CodeInvalidUser, "validations[1].verified_users[2].id"})
	checkFaults(t, a.submit(today(), 1, ev), fault{domain.CodeOrganizationNotFound, ""})
	if diff := cmp.Diff(before, a.snapshot()); diff != "" {
		t.Errorf("something has changed (-before +after):\n%s", diff)
	}
}

// TestVerifiedUsersAreNotUpdated checks that members next to an id are ignored (certcentral-facts
// 3.6).
func TestVerifiedUsersAreNotUpdated(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	before := a.snapshot().People
	user := newPerson("other")
	user.UserID = new(int64(domain.SeedUser))
	checkFaults(t, a.submit(today(), domain.SeedOrganization, domain.ValidationInput{Type: domain.ValidationEV, VerifiedUsers: []domain.PersonInput{user}}))
	if diff := cmp.Diff(before, a.snapshot().People); diff != "" {
		t.Errorf("people (-before +after):\n%s", diff)
	}
}

// TestSubmittedSharesNothing checks that a submission does not change an organization that was read
// before.
func TestSubmittedSharesNothing(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	a.live(domain.Manual)
	before := a.organization(domain.SeedOrganization)
	was := slices.Clone(before.Validations)
	checkFaults(t, a.submit(today(), domain.SeedOrganization, domain.ValidationInput{Type: domain.ValidationOV}))
	if diff := cmp.Diff(was, before.Validations); diff != "" {
		t.Errorf("validations (-before +after):\n%s", diff)
	}
}

// TestCreateAndSubmit checks that one request can create an organization and submit it.
func TestCreateAndSubmit(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	a.live(domain.Auto)
	in := domain.NewOrganization{OrganizationDetails: details("New"), Validations: []domain.ValidationInput{
		{Type: domain.ValidationEV, VerifiedUsers: []domain.PersonInput{newPerson("grace")}},
	}}
	got := a.organization(a.mustCreate(in)).Validations
	want := []domain.Validation{{
		Type: domain.ValidationEV, DateCreated: today(), ValidatedUntil: today().AddDate(0, 0, 397), VerifiedUsers: []int64{nextPerson},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("validations (-want +got):\n%s", diff)
	}
	in.Name = "Other"
	in.Validations[0].VerifiedUsers = []domain.PersonInput{byID(5)}
	_, err := a.create(admin(), in)
	checkFaults(t, err, fault{domain.CodeInvalidUser, "validations[0].verified_users[0].id"})
}

// TestPotentialApprovers checks that the potential approvers are the people that a submission may
// name: all but service users.
func TestPotentialApprovers(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	robot := a.mustCreateUser(domain.NewUser{ServiceUser: true, APIName: "Robot", Email: "robot@example.org", Key: "hash"})
	a.mustPlace(today(), anOrder(withContacts(newContact(onVerified, "grace"))))
	login := a.mustCreateUser(domain.NewUser{Username: "ada", FirstName: "Ada", Roles: []int64{5}})
	var users, contacts []int64
	a.read(func(r domain.Reader) {
		people, others := domain.PotentialApprovers(r)
		for _, person := range people {
			users = append(users, person.ID)
		}
		for _, person := range others {
			contacts = append(contacts, person.ID)
		}
	})
	if diff := cmp.Diff([]int64{domain.SeedAdministrator, domain.SeedUser, login}, users); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int64{robot + 1}, contacts); diff != "" {
		t.Errorf("contacts (-want +got):\n%s", diff)
	}
	for _, id := range slices.Concat(users, contacts) {
		checkFaults(t, a.submit(today(), domain.SeedOrganization, domain.ValidationInput{
			Type: domain.ValidationEV, VerifiedUsers: []domain.PersonInput{byID(id)},
		}))
	}
}

// TestValidationNames checks that every type has its own name and description.
func TestValidationNames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{"": true}
	for _, kind := range []domain.ValidationType{
		domain.ValidationOV, domain.ValidationEV, domain.ValidationCS, domain.ValidationEVCS, domain.ValidationDS, domain.ValidationSMIME,
	} {
		for _, text := range []string{kind.Name(), kind.Description()} {
			if seen[text] {
				t.Errorf("%s: %q is empty or another's", kind, text)
			}
			seen[text] = true
		}
	}
	if other := domain.ValidationType("other"); other.Name() != "" || other.Description() != "" {
		t.Errorf("%s has a name", other)
	}
}
