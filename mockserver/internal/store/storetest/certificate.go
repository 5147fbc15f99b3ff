package storetest

import (
	"fmt"
	"slices"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// certificate is a certificate with a pending issuance.
func certificate(id, order int64) domain.Certificate {
	return domain.Certificate{
		ID: id, OrderID: order, UserID: domain.SeedUser, Created: day(1), Pending: true, Token: domain.Token{Status: domain.TokenOrdered},
	}
}

// made is the same certificate with its issued material.
func made(id, order int64) domain.Certificate {
	c := certificate(id, order)
	c.Pending = false
	c.Material = &domain.IssuedMaterial{DER: []byte("DER"), SerialNumber: serial(id), Thumbprint: thumbprint(id), NotBefore: day(1), NotAfter: day(20)}
	return c
}

// issued is the same certificate in an issued order.
func issued(id, order int64) domain.Certificate {
	c := made(id, order)
	c.Issued = day(2)
	return c
}

// serial begins with zeros, as some serial numbers do.
func serial(id int64) string { return fmt.Sprintf("005E%04X", id) }

// shortSerial is the same number as it looks when it has been read as a number.
func shortSerial(id int64) string { return serial(id)[2:] }

func thumbprint(id int64) string { return fmt.Sprintf("7B%04X", id) }

func certificates(list ...domain.Certificate) domain.Changes {
	return domain.Changes{Certificates: list}
}

func certificateIDs(list []domain.Certificate) []int64 {
	return idsOf(list, func(c domain.Certificate) int64 { return c.ID })
}

func testCertificates(s *suite) {
	o := s.open(roomy(), one, two)
	o.change(one, certificates(certificate(10, 1), certificate(11, 2)))
	o.change(one, certificates(certificate(12, 1)))
	o.change(one, certificates(issued(10, 1), certificate(13, 1))) // a replaced entity keeps its position and counts once
	o.read(one, func(r domain.Reader) {
		for id, want := range map[int64]domain.Certificate{10: issued(10, 1), 11: certificate(11, 2), 13: certificate(13, 1)} {
			got, there := r.Certificate(id)
			s.equal("certificate", [2]any{got, there}, [2]any{want, true})
		}
		s.equal("certificates of an order", r.CertificatesOfOrder(1), []domain.Certificate{issued(10, 1), certificate(12, 1), certificate(13, 1)})
		s.equal("certificates of another order", certificateIDs(r.CertificatesOfOrder(2)), []int64{11})
		s.equal("certificates of no order", len(r.CertificatesOfOrder(3)), 0)
		for _, id := range []int64{-1, 0, 1, 14} {
			got, there := r.Certificate(id)
			s.equal("no certificate", [2]any{got, there}, [2]any{domain.Certificate{}, false})
		}
	})
	o.read(two, func(r domain.Reader) {
		_, there := r.Certificate(10)
		s.equal("a certificate of another account", [2]any{there, len(r.CertificatesOfOrder(1))}, [2]any{false, 0})
	})
}

// testTokens checks that the key of a token is stored until it is handed over.
func testTokens(s *suite) {
	o := s.open(roomy(), one)
	holds := made(10, 1)
	holds.Token = domain.Token{Status: domain.TokenDelivered, Key: domain.NewPrivateKey([]byte("key")), PublicKey: []byte("public"), Attempts: 2}
	o.change(one, certificates(holds))
	o.read(one, func(r domain.Reader) {
		got, _ := r.Certificate(10)
		s.equal("key", string(got.Token.Key.Reveal()), "key")
		want := holds.Token
		want.Key, got.Token.Key = domain.PrivateKey{}, domain.PrivateKey{} // DeepEqual cannot compare functions
		s.equal("token", got.Token, want)
	})
	holds.Token = domain.Token{Status: domain.TokenInitialized, Redeemed: true}
	o.change(one, certificates(holds))
	o.read(one, func(r domain.Reader) {
		got, _ := r.Certificate(10)
		s.equal("token without its key", got, holds)
	})
}

// testCertificateBySerialOrThumbprint checks that a certificate is found by its serial number and
// its thumbprint when it has issued material, and in its own account only.
func testCertificateBySerialOrThumbprint(s *suite) {
	o := s.open(roomy(), one, two)
	named := func(account domain.AccountID, want int64, names ...string) {
		s.Helper()
		o.read(account, func(r domain.Reader) {
			for _, name := range names {
				got, there := r.CertificateBySerialOrThumbprint(name)
				s.equal("the certificate named "+name, [2]any{got.ID, there}, [2]any{want, want != 0})
			}
		})
	}
	o.change(one, certificates(certificate(10, 1), certificate(11, 1)))
	named(one, 0, serial(10), thumbprint(10), "", "10")
	o.change(one, certificates(made(10, 1)))
	o.change(two, certificates(made(12, 1)))
	named(one, 10, serial(10), shortSerial(10), "0000"+serial(10), thumbprint(10))
	named(one, 0, serial(11), thumbprint(11), serial(12), thumbprint(12), "", "10", "5e000a", serial(10)+"0", shortSerial(10)[1:])
	discarded := issued(10, 1)
	discarded.Discarded = true
	o.change(one, certificates(discarded, made(11, 1)))
	named(one, 10, serial(10), thumbprint(10)) // the domain decides what that means
	named(one, 11, serial(11), thumbprint(11))
	if err := o.Reset(s.Context(), one, seed); err != nil {
		s.Fatal(err)
	}
	named(one, 0, serial(10), thumbprint(10), serial(11), thumbprint(11))
	named(two, 12, serial(12), thumbprint(12))
}

// testPendingIssuances checks that pending issuances are listed in the order of their ids, until
// they are completed or discarded.
func testPendingIssuances(s *suite) {
	o := s.open(roomy(), one, two)
	pending := func(want ...int64) {
		s.Helper()
		o.read(one, func(r domain.Reader) {
			for limit := range len(want) + 2 {
				got := r.PendingIssuances(limit)
				s.equal(fmt.Sprintf("pending, at most %d", limit), certificateIDs(got), append([]int64{}, want[:min(limit, len(want))]...))
			}
			s.equal("how many", r.PendingIssuanceCount(), len(want))
		})
	}
	pending()
	o.change(one, certificates(certificate(15, 1), certificate(11, 2)))
	o.change(one, certificates(certificate(13, 3), made(12, 4)))
	o.change(two, certificates(certificate(14, 1)))
	pending(11, 13, 15)
	o.read(one, func(r domain.Reader) { s.equal("one", r.PendingIssuances(1), []domain.Certificate{certificate(11, 2)}) })
	o.change(one, certificates(certificate(13, 3))) // and once more
	pending(11, 13, 15)
	o.change(one, certificates(made(13, 3)))
	pending(11, 15)
	o.change(one, certificates(made(13, 3), certificate(12, 4))) // asked for later
	pending(11, 12, 15)
	o.change(one, certificates(made(11, 2), made(12, 4), certificate(16, 5)))
	pending(15, 16)
	if err := o.Reset(s.Context(), one, seed); err != nil {
		s.Fatal(err)
	}
	pending()
	o.read(two, func(r domain.Reader) { s.equal("in the other account", r.PendingIssuanceCount(), 1) })
}

// testExpiring checks that only issued orders are listed, in the order of their ends.
func testExpiring(s *suite) {
	o := s.open(roomy(), one, two)
	put := func(id int64, status domain.Status, till int) {
		changed := order(id)
		changed.Status = status
		if till != 0 {
			changed.ValidTill = day(till)
		}
		o.change(one, domain.Changes{Orders: []domain.Order{changed}})
	}
	expiring := func(before int, want ...int64) {
		s.Helper()
		o.read(one, func(r domain.Reader) {
			for limit := range len(want) + 2 {
				got := r.Expiring(day(before), limit)
				s.equal(fmt.Sprintf("over before day %d, at most %d", before, limit), orderIDs(got), append([]int64{}, want[:min(limit, len(want))]...))
			}
		})
	}
	expiring(30)
	put(1, domain.StatusIssued, 9)
	put(2, domain.StatusIssued, 5)
	put(4, domain.StatusIssued, 7)
	put(3, domain.StatusIssued, 7)
	put(5, domain.StatusReissuePending, 3)
	put(6, domain.StatusWaitingPickup, 0)
	put(7, domain.StatusRevoked, 2)
	put(8, domain.StatusIssued, 0) // no use case makes such an order
	expiring(30, 2, 3, 4, 1)
	expiring(9, 2, 3, 4) // an order that ends at that moment is not over
	expiring(7, 2)
	expiring(5)
	o.read(one, func(r domain.Reader) {
		want := order(2)
		want.Status, want.ValidTill = domain.StatusIssued, day(5)
		s.equal("one", r.Expiring(day(30), 1), []domain.Order{want})
	})
	put(3, domain.StatusIssued, 7) // and once more
	put(2, domain.StatusExpired, 5)
	put(4, domain.StatusReissuePending, 7)
	expiring(30, 3, 1)
	put(5, domain.StatusIssued, 3)
	put(4, domain.StatusIssued, 7)
	put(1, domain.StatusIssued, 4) // sooner
	expiring(30, 5, 1, 3, 4)
	put(3, domain.StatusIssued, 20) // later
	expiring(30, 5, 1, 4, 3)
	o.read(two, func(r domain.Reader) { s.equal("in the other account", len(r.Expiring(day(30), 10)), 0) })
	if err := o.Reset(s.Context(), one, seed); err != nil {
		s.Fatal(err)
	}
	expiring(30)
}

// testFilteredCertificates filters and sorts orders by members of their certificates.
func testFilteredCertificates(s *suite) {
	o := s.open(roomy(), one)
	var changes domain.Changes
	for id := int64(1); id <= 5; id++ {
		changes.Orders = append(changes.Orders, order(id))
		changes.Orders[id-1].CertificateID = 100 + id
	}
	for i, till := range []int{9, 3, 0, 9, 0} {
		if till != 0 {
			changes.Orders[i].Status, changes.Orders[i].ValidTill = domain.StatusIssued, day(till)
		}
	}
	changes.Orders[4].CertificateID = 0
	changes.Certificates = []domain.Certificate{issued(101, 1), issued(102, 2), made(103, 3), issued(104, 4), issued(106, 2)}
	o.change(one, changes)
	check := func(want []int64, sort []domain.SortKey, all ...domain.Filter) {
		s.Helper()
		o.read(one, func(r domain.Reader) {
			list, total := r.Orders(domain.OrderQuery{Page: domain.Page{Limit: 10}, Filters: all, Sort: sort})
			s.equal(fmt.Sprintf("%+v %+v", all, sort), orderIDs(list), want)
			s.equal("total", total, len(want))
			list, _ = r.Orders(domain.OrderQuery{Page: domain.Page{Limit: 1, Offset: 1}, Filters: all, Sort: sort})
			s.equal("second page", orderIDs(list), append([]int64{}, want[min(1, len(want)):min(2, len(want))]...))
		})
	}
	third := domain.During(day(3), day(4))
	check([]int64{2}, nil, having("valid_till", third))
	check([]int64{1, 4}, nil, having("valid_till", third.Above()))
	check([]int64{1, 2, 4}, nil, having("valid_till", third.Through(domain.During(day(9), day(10)))))
	check([]int64{}, nil, having("valid_till", third.Below())) // an order without an end is in no range
	check([]int64{3, 5, 2, 1, 4}, keys("valid_till"))
	check([]int64{1, 4, 2, 3, 5}, keys("-valid_till"))
	check([]int64{4, 1, 2, 5, 3}, keys("-valid_till", "-order_id"))
	check([]int64{4, 1}, keys("-order_id"), having("valid_till", third.Above()))

	check([]int64{1}, nil, like("serial_number", whole(serial(101))...))
	check([]int64{1}, nil, like("serial_number", whole("5e0065")...))
	check([]int64{1}, nil, like("serial_number", whole("00005E0065")...))
	check([]int64{}, nil, like("serial_number", whole("e0065", "0", "")...))
	check([]int64{1}, nil, like("serial_number", domain.Part("05e0065")))
	check([]int64{}, nil, like("serial_number", domain.Part("0005e0065")))
	check([]int64{1, 2, 4}, nil, like("serial_number", domain.Part("5e")))
	check([]int64{1, 2, 4}, nil, like("serial_number", domain.Part("")))
	check([]int64{2, 4}, nil, like("serial_number", whole(serial(104), serial(102))...))
	check([]int64{}, nil, like("serial_number", whole(serial(103))...))     // not issued yet
	check([]int64{}, nil, like("serial_number", whole(serial(106))...))     // not the current certificate of its order
	check([]int64{}, nil, like("serial_number", whole(thumbprint(101))...)) // a thumbprint is no serial number
	check([]int64{2}, nil, like("serial_number", domain.Part("5e")), having("valid_till", third))

	// The certificate of a reissue replaces the former one, and a new end the former end.
	reissued := slices.Clone(changes.Orders[1:2])
	reissued[0].CertificateID, reissued[0].ValidTill = 106, day(12)
	o.change(one, domain.Changes{Orders: reissued, Certificates: []domain.Certificate{issued(103, 3)}})
	check([]int64{2}, nil, like("serial_number", whole(serial(106))...))
	check([]int64{}, nil, like("serial_number", whole(serial(102))...))
	check([]int64{3}, nil, like("serial_number", whole(serial(103))...))
	check([]int64{}, nil, having("valid_till", third))
	check([]int64{2, 1, 4, 3, 5}, keys("-valid_till"))
}
