package client_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// TestConsumer builds a service in another module that imports the client, checks the packages that
// this compiles, and runs the service against a mock.
func TestConsumer(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs the go command")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	// The test builds a copy, since the go command changes its go.mod. The build works offline: the
	// modules that it needs are those of this module, which are downloaded before this test can
	// run.
	dir := t.TempDir()
	for source, name := range map[string]string{
		filepath.Join("testdata", "consumer", "go.mod"):  "go.mod",
		filepath.Join("testdata", "consumer", "main.go"): "main.go",
		filepath.Join("..", "go.sum"):                    "go.sum",
	} {
		b, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(b), "=> ../../..", "=> "+root)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", "GOPROXY=off", "GOSUMDB=off")
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
		}
		return string(out)
	}

	const module = "github.com/pkio-tools/certcentral"
	run("build", "-o", filepath.Join(dir, "consumer"), ".")
	deps := strings.Fields(run("list", "-deps", "."))
	found := false
	for _, dep := range deps {
		found = found || dep == module+"/client"
		for _, forbidden := range []string{
			"github.com/getkin/", module + "/gen/server", module + "/gen/spec", module + "/gen/control", module + "/mockserver",
		} {
			if strings.HasPrefix(dep, forbidden) {
				t.Errorf("the client brings %s with it", dep)
			}
		}
	}
	if !found {
		t.Errorf("the consumer does not import the client: %s", deps)
	}
	t.Run("runs", func(t *testing.T) {
		t.Parallel()
		runConsumer(t, filepath.Join(dir, "consumer"))
	})
}

// runConsumer runs the service of testdata/consumer under faults, and once more.
func runConsumer(t *testing.T, program string) {
	t.Helper()
	const key = "consumer-key-0123456789"
	mock := mocktest.Start(t, mockserver.WithQuickKeys()).For(t, key)
	mock.Set(t, mocktest.Approval(mockserver.ApprovalAutomatic))
	mock.Fail(t, mocktest.On(opPlace).LoseAnswer())
	mock.Fail(t, mocktest.On("getOrder").Catalogue("html_502"))
	dir := t.TempDir()
	roots := filepath.Join(dir, "roots.pem")
	if err := os.WriteFile(roots, mock.CAFile(t, "roots.pem"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func() (stdout, stderr string, err error) {
		cmd := exec.CommandContext(t.Context(), program)
		cmd.Env = append(os.Environ(), certcentral.EnvAPIKey+"="+key, certcentral.EnvBaseURL+"="+mock.BaseURL, "ORDERS_DIR="+dir, "TRUSTED_ROOTS="+roots)
		var out, log strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &log
		err = cmd.Run()
		if strings.Contains(out.String()+log.String(), key) {
			t.Error("the API key was printed")
		}
		return out.String(), log.String(), err
	}
	stdout, stderr, err := run()
	const want = `order 843668399 found: true
reissue found: false another certificate: true
revoked 843668399 PKIo Authentication or Encryption - Organisation Person
changed today: 1
metrics: GET /certificate/download/order/{order_id}/format/{format}, GET /order/alternate/{alternative_order_id}, GET /order/certificate, GET /order/certificate/status-changes, GET /order/certificate/{order_id}, GET /order/certificate/{order_id}/reissue, GET /request, POST /order/certificate/pkio_organisation_person, POST /order/certificate/{order_id}/reissue, PUT /order/certificate/{order_id}/revoke
`
	if err != nil || stdout != want {
		t.Errorf("the service ended with %v and printed\n%swant\n%s%s", err, stdout, want, stderr)
	}
	for _, line := range []string{
		`"msg":"sent","call":{"operation":"orderPkioOrganisationPerson","route":"/order/certificate/pkio_organisation_person","attempt":1},"answered":false`,
		`"msg":"state","order":843668399,"status":"issued"`, `"operation":"getOrder","route":"/order/certificate/{order_id}","attempt":2`,
	} {
		if !strings.Contains(stderr, line) {
			t.Errorf("the log has no %s:\n%s", line, stderr)
		}
	}
	if csv, err := os.ReadFile(filepath.Join(dir, "orders.csv")); err != nil || strings.Count(string(csv), "843668399") != 1 {
		t.Errorf("the CSV: %v\n%s", err, csv)
	}
	// The order has ended now: another run finds it and orders nothing.
	stdout, stderr, err = run()
	if err == nil || stdout != "order 843668399 found: true\n" || !strings.Contains(stderr, "no certificate, the order is revoked") {
		t.Errorf("another run ended with %v and printed\n%s%s", err, stdout, stderr)
	}
	if orders := countOrders(t, mock); orders != 1 {
		t.Errorf("%d orders", orders)
	}
}
