package transport

import (
	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

func validityIn(validity *api.OrderValidity) *domain.Validity {
	if validity == nil {
		return nil
	}
	return &domain.Validity{
		Years: int(value(validity.Years)), Days: int(value(validity.Days)),
		CustomExpirationDate: value(validity.CustomExpirationDate),
	}
}

func validityOut(validity domain.Validity) api.Validity {
	return api.Validity{
		Years: optional(int32(validity.Years)), Days: optional(int32(validity.Days)), //nolint:gosec // at most 397
		CustomExpirationDate: optional(validity.CustomExpirationDate),
	}
}
