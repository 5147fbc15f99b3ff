package client_test

import (
	"errors"
	"testing"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// TestTextsAreUTF8 pins that a text in another encoding is refused before anything is sent, with its
// path, and that a text which only looks like a replaced one is sent as it is.
func TestTextsAreUTF8(t *testing.T) {
	t.Parallel()
	const latin1 = "Andr\xe9"
	mock := mocktest.Start(t)
	ctx, orders := t.Context(), mock.Client.Orders
	named, addressed, once := ourOrder(), ourOrder(), ourOrder()
	named.Comments = latin1
	addressed.AdditionalEmails = []string{"ada@example.com", latin1}
	once.AlternativeOrderID = latin1
	blank := ourOrder()
	blank.AlternativeOrderID = "renewal-7\n"
	place := func(r certcentral.PKIoOrganisationPersonRequest) error {
		_, err := orders.PlacePKIoOrganisationPerson(ctx, r)
		return err
	}
	placeOnce := func(r certcentral.PKIoOrganisationPersonRequest) error {
		_, err := orders.PlaceOnce(ctx, r)
		return err
	}
	_, listing := orders.ByAlternativeID(ctx, latin1)
	_, filtering := orders.List(ctx, certcentral.OrderListOptions{CommonName: certcentral.Contains("Ada", latin1)})
	for _, tt := range []struct {
		err  error
		want string
	}{
		{place(named), "orderPkioOrganisationPerson: comments is not UTF-8"},
		{place(addressed), "orderPkioOrganisationPerson: additional_emails[1] is not UTF-8"},
		{place(once), "orderPkioOrganisationPerson: alternative_order_id is not UTF-8"},
		{placeOnce(once), "orderPkioOrganisationPerson: alternative_order_id is not UTF-8"},
		{placeOnce(blank), "orderPkioOrganisationPerson: alternative_order_id must not begin or end with white space"},
		{listing, "listAlternateOrders: alternative_order_id is not UTF-8"},
		{filtering, "listOrders: filters[common_name] is not UTF-8"},
		{orders.Cancel(ctx, 7, latin1), "updateOrderStatus: note is not UTF-8"},
	} {
		if argument, ok := errors.AsType[*certcentral.ArgumentError](tt.err); !ok || argument.Error() != tt.want {
			t.Errorf("got  %v\nwant %s", tt.err, tt.want)
		}
	}
	if n := len(mock.Journal(t)); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
	for _, text := range []string{`C:\ufffd`, "\ufffd", `\\ufffd \ufffd`, "André"} {
		request := ourOrder()
		request.AlternativeOrderID = text
		if err := placeOnce(request); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}
