// A service of another module that uses only the client: it orders a certificate once, waits for it,
// checks it, replaces it, revokes it, and reports. Its configuration is in the environment.
package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/client/limit"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*24*time.Hour)
	defer cancel()
	logger := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	if err := run(ctx, logger); err != nil {
		logger.ErrorContext(ctx, "failed", "err", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, logger *slog.Logger) error {
	dir := os.Getenv("ORDERS_DIR") // keeps the state and the files
	roots, err := trusted(os.Getenv("TRUSTED_ROOTS"))
	if err != nil {
		return err
	}
	limiter, err := limit.New(limit.Vendor()...)
	if err != nil {
		return err
	}
	counts := metrics{counts: map[string]int{}}
	cc, err := certcentral.New( // the API key and the base URL are in the environment, too
		certcentral.WithRetries(3),
		certcentral.WithTimeout(30*time.Second),
		certcentral.WithMiddleware(counts.middleware, logging(logger), limiter.Middleware),
	)
	if err != nil {
		return err
	}

	id, opts, err := orderID(filepath.Join(dir, "order-id"))
	if err != nil {
		return err
	}
	request := order()
	request.AlternativeOrderID = id
	placed, err := cc.Orders.PlaceOnce(ctx, request, opts...)
	if err != nil {
		return err
	}
	fmt.Println("order", placed.OrderID, "found:", placed.Found)

	first, err := issued(ctx, cc, placed.OrderID, logger, roots)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "certificate.cer"), first.Leaf.Raw, 0o600); err != nil {
		return err
	}
	reissued, err := cc.Orders.ReissueOnce(ctx, placed.OrderID, 1, certcentral.ReissueOptions{})
	if err != nil {
		return err
	}
	second, err := issued(ctx, cc, placed.OrderID, logger, roots)
	if err != nil {
		return err
	}
	fmt.Println("reissue found:", reissued.Found, "another certificate:", !second.Leaf.Equal(first.Leaf))

	if _, err := cc.Orders.RevokeOnce(ctx, placed.OrderID,
		certcentral.RevokeOptions{Reason: certcentral.ReasonSuperseded, SkipApproval: true}); err != nil {
		return err
	}
	return report(ctx, cc, dir, &counts)
}

// issued waits for the certificate of an order, downloads it and checks it.
func issued(
	ctx context.Context, cc *certcentral.Client, id int64, logger *slog.Logger, roots *x509.CertPool,
) (certcentral.IssuedCertificate, error) {
	order, err := cc.Orders.WaitIssued(ctx, id, certcentral.WithPauses(100*time.Millisecond, time.Hour),
		certcentral.WithProgress(func(order certcentral.Order) {
			logger.InfoContext(ctx, "state", "order", order.ID, "status", order.Status)
		}))
	if ended, ok := errors.AsType[*certcentral.OrderEndedError](err); ok {
		return certcentral.IssuedCertificate{}, fmt.Errorf("no certificate, the order is %s: %w", ended.Status, err)
	}
	if err != nil {
		return certcentral.IssuedCertificate{}, err
	}
	certificate, err := cc.Orders.DownloadCertificate(ctx, id)
	if err != nil {
		return certificate, err
	}
	return certificate, certcentral.Verify(certificate, roots, order.Certificate.ProfileOption)
}

// report prints the orders by state, the last changes and the metrics, and exports the orders.
func report(ctx context.Context, cc *certcentral.Client, dir string, counts *metrics) error {
	for order, err := range cc.Orders.All(ctx, certcentral.OrderListOptions{Status: certcentral.AnyOf(certcentral.OrderRevoked)}) {
		if err != nil {
			return err
		}
		fmt.Println("revoked", order.ID, order.Product.Name)
	}
	changed, err := cc.Orders.StatusChanges(ctx, certcentral.Last(24*time.Hour))
	if err != nil {
		return err
	}
	fmt.Println("changed today:", len(changed))

	file, err := os.Create(filepath.Join(dir, "orders.csv"))
	if err != nil {
		return err
	}
	_, err = cc.Orders.WriteCSV(ctx, file, certcentral.OrderListOptions{})
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	fmt.Println("metrics:", strings.Join(slices.Sorted(maps.Keys(counts.counts)), ", "))
	return nil
}

func order() certcentral.PKIoOrganisationPersonRequest {
	return certcentral.PKIoOrganisationPersonRequest{
		ProfileOption: certcentral.ProfileAuthentication,
		Individual:    certcentral.ExistingIndividual(21),
		Organization: certcentral.ExistingOrganization(1920073,
			certcentral.VerifiedContact(certcentral.ExistingPerson(4313813))),
		ShipInfo: certcentral.ShipInfo{
			Name: "John Doe", Address1: "534 Jefferson Street", City: "Bern", State: "Bern", Zip: "3030",
			Country: "ch", Method: certcentral.ShippingStandard,
		},
		Validity: certcentral.Years(1), Payment: certcentral.PayByBalance(), AgreedToCSA: true,
	}
}

// orderID returns the id of the order. It is stored before the order is placed; an id that is there
// already is the one of a process that may have been killed.
func orderID(path string) (string, []certcentral.OnceOption, error) {
	id, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		id = []byte(certcentral.NewOrderID())
		return string(id), nil, errors.Join(os.WriteFile(path+".new", id, 0o600), os.Rename(path+".new", path))
	}
	return string(id), []certcentral.OnceOption{certcentral.WithResume()}, err
}

func trusted(path string) (*x509.CertPool, error) {
	roots := x509.NewCertPool()
	pem, err := os.ReadFile(path)
	if err == nil && !roots.AppendCertsFromPEM(pem) {
		err = errors.New(path + " has no certificates")
	}
	return roots, err
}

func logging(logger *slog.Logger) func(certcentral.Doer) certcentral.Doer {
	return func(next certcentral.Doer) certcentral.Doer {
		return certcentral.DoerFunc(func(r *http.Request) (*http.Response, error) {
			resp, err := next.Do(r)
			call, _ := certcentral.CallFrom(r.Context())
			logger.InfoContext(r.Context(), "sent", "call", call, "answered", err == nil)
			return resp, err
		})
	}
}

// metrics counts the requests by their operations.
type metrics struct {
	mu     sync.Mutex
	counts map[string]int
}

func (m *metrics) middleware(next certcentral.Doer) certcentral.Doer {
	return certcentral.DoerFunc(func(r *http.Request) (*http.Response, error) {
		call, _ := certcentral.CallFrom(r.Context())
		m.mu.Lock()
		m.counts[r.Method+" "+call.Route]++
		m.mu.Unlock()
		return next.Do(r)
	})
}
