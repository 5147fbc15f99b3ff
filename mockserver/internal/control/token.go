package control

import (
	"context"
	"crypto/x509"

	"github.com/pkio-tools/certcentral/gen/control"
	"github.com/pkio-tools/certcentral/mockserver/internal/bundle"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// GetToken returns the token of an order.
func (a *API) GetToken(ctx context.Context, request control.GetTokenRequestObject) (control.GetTokenResponseObject, error) {
	token, err := a.token(ctx, request.OrderID)
	return control.GetToken200JSONResponse(token), err
}

// GetTokenPIN hands over the PIN of a token that has been personalized.
func (a *API) GetTokenPIN(ctx context.Context, request control.GetTokenPINRequestObject) (control.GetTokenPINResponseObject, error) {
	var pin string
	err := a.view(ctx, func(r domain.Reader) (err error) {
		pin, err = domain.TokenPIN(r, accountOf(ctx), request.OrderID)
		return err
	})
	return control.GetTokenPIN200JSONResponse{Pin: pin}, err
}

// MoveToken moves the token of an order to another state, through all states in between. It waits
// for the key that is being made, and for the one that the way needs.
func (a *API) MoveToken(ctx context.Context, request control.MoveTokenRequestObject) (control.MoveTokenResponseObject, error) {
	limit := waitOf(request.Params.Timeout)
	if err := a.personalized(ctx, request.OrderID, limit); err != nil {
		return nil, err
	}
	move := domain.TokenMove{Order: request.OrderID, To: domain.TokenStatus(request.Body.To), Reason: text(request.Body.Reason)}
	for {
		err := a.update(ctx, func(r domain.Reader) (domain.Changes, error) { return domain.MoveToken(r, a.now(r), move) })
		if err != nil {
			return nil, err
		}
		if err := a.personalized(ctx, request.OrderID, limit); err != nil {
			return nil, err
		}
		token, err := a.token(ctx, request.OrderID)
		switch {
		case err != nil:
			return nil, err
		case token.Status == control.TokenStatusOrdered:
			return nil, &domain.Error{
				Code: domain.CodeTokenConflict,
				Message: "the token is not personalized: the certificate is not made any more; " +
					"where the certificate authority has refused it, a note on the order says why",
			}
		case token.Status != control.TokenStatusPersonalised || move.To == domain.TokenPersonalized:
			return control.MoveToken200JSONResponse(token), nil
		}
		move.Reason = "" // which is a note already; the rest of the way is a second move
	}
}

// SubmitCSR has the certificate issued for the key of a PKCS#10 request.
func (a *API) SubmitCSR(ctx context.Context, request control.SubmitCSRRequestObject) (control.SubmitCSRResponseObject, error) {
	key, err := a.PKI.PublicKey("csr", request.Body.Csr)
	if err != nil {
		return nil, err
	}
	err = a.update(ctx, func(r domain.Reader) (domain.Changes, error) {
		return domain.UseOwnKey(r, request.OrderID, key)
	})
	if err != nil {
		return nil, err
	}
	token, err := a.token(ctx, request.OrderID)
	return control.SubmitCSR200JSONResponse(token), err
}

// RedeemToken hands over the key of a token.
func (a *API) RedeemToken(ctx context.Context, request control.RedeemTokenRequestObject) (control.RedeemTokenResponseObject, error) {
	chain, err := a.chainOf(ctx, request.OrderID) // first: nothing may go wrong once the token has given its key away
	if err != nil {
		return nil, err
	}
	var opened domain.Redemption
	err = a.update(ctx, func(r domain.Reader) (changes domain.Changes, err error) {
		opened, changes, err = domain.RedeemToken(r, accountOf(ctx), request.OrderID, request.Body.InitCode, request.Body.Pin)
		return changes, err
	})
	if err == nil {
		err = opened.Refusal
	}
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(opened.Key.Reveal())
	if err != nil {
		return nil, err
	}
	content, err := bundle.PKCS12(key, opened.Material.DER, chain, request.Body.Pin)
	return control.RedeemToken200ApplicationXPkcs12Response(bundle.NewContent(content)), err
}

// chainOf returns the CAs above the certificate on the token of an order; none while there is no
// certificate.
func (a *API) chainOf(ctx context.Context, name string) ([][]byte, error) {
	issuer := ""
	err := a.view(ctx, func(r domain.Reader) error {
		_, certificate, err := domain.FindToken(r, name)
		if certificate.Material != nil {
			issuer = certificate.Material.Issuer
		}
		return err
	})
	if err != nil || issuer == "" {
		return nil, err
	}
	chain, err := a.PKI.Chain(ctx, issuer)
	ders := make([][]byte, len(chain))
	for i := range chain {
		ders[i] = chain[i].DER
	}
	return ders, err
}

func (a *API) token(ctx context.Context, name string) (out control.Token, err error) {
	err = a.view(ctx, func(r domain.Reader) error {
		order, certificate, err := domain.FindToken(r, name)
		if err == nil {
			out = tokenOut(accountOf(ctx), order, certificate)
		}
		return err
	})
	return out, err
}

func tokenOut(account domain.AccountID, order domain.Order, certificate domain.Certificate) control.Token {
	token := certificate.Token
	out := control.Token{
		OrderID: order.ID, OrderStatus: control.OrderStatus(order.Status), CertificateID: certificate.ID,
		Status: control.TokenStatus(token.Status), Next: []control.TokenStatus{}, OwnKey: token.PublicKey != nil,
		Redeemed: token.Redeemed, AttemptsLeft: int32(token.AttemptsLeft()), //nolint:gosec // at most five
	}
	if certificate.Material != nil && !out.OwnKey {
		out.InitCode = optional(domain.InitCode(account, certificate.ID))
	}
	if !certificate.Discarded {
		for _, status := range token.Status.Next() {
			out.Next = append(out.Next, control.TokenStatus(status))
		}
	}
	return out
}
