package client_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// A list of any length becomes a file, as it arrives. This one has the orders for a name.
func ExampleOrderService_WriteCSV() {
	cc, stop := startMock()
	defer stop()
	ctx := context.Background()
	if _, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, exampleOrder()); err != nil {
		fmt.Println(err)
		return
	}

	var file strings.Builder // or a file of os.Create
	n, err := cc.Orders.WriteCSV(ctx, &file, certcentral.OrderListOptions{
		CommonName: certcentral.Contains("doe"),
		Sort:       "-date_created",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(n == int64(file.Len()))
	printColumns(file.String(), "id", "product_name_id", "certificate.common_name")
	// Output:
	// true
	// 843668399 pkio_organisation_person Jane Doe
}

func ExampleRequestService_WriteCSV() {
	cc, stop := startMock()
	defer stop()

	n, err := cc.Requests.WriteCSV(context.Background(), io.Discard, certcentral.RequestListOptions{
		Status: certcentral.AnyOf(certcentral.RequestPending),
	})
	fmt.Println(n > 0, err) // no request, and the line of column names
	// Output: true <nil>
}

func ExampleOrganizationService_WriteCSV() {
	cc, stop := startMock()
	defer stop()

	var file strings.Builder
	if _, err := cc.Organizations.WriteCSV(context.Background(), &file, certcentral.OrganizationListOptions{}); err != nil {
		fmt.Println(err)
		return
	}
	printColumns(file.String(), "id", "status", "name")
	// Output: 1920073 active Example Organisation B.V.
}

func ExampleUserService_WriteCSV() {
	cc, stop := startMock()
	defer stop()

	var file strings.Builder
	_, err := cc.Users.WriteCSV(context.Background(), &file, certcentral.UserListOptions{
		Search: certcentral.Exactly("john.doe@example.com"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	printColumns(file.String(), "id", "username", "job_title")
	// Output: 4313813 john.doe@example.com Authentication Engineer
}

// printColumns prints some columns of CSV, by their names.
func printColumns(text string, names ...string) {
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, record := range records[1:] {
		var values []string
		for _, name := range names {
			for i, column := range records[0] {
				if column == name {
					values = append(values, record[i])
				}
			}
		}
		fmt.Println(strings.Join(values, " "))
	}
}
