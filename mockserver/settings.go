package mockserver

import (
	"fmt"
	"slices"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// Validation says what happens to validations that an organization is submitted for.
type Validation string

// ValidationAuto ("auto") makes a validation active at once. ValidationManual ("manual") leaves it
// pending until the control API moves it.
const (
	ValidationAuto   = Validation(domain.Auto)
	ValidationManual = Validation(domain.Manual)
)

// Validations lists the values of [Validation].
func Validations() []Validation { return []Validation{ValidationAuto, ValidationManual} }

// WithValidation sets what happens to validations in new accounts; the default is [ValidationAuto].
func WithValidation(validation Validation) Option {
	return func(c *config) error {
		if !slices.Contains(Validations(), validation) {
			return wrongOption("validation", fmt.Errorf("must be one of %v", Validations()))
		}
		c.settings.Validation = domain.Life(validation)
		return nil
	}
}

// WithMultiYearPlans sets whether new accounts have Multi-year Plans, which is the default. Without
// them the order_validity of an order is ignored, and every certificate is valid for a year (D-13).
func WithMultiYearPlans(on bool) Option {
	return func(c *config) error {
		c.settings.IgnoreValidity = !on
		return nil
	}
}

// WithShortValidity sets whether new accounts take a validity of less than 365 days as it is, which
// is the default. Otherwise it becomes one of a year (D-33).
func WithShortValidity(on bool) Option {
	return func(c *config) error {
		c.settings.RaiseShortValidity = !on
		return nil
	}
}

// WithRequiredValidation sets whether an order in a new account needs an organization with an active
// validation of the type ov; by default it does not (D-60).
func WithRequiredValidation(on bool) Option {
	return func(c *config) error {
		c.settings.RequireValidation = on
		return nil
	}
}

// WithRefunds sets whether an order that is canceled or rejected in a new account gives back what
// the balance paid, which is the default (D-34).
func WithRefunds(on bool) Option {
	return func(c *config) error {
		c.settings.NoRefunds = !on
		return nil
	}
}
