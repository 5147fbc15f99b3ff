package samples_test

import (
	"context"
	"fmt"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
)

func OrderPkioOrganisationPerson(ctx context.Context, cc *certcentral.Client) error {
	placed, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, certcentral.PKIoOrganisationPersonRequest{
		ProfileOption: certcentral.ProfileAuthentication,
		Individual: certcentral.NewIndividual(certcentral.Individual{
			FirstName: "Ada", LastName: "Voorbeeld", Email: "ada@example.org", Telephone: "+31 70 000 0000",
			City: "Den Haag", State: "Zuid-Holland", Zip: "2515 AA", Country: "nl",
		}),
		Organization: certcentral.ExistingOrganization(1920073,
			certcentral.VerifiedContact(certcentral.ExistingPerson(4313813)),
			certcentral.OrganizationContact(certcentral.ExistingPerson(4313912))),
		ShipInfo: certcentral.ShipInfo{
			Name: "Ada Voorbeeld", Address1: "Stationsplein 1", Address2: "2e etage", City: "Den Haag",
			State: "Zuid-Holland", Zip: "2515 AA", Country: "nl", Method: certcentral.ShippingStandard,
		},
		Validity:    certcentral.Years(1),
		Payment:     certcentral.PayByBalance(),
		AgreedToCSA: true,
	})
	if err != nil {
		return err
	}
	fmt.Println("order", placed.ID, "for certificate", placed.CertificateID)
	return nil
}

func ListOrders(ctx context.Context, cc *certcentral.Client) error {
	orders := cc.Orders.All(ctx, certcentral.OrderListOptions{Status: certcentral.AnyOf(certcentral.OrderPending)})
	for order, err := range orders {
		if err != nil {
			return err
		}
		fmt.Println(order.ID, order.Status, order.Certificate.CommonName)
	}
	return nil
}

func GetOrder(ctx context.Context, cc *certcentral.Client) error {
	order, err := cc.Orders.Get(ctx, 843668399)
	if err != nil {
		return err
	}
	fmt.Println(order.ID, order.Status, order.Price)
	return nil
}

func ListStatusChanges(ctx context.Context, cc *certcentral.Client) error {
	changes, err := cc.Orders.StatusChanges(ctx, certcentral.Last(time.Hour))
	if err != nil {
		return err
	}
	for _, change := range changes {
		fmt.Println(change.OrderID, change.Status)
	}
	return nil
}

func ListAlternateOrders(ctx context.Context, cc *certcentral.Client) error {
	orders, err := cc.Orders.ByAlternativeID(ctx, "my-order-1")
	if err != nil {
		return err
	}
	for _, order := range orders.Items {
		fmt.Println(order)
	}
	return nil
}

func UpdateOrderStatus(ctx context.Context, cc *certcentral.Client) error {
	return cc.Orders.Cancel(ctx, 843668399, "Ordered by mistake.")
}

func ListOrderNotes(ctx context.Context, cc *certcentral.Client) error {
	notes, err := cc.Orders.Notes(ctx, 843668399)
	if err != nil {
		return err
	}
	for _, note := range notes {
		fmt.Println(note.ID, note.Text)
	}
	return nil
}

func AddOrderNote(ctx context.Context, cc *certcentral.Client) error {
	created, err := cc.Orders.AddNote(ctx, 843668399, "Called the holder.")
	if err != nil {
		return err
	}
	fmt.Println("note", created.ID)
	return nil
}

func ReissueCertificate(ctx context.Context, cc *certcentral.Client) error {
	reissue, err := cc.Orders.Reissue(ctx, 843668399, certcentral.ReissueOptions{Comments: "The token was lost."})
	if err != nil {
		return err
	}
	fmt.Println("certificate", reissue.CertificateID)
	return nil
}

func ListReissues(ctx context.Context, cc *certcentral.Client) error {
	reissues, err := cc.Orders.Reissues(ctx, 843668399)
	if err != nil {
		return err
	}
	for _, reissue := range reissues {
		fmt.Println(reissue.ID, reissue.Status)
	}
	return nil
}

func RevokeOrderCertificates(ctx context.Context, cc *certcentral.Client) error {
	revocation, err := cc.Orders.Revoke(ctx, 843668399, certcentral.RevokeOptions{
		Reason: certcentral.ReasonSuperseded, Comments: "The holder has a new token.",
	})
	if err != nil {
		return err
	}
	fmt.Println("needs an approval:", revocation.NeedsApproval())
	return nil
}
