package mockserver_test

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/getkin/kin-openapi/openapi3"
	"golang.org/x/tools/txtar"

	"github.com/pkio-tools/certcentral/gen/spec"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
)

// TestCoverage makes the table operation x declared response x (vectors, examples of the body) with
// what an operation needs as well: another operation that links to it, a method of the client, and
// an Example of that. What is missing is a gap, and fails. It prints the gaps, and with -v the
// whole table.
func TestCoverage(t *testing.T) {
	t.Parallel()
	vectors := countVectors(t)
	methods, runnable := readClient(t).byOperation()
	var table bytes.Buffer
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "operation\tresponse\tvectors\texamples\tlinked from\tclient method\tExample")
	gaps := 0
	count := func(n int, needed bool) string {
		if n == 0 && needed {
			return gap
		}
		return strconv.Itoa(n)
	}
	for _, doc := range []struct {
		json     string
		contract func() (*contract.Contract, error)
		vendor   bool
	}{{spec.CertCentralJSON, contract.CertCentral, true}, {spec.ControlJSON, contract.Control, false}} {
		parsed, err := spec.Load(doc.json)
		if err != nil {
			t.Fatal(err)
		}
		checked, err := doc.contract()
		if err != nil {
			t.Fatal(err)
		}
		linked := linksTo(t, parsed)
		for _, op := range checked.Operations() {
			link := cmp.Or(linked[op.ID], gap)
			if !strings.Contains(op.Path, "{") {
				link = "(takes no id)"
			}
			method, example := "(mockserver/control)", "(mockserver/control)"
			if doc.vendor {
				method, example = cmp.Or(methods[op.ID], gap), cmp.Or(runnable[op.ID], gap)
			}
			for _, status := range op.Statuses() {
				response := parsed.Paths.Value(op.Path).GetOperation(op.Method).Responses.Status(status).Value
				examples := 0
				shown := false // files have no examples
				for name, media := range response.Content {
					examples += len(media.Examples)
					shown = shown || name == "application/json"
				}
				code, only := onlyCode(response)
				stopping := only && code == "mock_stopping" // which no vector can show: it would stop the server that it asks
				row := fmt.Sprintf("%s\t%d\t%s\t%s\t%s\t%s\t%s", op.ID, status, count(vectors[op.ID][status], !stopping),
					count(examples, shown), link, method, example)
				link, method, example = "", "", "" // stand in the first row of an operation
				missing := strings.Count(row, gap)
				if gaps += missing; missing > 0 || testing.Verbose() {
					fmt.Fprintln(w, row)
				}
			}
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if gaps > 0 {
		t.Errorf("%d gaps; CONTRIBUTING.md says how to fill each:\n%s", gaps, table.String())
	} else if testing.Verbose() {
		t.Logf("\n%s", table.String())
	}
}

// gap stands in the table for what is missing.
const gap = "<- gap"

// linksTo returns, for each operation that takes an id in its path, an operation that hands the id
// out and links to it, or why there is none. What hands an id out has it in its answer, or is a GET
// that shows what the id names.
func linksTo(t *testing.T, doc *openapi3.T) map[string]string {
	t.Helper()
	linked := map[string]string{}
	for _, path := range doc.Paths.InMatchingOrder() {
		for method, op := range doc.Paths.Value(path).Operations() {
			for _, response := range op.Responses.Map() {
				for _, link := range response.Value.Links {
					to := link.Value.OperationID
					handsOut := true
					for _, expression := range link.Value.Parameters {
						text, _ := expression.(string)
						handsOut = handsOut && (method == http.MethodGet || strings.HasPrefix(text, "$response.body#"))
					}
					if handsOut && to != op.OperationID && (linked[to] == "" || op.OperationID < linked[to]) {
						linked[to] = op.OperationID
					}
				}
			}
		}
	}
	for operation, reason := range unlinked() {
		if linked[operation] != "" {
			t.Errorf("%s links to %s; take it off the list of operations that nothing links to", linked[operation], operation)
		}
		linked[operation] = "(" + reason + ")"
	}
	return linked
}

// unlinked says why no operation links to some that take an id in their path.
func unlinked() map[string]string {
	const (
		noFormats   = "formats and platforms are listed in the vendor's glossary"
		noFiles     = "the list of CAs has whole paths of files"
		otherOrders = "orders are in the other contract, and links stay within one"
	)
	return map[string]string{
		"downloadCertificateForPlatform":   noFormats,
		"downloadCertificateInFormat":      noFormats,
		"downloadOrderCertificateInFormat": noFormats,
		"downloadCAFile":                   noFiles,
		"getToken":                         otherOrders,
		"moveValidation":                   "organizations are in the other contract, and links stay within one",
	}
}

// onlyCode is the code of the error that a response has as its only example.
func onlyCode(response *openapi3.Response) (code string, only bool) {
	media := response.Content["application/json"]
	if media == nil || len(media.Examples) != 1 {
		return "", false
	}
	for name := range media.Examples {
		code = name
	}
	return code, true
}

// countVectors counts the answers of all vectors by operation and status.
func countVectors(t *testing.T) map[string]map[int]int {
	t.Helper()
	counts := map[string]map[int]int{}
	eachAnswer(t, func(operation string, status int, _ string) {
		if counts[operation] == nil {
			counts[operation] = map[int]int{}
		}
		counts[operation][status]++
	})
	return counts
}

// eachAnswer goes through the responses of all vectors to requests that belong to an operation.
func eachAnswer(t *testing.T, visit func(operation string, status int, response string)) {
	t.Helper()
	for _, path := range vectorFiles(t) {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		operation := ""
		for _, section := range archive.Files {
			line, _, _ := strings.Cut(string(section.Data), "\n")
			switch kind, _, _ := strings.Cut(section.Name, " "); kind {
			case "request":
				operation = operationOf(t, line)
			case "response":
				if status, err := strconv.Atoi(line); err == nil && operation != "" {
					visit(operation, status, string(section.Data))
				}
			}
		}
	}
}

// operationOf is the id of the operation of a request line, or nothing for a request that belongs
// to none.
func operationOf(t *testing.T, line string) string {
	t.Helper()
	if op := findOperation(t, line); op != nil {
		return op.ID
	}
	return ""
}

func findOperation(t *testing.T, line string) *contract.Operation {
	t.Helper()
	method, target, _ := strings.Cut(line, " ")
	target, _, _ = strings.Cut(target, "?")
	target = strings.TrimSuffix(target, "/")
	for _, load := range []func() (*contract.Contract, error){contract.CertCentral, contract.Control} {
		c, err := load()
		if err != nil {
			t.Fatal(err)
		}
		operations := c.Operations()
		// A literal path comes before the one with a parameter beside it.
		slices.SortStableFunc(operations, func(a, b *contract.Operation) int {
			return strings.Count(a.Path, "{") - strings.Count(b.Path, "{")
		})
		for _, op := range operations {
			if op.Method == method && matches(op.Path, strings.TrimPrefix(target, "/services/v2")) {
				return op
			}
		}
	}
	return nil
}

func matches(template, path string) bool {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != got[i] && !strings.HasPrefix(want[i], "{") {
			return false
		}
	}
	return true
}
