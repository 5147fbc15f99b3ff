package main

import (
	"context"
	"fmt"
	"strconv"
	"text/tabwriter"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
)

type showCommand struct {
	ID            orderID `arg:"" optional:"" help:"Id of the order."`
	Serial        string  `placeholder:"HEX" help:"The order whose certificate has this serial number."`
	AlternativeID string  `name:"alternative-id" placeholder:"ID" help:"The order with this id of your own."`
	Output        string  `short:"o" enum:"text,json" default:"text" placeholder:"text|json" help:"Form of the order."`
}

func (c *showCommand) run(ctx context.Context, s *session) error {
	given := 0
	for _, is := range []bool{c.ID != 0, c.Serial != "", c.AlternativeID != ""} {
		if is {
			given++
		}
	}
	if given != 1 {
		return usagef("show: needs one of an id, --serial and --alternative-id")
	}
	cc, err := s.client(ctx)
	if err != nil {
		return err
	}
	order, err := c.find(ctx, cc)
	switch {
	case err != nil:
		return err
	case c.Output == "json":
		return writeJSON(s.stdout, detailedOutput(order))
	default:
		return s.printOrder(order)
	}
}

func (c *showCommand) find(ctx context.Context, cc *certcentral.Client) (certcentral.Order, error) {
	switch {
	case c.Serial != "":
		return cc.Orders.GetBySerialNumber(ctx, c.Serial)
	case c.ID != 0:
		return cc.Orders.Get(ctx, int64(c.ID))
	}
	found, err := cc.Orders.ByAlternativeID(ctx, c.AlternativeID)
	switch {
	case err != nil:
		return certcentral.Order{}, err
	case len(found.Items) == 0:
		return certcentral.Order{}, fmt.Errorf("no order has the alternative id %s", printable(c.AlternativeID))
	case len(found.Items) > 1:
		return certcentral.Order{}, &certcentral.DuplicateOrderError{AlternativeOrderID: c.AlternativeID, Orders: found.Items}
	}
	return cc.Orders.Get(ctx, found.Items[0].OrderID)
}

func (s *session) printOrder(o certcentral.Order) error {
	rows := [][2]string{
		{"order", strconv.FormatInt(o.ID, 10)},
		{"alternative id", o.AlternativeOrderID},
		{"status", string(o.Status)},
		{"created", o.DateCreated.UTC().Format(time.RFC3339)},
		{"product", o.Product.Name},
		{"profile", string(o.Certificate.ProfileOption)},
		{"person", o.Certificate.CommonName},
		{"organization", fmt.Sprintf("%s (%d)", o.Organization.DisplayName, o.Organization.ID)},
		{"division", o.Container.Name},
		{"price", string(o.Price)},
		{"paid by", string(o.PaymentMethod)},
		{"order valid till", o.ValidTill.String()},
	}
	if o.Certificate.ID != 0 {
		rows = append(rows, [2]string{"certificate", strconv.FormatInt(o.Certificate.ID, 10)})
	}
	rows = append(rows,
		[2]string{"certificate status", string(o.Certificate.Status)},
		[2]string{"serial number", o.Certificate.SerialNumber},
		[2]string{"thumbprint", o.Certificate.Thumbprint},
		[2]string{"valid from", o.Certificate.ValidFrom.String()},
		[2]string{"valid till", o.Certificate.ValidTill.String()},
	)
	for _, r := range o.Requests {
		rows = append(rows, [2]string{"request", fmt.Sprintf("%d (%s, %s)", r.ID, r.Type, r.Status)})
	}
	for _, note := range o.Notes {
		rows = append(rows, [2]string{"note", note.Text})
	}
	return s.printRows(rows)
}

// printRows prints names and values in two columns, without the values that are not there.
func (s *session) printRows(rows [][2]string) error {
	w := tabwriter.NewWriter(s.stdout, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		if row[1] == "" {
			continue
		}
		if _, err := fmt.Fprintf(w, "%s\t%s\n", row[0], printable(row[1])); err != nil {
			return err
		}
	}
	return w.Flush()
}
