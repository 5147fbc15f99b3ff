package domain_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// TestIssuanceJobs checks the data of issuance jobs, and that the oldest comes first.
func TestIssuanceJobs(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	a.set(domain.DefaultSettings())
	want := domain.IssuanceJob{
		CertificateID: 845503702, OrderID: 843668399, Usage: "encryption", Country: "nl", Organization: "Example Organisation B.V.",
		GivenName: "Jane", Surname: "Doe", IndividualID: domain.SeedIndividual, Years: 1,
	}
	a.mustPlace(today(), anOrder())
	a.mustPlace(today(), anOrder(validFor(domain.Validity{Days: 30, Years: 2}), func(in *domain.OrderRequest) {
		in.ProfileOption, in.RSASSAPSS = "authentication", true
	}))
	a.mustPlace(today(), anOrder(validFor(until("24 dec 2026"))))
	second, third := want, want
	second.CertificateID, second.OrderID, second.Usage, second.PSS, second.Years, second.Days = 845503703, 843668400, "authentication", true, 0, 30
	third.CertificateID, third.OrderID, third.Years = 845503704, 843668401, 0
	third.Date = time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC)
	all := []domain.IssuanceJob{want, second, third}
	a.read(func(r domain.Reader) {
		for limit := range 5 {
			if diff := cmp.Diff(all[:min(limit, 3)], domain.IssuanceJobs(r, limit)); diff != "" {
				t.Errorf("limit %d (-want +got):\n%s", limit, diff)
			}
		}
	})
	a.makeAll()
	if left := a.jobs(); len(left) != 0 {
		t.Errorf("still to be made: %+v", left)
	}
	// A reissue ends with its order, for any ordered validity.
	a.must(reissuing(second.OrderID))
	second.CertificateID, second.Days, second.Until = 845503705, 0, today().AddDate(0, 0, 30)
	if diff := cmp.Diff(second, a.job()); diff != "" {
		t.Errorf("a reissue (-want +got):\n%s", diff)
	}
}

// TestFulfill completes an issuance: the issued material and the key are on the token, and the order is
// issued in an automatic life only.
func TestFulfill(t *testing.T) {
	t.Parallel()
	later := today().Add(time.Minute)
	for _, life := range []domain.Life{domain.Auto, domain.Manual} {
		a := openAccount(t, unlimited())
		s := situation{}
		a.set(domain.Settings{Approval: domain.ApprovalOff, Life: life})
		if life == domain.Manual {
			s.steps = []step{move(domain.StatusProcessing)}
		}
		id := a.in(s).ID
		a.set(manual()) // the life at the time of the order decides
		job := a.job()
		want := a.snapshot()
		if !a.fulfill(later, job) {
			t.Fatal("dropped")
		}
		made := materialFor(job, later)
		order, certificate := &want.Orders[0], &want.Certificates[0]
		certificate.Pending, certificate.Material = false, &made
		certificate.Token = holding(domain.TokenPersonalized, keyOf(certificate.ID))
		if life == domain.Auto {
			certificate.Token.Status, certificate.Issued = domain.TokenInstalled, later
			order.Status, order.StatusChanged, order.ValidTill = domain.StatusIssued, later, made.NotAfter
		}
		unchanged(t, want, a.snapshot())
		// A later change of the settings does not change the order.
		a.set(domain.DefaultSettings())
		if got := a.order(id).Status; (got == domain.StatusIssued) != (life == domain.Auto) {
			t.Errorf("%s: the order is %s", life, got)
		}
	}
}

