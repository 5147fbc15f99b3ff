package client

import (
	"context"
	"net/http"

	"github.com/pkio-tools/certcentral/gen/api"
)

// A ProductSummary is a product as the list shows it.
type ProductSummary struct {
	// NameID is the identifier of the product, such as pkio_organisation_person.
	NameID string
	// Name is the name of the product.
	Name string
	// Type is the kind of product.
	Type string
	// ValidationType is the kind of validation that the product needs, such as ov. It is empty for
	// the products of PKIoverheid, and so are the two fields below it.
	ValidationType string
	// ValidationName is the short name of that kind.
	ValidationName string
	// ValidationDescription describes what is validated.
	ValidationDescription string
	// GroupName is the group that the product belongs to.
	GroupName string
	// ContainerIDs are the divisions that may order the product. An empty list means all divisions.
	ContainerIDs []int64
	// ValidityYears are the possible validities of a certificate, in years.
	ValidityYears []int
	// OrderValidityYears are the possible validities of an order, in years.
	OrderValidityYears []int
	// CSRRequired is whether an order must contain a certificate signing request.
	CSRRequired bool
	// AllowedCACerts are the CAs that an order can choose from. It is empty for the products of
	// PKIoverheid.
	AllowedCACerts []CACert
	// ReplacementNameID is the identifier of the product that replaces one that is no longer sold.
	ReplacementNameID string
	// HashTypes are the hash algorithms that an order may choose for the signature.
	HashTypes []HashType
	// DefaultHashTypeID is the id of the default hash algorithm, such as sha256.
	DefaultHashTypeID string
}

// A HashType is a hash algorithm.
type HashType struct {
	// ID is the identifier of the algorithm, such as sha256.
	ID string
	// Name is the name of the algorithm, such as SHA-256.
	Name string
}

// A Product is a certificate product with its details.
type Product struct {
	ProductSummary

	// LicenseAgreement is the license agreement of the product. It may be empty.
	LicenseAgreement string
	// ServerPlatforms are the server platforms that an order may choose. The mock shows none.
	ServerPlatforms []ServerPlatform
	// AdditionalDNSNamesAllowed is whether a certificate may have additional domain names.
	AdditionalDNSNamesAllowed bool
	// AutoRenewAllowed is whether an order can be renewed automatically.
	AutoRenewAllowed bool
	// CustomExpirationDateAllowed is whether an order may choose the last day of the certificate.
	CustomExpirationDateAllowed bool
	// DuplicatesAllowed is whether duplicates of a certificate can be ordered.
	DuplicatesAllowed bool
	// IncreasedCompatibilityAllowed is whether an order may choose an older certificate chain.
	IncreasedCompatibilityAllowed bool
}

// A ServerPlatform is server software that certificates are installed in.
type ServerPlatform struct {
	// ID is the id of the server platform.
	ID int64
	// Name is the name of the server platform.
	Name string
	// InstallURL is the address of the vendor's installation instructions. It may be empty.
	InstallURL string
	// CSRURL is the address of the vendor's instructions for a certificate signing request. It may
	// be empty.
	CSRURL string
}

// ProductService reads the products that the account can order: [Client.Products].
type ProductService struct{ client *Client }

// List returns all products that the account may order. The list has no pages. Operation:
// listProducts.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/products/product-list.html
func (s *ProductService) List(ctx context.Context, opts ...RequestOption) ([]ProductSummary, error) {
	return fetch(ctx, s.client, operation{id: "listProducts"}, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListProducts(ctx, edit)
		},
		func(w listAnswer[api.ProductList]) ([]ProductSummary, error) {
			return wholeList("products", w.list.Products, w.page, productSummaryFrom)
		})
}

// Get returns a product by its identifier, such as pkio_organisation_person. An unknown identifier
// is [ErrNotFound]. Operation: getProduct.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/products/product-info.html
func (s *ProductService) Get(ctx context.Context, nameID string, opts ...RequestOption) (Product, error) {
	op := operation{id: "getProduct"}
	if err := checkSegment("name_id", nameID); err != nil {
		return Product{}, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.GetProduct(ctx, nameID, edit)
		},
		productInfoFrom)
}

func productSummaryFrom(w api.ProductSummary) (ProductSummary, error) {
	if w.NameID == "" {
		return ProductSummary{}, missing("name_id")
	}
	p := ProductSummary{
		NameID:                w.NameID,
		Name:                  w.Name,
		Type:                  w.Type,
		ValidationType:        value(w.ValidationType),
		ValidationName:        value(w.ValidationName),
		ValidationDescription: value(w.ValidationDescription),
		GroupName:             w.GroupName,
		ContainerIDs:          append([]int64{}, w.AllowedContainerIds...),
		ValidityYears:         years(w.AllowedValidityYears),
		OrderValidityYears:    years(w.AllowedOrderValidityYears),
		CSRRequired:           w.CsrRequired,
		ReplacementNameID:     value(w.ReplacementProductNameID),
		HashTypes:             make([]HashType, 0, len(w.SignatureHashTypes.AllowedHashTypes)),
		DefaultHashTypeID:     w.SignatureHashTypes.DefaultHashTypeID,
	}
	for _, hash := range w.SignatureHashTypes.AllowedHashTypes {
		p.HashTypes = append(p.HashTypes, HashType{ID: hash.ID, Name: hash.Name})
	}
	for _, ca := range w.AllowedCaCerts {
		p.AllowedCACerts = append(p.AllowedCACerts, CACert{ID: ca.ID, Name: ca.Name})
	}
	return p, nil
}

func productInfoFrom(w api.ProductInfo) (Product, error) {
	summary, err := productSummaryFrom(api.ProductSummary{
		NameID:                    w.NameID,
		Name:                      w.Name,
		Type:                      w.Type,
		GroupName:                 w.GroupName,
		AllowedContainerIds:       w.AllowedContainerIds,
		AllowedValidityYears:      w.AllowedValidityYears,
		AllowedOrderValidityYears: w.AllowedOrderValidityYears,
		CsrRequired:               w.CsrRequired,
		ValidationType:            w.ValidationType,
		ValidationName:            w.ValidationName,
		ValidationDescription:     w.ValidationDescription,
		AllowedCaCerts:            w.AllowedCaCerts,
		ReplacementProductNameID:  w.ReplacementProductNameID,
		SignatureHashTypes:        w.SignatureHashTypes,
	})
	platforms := make([]ServerPlatform, 0, len(w.ServerPlatforms))
	for _, p := range w.ServerPlatforms {
		platforms = append(platforms, serverPlatformFrom(p))
	}
	return Product{
		ProductSummary:                summary,
		LicenseAgreement:              value(w.LicenseAgreement),
		ServerPlatforms:               platforms,
		AdditionalDNSNamesAllowed:     w.AdditionalDNSNamesAllowed,
		AutoRenewAllowed:              w.AllowAutoRenew,
		CustomExpirationDateAllowed:   w.CustomExpirationDateAllowed,
		DuplicatesAllowed:             w.DuplicatesAllowed,
		IncreasedCompatibilityAllowed: w.IncreasedCompatibilityAllowed,
	}, err
}

func serverPlatformFrom(w api.ServerPlatform) ServerPlatform {
	return ServerPlatform{ID: w.ID, Name: w.Name, InstallURL: value(w.InstallURL), CSRURL: value(w.CsrURL)}
}

func years(ws []int32) []int {
	ns := make([]int, 0, len(ws))
	for _, w := range ws {
		ns = append(ns, int(w))
	}
	return ns
}
