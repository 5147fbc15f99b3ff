package store

import (
	"cmp"
	"slices"
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// certificates are the certificates of an account, with the indexes that their questions need.
type certificates struct {
	all     table[domain.Certificate, none]
	ofOrder map[int64][]int64
	named   map[string]int64 // by serial number and by thumbprint
	awaited []int64          // ascending, so that the oldest comes first
}

func newCertificates() certificates {
	return certificates{ofOrder: map[int64][]int64{}, named: map[string]int64{}}
}

func (c *certificates) put(certificate domain.Certificate) {
	former := c.all.put(certificate.ID, certificate, none{})
	if former == nil {
		c.ofOrder[certificate.OrderID] = append(c.ofOrder[certificate.OrderID], certificate.ID)
	}
	if made := certificate.Made; made != nil {
		c.named[made.SerialNumber], c.named[made.Thumbprint] = certificate.ID, certificate.ID
	}
	at, listed := slices.BinarySearch(c.awaited, certificate.ID)
	switch {
	case certificate.Awaited && !listed:
		c.awaited = slices.Insert(c.awaited, at, certificate.ID)
	case !certificate.Awaited && listed:
		c.awaited = slices.Delete(c.awaited, at, at+1)
	}
}

func (s *state) Certificate(id int64) (domain.Certificate, bool) { return s.certificates.all.get(id) }

func (s *state) CertificateNamed(name string) (domain.Certificate, bool) {
	return s.certificates.all.get(s.certificates.named[name])
}

func (s *state) CertificatesOf(order int64) []domain.Certificate {
	return all(s.certificates.all.pick(s.certificates.ofOrder[order]))
}

func (s *state) Awaited(limit int) []domain.Certificate {
	return all(s.certificates.all.pick(s.certificates.awaited[:min(limit, len(s.certificates.awaited))]))
}

func (s *state) AwaitedCount() int { return len(s.certificates.awaited) }

// An expiry is the end of an issued order.
type expiry struct {
	at    int64 // as Nanos
	order int64
}

// expiries are in the order in which they come.
type expiries []expiry

func (e *expiries) find(one expiry) (int, bool) {
	return slices.BinarySearchFunc(*e, one, func(a, b expiry) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.order, b.order))
	})
}

// expiryOf is when an order ends by itself, if it does.
func expiryOf(o *domain.Order) (expiry, bool) {
	if o == nil || o.Status != domain.StatusIssued || o.ValidTill.IsZero() {
		return expiry{}, false
	}
	return expiry{domain.Nanos(o.ValidTill), o.ID}, true
}

// replace puts what is known of an order in the place of what was.
func (e *expiries) replace(former, order *domain.Order) {
	before, was := expiryOf(former)
	after, is := expiryOf(order)
	if was == is && before == after {
		return
	}
	if was {
		if at, there := e.find(before); there {
			*e = slices.Delete(*e, at, at+1)
		}
	}
	if is {
		at, _ := e.find(after)
		*e = slices.Insert(*e, at, after)
	}
}

func (s *state) Expiring(before time.Time, limit int) []domain.Order {
	var orders []domain.Order
	for _, next := range s.expiries {
		if next.at >= domain.Nanos(before) || len(orders) == limit {
			break
		}
		if order, there := s.orders.get(next.order); there {
			orders = append(orders, order)
		}
	}
	return orders
}
