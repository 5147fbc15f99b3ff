package samples_test

import (
	"context"
	"fmt"
	"os"

	certcentral "github.com/pkio-tools/certcentral/client"
)

func DownloadOrderCertificate(ctx context.Context, cc *certcentral.Client) error {
	file, err := cc.Orders.DownloadCertificateFile(ctx, 843668399)
	if err != nil {
		return err
	}
	return os.WriteFile("certificate.zip", file.Content, 0o644)
}

func DownloadOrderCertificateInFormat(ctx context.Context, cc *certcentral.Client) error {
	issued, err := cc.Orders.DownloadCertificate(ctx, 843668399)
	if err != nil {
		return err
	}
	fmt.Println(issued.Leaf.Subject, "until", issued.Leaf.NotAfter)
	return os.WriteFile("certificate.pem", issued.PEM, 0o644)
}

func DownloadCertificate(ctx context.Context, cc *certcentral.Client) error {
	file, err := cc.Certificates.DownloadFile(ctx, 845503702)
	if err != nil {
		return err
	}
	return os.WriteFile("certificate.zip", file.Content, 0o644)
}

func DownloadCertificateInFormat(ctx context.Context, cc *certcentral.Client) error {
	issued, err := cc.Certificates.Download(ctx, 845503702)
	if err != nil {
		return err
	}
	fmt.Println(issued.Leaf.Subject, "until", issued.Leaf.NotAfter)
	return os.WriteFile("certificate.pem", issued.PEM, 0o644)
}

func DownloadCertificateForPlatform(ctx context.Context, cc *certcentral.Client) error {
	const platform = 29
	file, err := cc.Certificates.DownloadForPlatform(ctx, 845503702, platform)
	if err != nil {
		return err
	}
	return os.WriteFile("certificate.pem", file.Content, 0o644)
}

func GetCertificateChain(ctx context.Context, cc *certcentral.Client) error {
	chain, err := cc.Certificates.Chain(ctx, 845503702)
	if err != nil {
		return err
	}
	for _, certificate := range chain {
		fmt.Println(certificate.CommonName)
	}
	return nil
}

func ListIntermediates(ctx context.Context, cc *certcentral.Client) error {
	intermediates, err := cc.Certificates.Intermediates(ctx)
	if err != nil {
		return err
	}
	for _, certificate := range intermediates {
		fmt.Println(certificate.CommonName, "until", certificate.ValidTill)
	}
	return nil
}

func RevokeCertificate(ctx context.Context, cc *certcentral.Client) error {
	revocation, err := cc.Certificates.Revoke(ctx, 845503702, certcentral.RevokeOptions{
		Reason: certcentral.ReasonSuperseded, Comments: "The holder has a new token.",
	})
	if err != nil {
		return err
	}
	fmt.Println("needs an approval:", revocation.NeedsApproval())
	return nil
}
