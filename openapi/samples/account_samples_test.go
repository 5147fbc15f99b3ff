package samples_test

import (
	"context"
	"fmt"

	certcentral "github.com/pkio-tools/certcentral/client"
)

func GetAccount(ctx context.Context, cc *certcentral.Client) error {
	account, err := cc.Account.Get(ctx)
	if err != nil {
		return err
	}
	fmt.Println(account.ID, account.PrimaryOrganization.Name)
	return nil
}

func ListContainers(ctx context.Context, cc *certcentral.Client) error {
	containers, err := cc.Containers.List(ctx)
	if err != nil {
		return err
	}
	for _, container := range containers {
		fmt.Println(container.ID, container.Name)
	}
	return nil
}

func GetContainer(ctx context.Context, cc *certcentral.Client) error {
	container, err := cc.Containers.Get(ctx, 4)
	if err != nil {
		return err
	}
	fmt.Println(container.ID, container.Name)
	return nil
}

func GetBalance(ctx context.Context, cc *certcentral.Client) error {
	balance, err := cc.Finance.GetBalance(ctx)
	if err != nil {
		return err
	}
	fmt.Println(balance.Balance, balance.Currency)
	return nil
}

func GetBalanceHistory(ctx context.Context, cc *certcentral.Client) error {
	for adjustment, err := range cc.Finance.AllBalanceHistory(ctx, certcentral.BalanceHistoryOptions{}) {
		if err != nil {
			return err
		}
		fmt.Println(adjustment.Date, adjustment.Type, adjustment.BalanceAfter)
	}
	return nil
}

func ListPaymentProfiles(ctx context.Context, cc *certcentral.Client) error {
	profiles, err := cc.Finance.PaymentProfiles(ctx, certcentral.PaymentProfileListOptions{})
	if err != nil {
		return err
	}
	for _, profile := range profiles.Items {
		fmt.Println(profile.ID, profile.Status)
	}
	return nil
}

func ListProducts(ctx context.Context, cc *certcentral.Client) error {
	products, err := cc.Products.List(ctx)
	if err != nil {
		return err
	}
	for _, product := range products {
		fmt.Println(product.NameID, product.Name)
	}
	return nil
}

func GetProduct(ctx context.Context, cc *certcentral.Client) error {
	product, err := cc.Products.Get(ctx, "pkio_organisation_person")
	if err != nil {
		return err
	}
	fmt.Println(product.Name, product.ValidityYears)
	return nil
}
