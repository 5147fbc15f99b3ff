// A program in another module that imports only the client.
package main

import (
	"context"
	"fmt"
	"os"

	certcentral "github.com/pkio-tools/certcentral/client"
)

func main() {
	cc, err := certcentral.New()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	balance, err := cc.Finance.GetBalance(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(balance.Balance, balance.Currency)
}
