package store

import (
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func (s *state) Funds() domain.Funds { return s.funds }

func (s *state) Adjustments(page domain.Page) ([]domain.Adjustment, int) {
	return entitiesOnPage(s.adjustments, page), len(s.adjustments)
}

func (s *state) PaymentProfile(id int64) (domain.PaymentProfile, bool) { return s.profiles.get(id) }

func (s *state) PaymentProfiles(page domain.Page) ([]domain.PaymentProfile, int) {
	return entitiesOnPage(s.profiles, page), len(s.profiles)
}

func (s *state) DefaultPaymentProfile() (domain.PaymentProfile, bool) {
	return s.profiles.first(s.defaultProfile.ids[none{}])
}
