package control

import (
	"context"
	"errors"
	"time"

	"github.com/pkio-tools/certcentral/gen/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
	"github.com/pkio-tools/certcentral/mockserver/internal/store"
)

// SettleAccount waits until nothing of the account is being made any more.
func (a *API) SettleAccount(ctx context.Context, request control.SettleAccountRequestObject) (control.SettleAccountResponseObject, error) {
	return control.SettleAccount200JSONResponse{}, a.settled(ctx, request.Params.Timeout)
}

// settled waits until nothing of the account is being made, for a number of seconds at most, and
// refuses with not_settled what takes longer.
func (a *API) settled(ctx context.Context, seconds *control.SettleTimeout) error {
	var open *domain.Error
	err := a.wait(ctx, waitOf(seconds), func(r domain.Reader) (bool, error) {
		open = domain.Settled(r)
		return open == nil, nil
	})
	return unless(err, open)
}

// followersSettled waits as settled does, for all accounts that follow the clock of the server.
func (a *API) followersSettled(ctx context.Context, seconds *control.SettleTimeout) error {
	var open *domain.Error
	err := inTime(ctx, waitOf(seconds), func(waiting context.Context) error {
		for _, account := range a.Accounts.Making() {
			err := a.Accounts.Wait(waiting, account, func(r domain.Reader) (bool, error) {
				open = nil
				if !r.Settings().Clock.IsSet() {
					open = domain.Settled(r)
				}
				return open == nil, nil
			})
			if err != nil && !errors.Is(err, store.ErrNotOpen) { // an account that is gone has nothing pending
				return err
			}
		}
		return nil
	})
	return unless(err, open)
}

// personalized waits until the token of an order is not being made any more, and refuses with
// not_settled what takes longer.
func (a *API) personalized(ctx context.Context, order string, limit time.Duration) error {
	var open *domain.Error
	err := a.wait(ctx, limit, func(r domain.Reader) (_ bool, err error) {
		open, err = domain.Personalized(r, order)
		return open == nil, err
	})
	return unless(err, open)
}

// unless returns the error of waiting, or not_settled for what is open when the time is up.
func unless(err error, open *domain.Error) error {
	if err == nil && open != nil {
		return longer(open)
	}
	return err
}

// longer adds to not_settled what helps.
func longer(err error) error {
	open, isOurs := errors.AsType[*domain.Error](err)
	if !isOurs || open.Code != domain.CodeNotSettled {
		return err
	}
	return &domain.Error{Code: open.Code, Message: open.Message + "; ask again, or wait longer with ?timeout=SECONDS"}
}

// waitOf is how long a request waits that may say so in seconds.
func waitOf(seconds *control.SettleTimeout) time.Duration {
	if seconds == nil {
		return defaultWait
	}
	return time.Duration(*seconds) * time.Second
}

// defaultWait is how long a request waits for certificates to be made, where it gives no time of
// its own.
const defaultWait = 30 * time.Second

// wait asks a question about the account of the request again after each certificate that was made,
// until the answer is yes or the time is up. That the time is up is no error: the last answer says
// how far the account has come.
func (a *API) wait(ctx context.Context, limit time.Duration, done func(domain.Reader) (bool, error)) error {
	return inTime(ctx, limit, func(waiting context.Context) error { return a.Accounts.Wait(waiting, accountOf(ctx), done) })
}

// inTime waits with a context that ends when the time is up, which is no error.
func inTime(ctx context.Context, limit time.Duration, wait func(context.Context) error) error {
	waiting, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err := wait(waiting)
	if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}
