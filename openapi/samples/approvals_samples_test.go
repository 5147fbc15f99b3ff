package samples_test

import (
	"context"
	"fmt"

	certcentral "github.com/pkio-tools/certcentral/client"
)

func ListRequests(ctx context.Context, cc *certcentral.Client) error {
	requests, err := cc.Requests.List(ctx, certcentral.RequestListOptions{
		Status: certcentral.AnyOf(certcentral.RequestPending),
	})
	if err != nil {
		return err
	}
	for _, request := range requests.Items {
		fmt.Println(request.ID, request.Type, request.Status)
	}
	return nil
}

func GetRequest(ctx context.Context, cc *certcentral.Client) error {
	request, err := cc.Requests.Get(ctx, 1)
	if err != nil {
		return err
	}
	fmt.Println(request.ID, request.Type, request.Status)
	return nil
}

func UpdateRequestStatus(ctx context.Context, cc *certcentral.Client) error {
	return cc.Requests.Approve(ctx, 1, "Agreed.")
}
