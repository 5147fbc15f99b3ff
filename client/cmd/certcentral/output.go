package main

import (
	"encoding/json"
	"io"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// orderOutput is an order in JSON: the most useful of the vendor's members, under the vendor's
// names. A list leaves out what only the order itself shows.
type orderOutput struct {
	ID                 int64             `json:"id"`
	AlternativeOrderID string            `json:"alternative_order_id,omitempty"`
	Status             string            `json:"status"`
	DateCreated        time.Time         `json:"date_created"`
	OrderValidTill     string            `json:"order_valid_till,omitempty"`
	ProductNameID      string            `json:"product_name_id"`
	Certificate        certificateOutput `json:"certificate"`
	Organization       namedOutput       `json:"organization"`
	Container          namedOutput       `json:"container"`
	PaymentMethod      string            `json:"payment_method,omitempty"`
	Price              json.Number       `json:"price,omitempty"`
	Requests           []requestOutput   `json:"requests,omitempty"`
}

type certificateOutput struct {
	ID            int64      `json:"id,omitempty"`
	CommonName    string     `json:"common_name"`
	ProfileOption string     `json:"profile_option,omitempty"`
	Status        string     `json:"status,omitempty"`
	DateIssued    *time.Time `json:"date_issued,omitempty"`
	SerialNumber  string     `json:"serial_number,omitempty"`
	Thumbprint    string     `json:"thumbprint,omitempty"`
	ValidFrom     string     `json:"valid_from,omitempty"`
	ValidTill     string     `json:"valid_till,omitempty"`
}

type namedOutput struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type requestOutput struct {
	ID     int64  `json:"id"`
	Type   string `json:"type"`
	Status string `json:"status"`
}

func summaryOutput(o certcentral.OrderSummary) orderOutput {
	return orderOutput{
		ID: o.ID, Status: string(o.Status), DateCreated: o.DateCreated, OrderValidTill: o.ValidTill.String(),
		ProductNameID: o.Product.NameID, Price: json.Number(o.Price),
		Certificate: certificateOutput{
			ID: o.Certificate.ID, CommonName: o.Certificate.CommonName, SerialNumber: o.Certificate.SerialNumber,
			ValidFrom: o.Certificate.ValidFrom.String(), ValidTill: o.Certificate.ValidTill.String(),
		},
		Organization: namedOutput{o.Organization.ID, o.Organization.Name},
		Container:    namedOutput{o.Container.ID, o.Container.Name},
	}
}

func detailedOutput(o certcentral.Order) orderOutput {
	out := orderOutput{
		ID: o.ID, AlternativeOrderID: o.AlternativeOrderID, Status: string(o.Status), DateCreated: o.DateCreated,
		OrderValidTill: o.ValidTill.String(), ProductNameID: o.Product.NameID, PaymentMethod: string(o.PaymentMethod),
		Price: json.Number(o.Price),
		Certificate: certificateOutput{
			ID: o.Certificate.ID, CommonName: o.Certificate.CommonName, ProfileOption: string(o.Certificate.ProfileOption),
			Status: string(o.Certificate.Status), SerialNumber: o.Certificate.SerialNumber, Thumbprint: o.Certificate.Thumbprint,
			ValidFrom: o.Certificate.ValidFrom.String(), ValidTill: o.Certificate.ValidTill.String(),
		},
		Organization: namedOutput{o.Organization.ID, o.Organization.Name},
		Container:    namedOutput{o.Container.ID, o.Container.Name},
	}
	if !o.Certificate.DateIssued.IsZero() {
		out.Certificate.DateIssued = &o.Certificate.DateIssued
	}
	for _, r := range o.Requests {
		out.Requests = append(out.Requests, requestOutput{r.ID, string(r.Type), string(r.Status)})
	}
	return out
}

func writeJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
