package client_test

import (
	"context"
	"fmt"
)

// The service chooses the format of the file, for a certificate by its own id or by the id of its
// order.
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

// The format can be that of a server platform, by its id in the vendor's glossary.
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
