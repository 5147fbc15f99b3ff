package client_test

import (
	"context"
	"fmt"
)

// The service chooses the format, of one certificate or of the one that an order has now.
func ExampleCertificateService_DownloadFile() {
	cc, stop := startMock(smallKeys()...)
	defer stop()
	ctx := context.Background()
	order, err := issue(ctx, cc)
	if err != nil {
		fmt.Println(err)
		return
	}

	byID, err := cc.Certificates.DownloadFile(ctx, order.Certificate.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	byOrder, err := cc.Orders.DownloadCertificateFile(ctx, order.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(byID.ContentType, byOrder.ContentType)
	// Output: application/zip application/zip
}

// A server platform, by its id in the vendor's glossary, gets the format that it reads.
func ExampleCertificateService_DownloadForPlatform() {
	cc, stop := startMock(smallKeys()...)
	defer stop()
	ctx := context.Background()
	order, err := issue(ctx, cc)
	if err != nil {
		fmt.Println(err)
		return
	}

	const nginx = 45
	file, err := cc.Certificates.DownloadForPlatform(ctx, order.Certificate.ID, nginx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(file.ContentType)
	// Output: application/zip
}