// TestDropped checks that an outdated job changes nothing, and that a current job is completed after
// any other change of the account.
func TestDropped(t *testing.T) {
	t.Parallel()
	being := situation{steps: []step{move(domain.StatusProcessing)}}
	reissuing := situation{steps: and(leading(domain.TokenInstalled), reissue, token(domain.TokenPersonalized))}
	reset := step(func(a *account, _ int64) {
		if err := a.store.Reset(a.Context(), accountID, func() domain.Changes { return domain.Seed(manual(), unlimited(), today()) }); err != nil {
			a.Fatal(err)
		}
	})
	another := func(change ...func(*domain.OrderRequest)) step {
		return func(a *account, id int64) {
			if got := a.mustPlace(today(), anOrder(change...)).ID; got != id {
				a.Fatalf("the other order is %d, and not %d", got, id)
			}
			a.must(moving(id, domain.StatusProcessing))
		}
	}
	usage := func(in *domain.OrderRequest) { in.ProfileOption = "authentication" }
	named := func(in *domain.OrderRequest) {
		in.IndividualID, in.Individual = nil, domain.Individual{FirstName: "Ada", LastName: "Boole"}
	}
	refuse := step(func(a *account, _ int64) { a.refuse(today(), a.job()) })
	for name, tc := range map[string]struct {
		begins    situation
		meanwhile []step
		kept      bool
	}{
		"nothing":                          {being, nil, true},
		"another life":                     {being, []step{func(a *account, _ int64) { a.set(domain.DefaultSettings()) }}, true},
		"a note":                           {being, []step{note}, true},
		"another order":                    {being, []step{func(a *account, _ int64) { a.issuedBeside() }}, true},
		"made twice":                       {being, []step{work}, false},
		"made and installed":               {being, []step{work, move(domain.StatusIssued)}, false},
		"refused":                          {being, []step{refuse}, false},
		"rejected":                         {being, []step{move(domain.StatusRejected)}, false},
		"reset":                            {being, []step{reset}, false},
		"reset, another usage":             {being, []step{reset, another(usage)}, false},
		"reset, another validity":          {being, []step{reset, another(validFor(domain.Validity{Years: 2}))}, false},
		"reset, another person":            {being, []step{reset, another(named)}, false},
		"reset, not asked for yet":         {being, []step{reset, func(a *account, _ int64) { a.mustPlace(today(), anOrder()) }}, false},
		"reset, and just the same again":   {being, []step{reset, another()}, true}, // the job is equal to the current one
		"reissue":                          {reissuing, nil, true},
		"reissue canceled":                 {reissuing, []step{cancel}, false},
		"reissue canceled, and once more":  {reissuing, []step{cancel, reissue, token(domain.TokenPersonalized)}, false},
		"reissue refused":                  {reissuing, []step{refuse}, false},
		"reissue made twice":               {reissuing, []step{work}, false},
		"reissued, and the next is begun":  {reissuing, []step{work, move(domain.StatusIssued), reissue, token(domain.TokenPersonalized)}, false},
		"reset, and the first one instead": {reissuing, []step{reset, another()}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, refused := range []bool{false, true} {
				a := openAccount(t, unlimited())
				id := a.in(tc.begins).ID
				job := a.job()
				for _, step := range tc.meanwhile {
					step(a, id)
				}
				before := a.snapshot()
				end := a.fulfill
				if refused {
					end = a.refuse
				}
				if kept := end(today(), job); kept != tc.kept {
					t.Errorf("kept is %v, and should be %v", kept, tc.kept)
				}
				if !tc.kept {
					unchanged(t, before, a.snapshot())
				}
				if end(today(), job) {
					t.Error("kept once more")
				}
			}
		})
	}
}

func note(a *account, order int64) {
	a.must(func(r domain.Reader) (changes domain.Changes, err error) {
		_, changes, err = domain.AddNote(r, order, "text")
		return changes, err
	})
}

// issuedBeside issues another order while an issuance is pending.
func (a *account) issuedBeside() {
	a.Helper()
	id := a.mustPlace(today(), anOrder()).ID
	a.must(moving(id, domain.StatusProcessing))
	a.fulfill(today(), a.jobs()[1])
}

// TestRefused checks that a refusal of the certificate authority ends an order with a note, and gives
// the price back to the balance if that paid.
func TestRefused(t *testing.T) {
	t.Parallel()
	later := today().Add(time.Minute)
	for _, card := range []bool{false, true} {
		in := anOrder()
		if card {
			byCard(aCard())(&in)
		}
		a := openAccount(t, unlimited())
		a.set(domain.Settings{Approval: domain.ApprovalAutomatic, Life: domain.Auto})
		id := a.mustPlace(today(), in).ID
		want := a.snapshot()
		if !a.refuse(later, a.job()) {
			t.Fatal("dropped")
		}
		order, certificate := &want.Orders[0], &want.Certificates[0]
		order.Status, order.StatusChanged = domain.StatusRejected, later
		order.Notes = []domain.Note{{ID: 1, Text: "Refused by the certificate authority: the name is too long"}}
		certificate.Pending, certificate.Discarded = false, true
		want.Sequences.Note++
		if !card {
			want.Sequences.Adjustment++
			want.Funds.Balance = 0
			want.Adjustments = append(want.Adjustments, domain.Adjustment{ID: 2, Amount: 300_00, Type: domain.Credit, Date: later, OrderID: id})
		}
		unchanged(t, want, a.snapshot())
		if len(a.revoked) != 0 {
			t.Errorf("the certificate authority was told of %v", a.revoked)
		}
	}
}

// TestReissueRefused checks that a refused reissue leaves the order issued, without a refund.
func TestReissueRefused(t *testing.T) {
	t.Parallel()
	later := today().Add(time.Minute)
	a := openAccount(t, unlimited())
	order := a.issued()
	a.must(reissuing(order.ID))
	a.must(movingToken(order.ID, domain.TokenPersonalized))
	want := a.snapshot()
	if !a.refuse(later, a.job()) {
		t.Fatal("dropped")
	}
	want.Orders[0] = order
	want.Orders[0].StatusChanged = later
	want.Orders[0].Notes = []domain.Note{{ID: 1, Text: "Refused by the certificate authority: the name is too long"}}
	want.Certificates[1].Pending, want.Certificates[1].Discarded = false, true
	want.Sequences.Note++
	unchanged(t, want, a.snapshot())
	if a.reissued(order.ID).Status != domain.StatusIssued {
		t.Error("it cannot be reissued again")
	}
}

// TestRefusedWithoutNote refuses an order with the largest number of notes.
func TestRefusedWithoutNote(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	order := a.in(situation{steps: []step{move(domain.StatusProcessing)}})
	order.Notes = make([]domain.Note, 1000)
	a.must(func(domain.Reader) (domain.Changes, error) { return domain.Changes{Orders: []domain.Order{order}}, nil })
	a.refuse(today(), a.job())
	if order = a.order(order.ID); order.Status != domain.StatusRejected || len(order.Notes) != 1000 {
		t.Errorf("got %s with %d notes", order.Status, len(order.Notes))
	}
}
