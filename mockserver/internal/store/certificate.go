package store

import (
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// certificates are the certificates of an account, with their indexes.
type certificates struct {
	all          table[domain.Certificate, none]
	ofOrder      *index[domain.Certificate, int64]
	bySerial     *index[domain.Certificate, string]
	byThumbprint *index[domain.Certificate, string]
	pending      *index[domain.Certificate, none]
}

func newCertificates() certificates {
	return certificates{
		ofOrder: newIndex(idOfCertificate, func(c *domain.Certificate) (int64, bool) { return c.OrderID, true }),
		bySerial: newIndex(idOfCertificate, func(c *domain.Certificate) (string, bool) {
			if c.Material == nil {
				return "", false
			}
			return domain.SerialKey(c.Material.SerialNumber), true
		}),
		byThumbprint: newIndex(idOfCertificate, func(c *domain.Certificate) (string, bool) {
			if c.Material == nil {
				return "", false
			}
			return c.Material.Thumbprint, true
		}),
		pending: newIndex(idOfCertificate, func(c *domain.Certificate) (none, bool) { return none{}, c.Pending }),
	}
}

func (c *certificates) indexes() []replacer[domain.Certificate] {
	return []replacer[domain.Certificate]{c.ofOrder, c.bySerial, c.byThumbprint, c.pending}
}

func (s *state) Certificate(id int64) (domain.Certificate, bool) { return s.certificates.all.get(id) }

func (s *state) CertificateBySerialOrThumbprint(name string) (domain.Certificate, bool) {
	if certificate, there := s.certificates.all.first(s.certificates.bySerial.ids[domain.SerialKey(name)]); there {
		return certificate, true
	}
	return s.certificates.all.first(s.certificates.byThumbprint.ids[name])
}

func (s *state) CertificatesOfOrder(order int64) []domain.Certificate {
	return entities(s.certificates.all.withIDs(s.certificates.ofOrder.ids[order]))
}

func (s *state) PendingIssuances(limit int) []domain.Certificate {
	ids := s.certificates.pending.ids[none{}]
	return entities(s.certificates.all.withIDs(ids[:min(limit, len(ids))]))
}

func (s *state) PendingIssuanceCount() int { return len(s.certificates.pending.ids[none{}]) }
