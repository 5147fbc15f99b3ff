package store

import (
	"time"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// certificates are the certificates of an account, with the indexes that their questions need.
type certificates struct {
	all          table[domain.Certificate, none]
	ofOrder      *index[domain.Certificate, int64]
	bySerial     *index[domain.Certificate, string]
	byThumbprint *index[domain.Certificate, string]
	awaited      *index[domain.Certificate, none]
}

func newCertificates() certificates {
	return certificates{
		ofOrder: newIndex(idOfCertificate, func(c *domain.Certificate) (int64, bool) { return c.OrderID, true }),
		bySerial: newIndex(idOfCertificate, func(c *domain.Certificate) (string, bool) {
			if c.Made == nil {
				return "", false
			}
			return domain.SerialKey(c.Made.SerialNumber), true
		}),
		byThumbprint: newIndex(idOfCertificate, func(c *domain.Certificate) (string, bool) {
			if c.Made == nil {
				return "", false
			}
			return c.Made.Thumbprint, true
		}),
		awaited: newIndex(idOfCertificate, func(c *domain.Certificate) (none, bool) { return none{}, c.Awaited }),
	}
}

func (c *certificates) indexes() []replacer[domain.Certificate] {
	return []replacer[domain.Certificate]{c.ofOrder, c.bySerial, c.byThumbprint, c.awaited}
}

func (s *state) Certificate(id int64) (domain.Certificate, bool) { return s.certificates.all.get(id) }

func (s *state) CertificateNamed(name string) (domain.Certificate, bool) {
	if certificate, there := s.certificates.all.first(s.certificates.bySerial.ids[domain.SerialKey(name)]); there {
		return certificate, true
	}
	return s.certificates.all.first(s.certificates.byThumbprint.ids[name])
}

func (s *state) CertificatesOf(order int64) []domain.Certificate {
	return all(s.certificates.all.pick(s.certificates.ofOrder.ids[order]))
}

func (s *state) Awaited(limit int) []domain.Certificate {
	ids := s.certificates.awaited.ids[none{}]
	return all(s.certificates.all.pick(ids[:min(limit, len(ids))]))
}

func (s *state) AwaitedCount() int { return len(s.certificates.awaited.ids[none{}]) }

// expiryOf is when an order ends by itself, if it does.
func expiryOf(o *domain.Order) (int64, bool) {
	return domain.Nanos(o.ValidTill), o.Status == domain.StatusIssued && !o.ValidTill.IsZero()
}

func (s *state) Expiring(before time.Time, limit int) []domain.Order {
	var orders []domain.Order
	for _, next := range s.expiries.moments {
		if next.at >= domain.Nanos(before) || len(orders) == limit {
			break
		}
		if order, there := s.orders.get(next.id); there {
			orders = append(orders, order)
		}
	}
	return orders
}
