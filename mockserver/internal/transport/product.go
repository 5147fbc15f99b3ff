package transport

import (
	"context"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// ListProducts returns all products.
func (*API) ListProducts(context.Context, server.ListProductsRequestObject) (server.ListProductsResponseObject, error) {
	products := domain.Products()
	out := api.ProductList{Products: make([]api.ProductSummary, len(products))}
	for i, product := range products {
		out.Products[i] = api.ProductSummary{
			GroupName: domain.ProductGroup, NameID: product.NameID, Name: product.Name, Type: domain.ProductGroup,
			AllowedContainerIds: []int64{}, AllowedValidityYears: validityYears(), AllowedOrderValidityYears: validityYears(),
			SignatureHashTypes: hashTypes(), CsrRequired: product.CSRRequired,
		}
	}
	return server.ListProducts200JSONResponse(out), nil
}

// GetProduct returns a product.
func (*API) GetProduct(_ context.Context, request server.GetProductRequestObject) (server.GetProductResponseObject, error) {
	product, err := domain.FindProduct(request.NameID)
	if err != nil {
		return nil, err
	}
	return server.GetProduct200JSONResponse{
		GroupName: domain.ProductGroup, NameID: product.NameID, Name: product.Name, Type: domain.ProductGroup,
		AllowedContainerIds: []int64{}, AllowedValidityYears: validityYears(), AllowedOrderValidityYears: validityYears(),
		SignatureHashTypes: hashTypes(), CsrRequired: product.CSRRequired,
		AdditionalDNSNamesAllowed: product.DNSNames, CustomExpirationDateAllowed: true, ServerPlatforms: []api.ServerPlatform{},
		LicenseAgreement: optional(licenseAgreement),
	}, nil
}

// licenseAgreement replaces the vendor's text of the agreement (vendor page, csa_agreed_to).
const licenseAgreement = "Certificate Subscriber Agreement"

// orderedProduct is the product of an order.
func orderedProduct(nameID string) api.Product {
	product, _ := domain.FindProduct(nameID) // every order has a known product
	return api.Product{NameID: product.NameID, Name: product.Name, Type: domain.ProductGroup}
}

func validityYears() []int32 {
	years := make([]int32, 0, domain.MaxValidityYears)
	for year := range int32(domain.MaxValidityYears) {
		years = append(years, year+1)
	}
	return years
}

// hashTypes returns the only hash that an order may choose (vendor page, certificate).
func hashTypes() api.HashTypes {
	return api.HashTypes{
		AllowedHashTypes:  []api.HashType{{ID: string(api.SignatureHashSha256), Name: "SHA-256"}},
		DefaultHashTypeID: string(api.SignatureHashSha256),
	}
}
