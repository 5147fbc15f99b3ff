// Command bundle makes two OpenAPI documents of a contract that consists of several files: the
// published one, in two versions of OpenAPI, and the enforced one.
//
//	bundle -in openapi/certcentral.yaml -yaml gen/certcentral.yaml -upgraded gen/certcentral.3.1.yaml \
//	       -schema gen/order.schema.json -samples openapi/samples \
//	       -json gen/spec/certcentral.json -rules gen/spec/certcentral.rules.json -requests gen/spec/certcentral.requests.json \
//	       -journal gen/spec/certcentral.journal.json -operations gen/api/operations.gen.go -codes client/code.gen.go \
//	       -served gen/served -server /services/v2
//	bundle -embed gen -order openapi/examples/orderPkioOrganisationPerson.vendor_new_individual.request.json
//
// The published document is for readers and for generators of code. The enforced one adds what only
// a checker needs (documents.go). The output has several forms:
//
//	-yaml         the published document
//	-upgraded     the same as OpenAPI 3.1, with the conditions as if and then
//	-schema       the body of an order out of that, as JSON Schema 2020-12
//	-json         the enforced document, with numbered members (x-order) for the generator of Go code
//	-rules        the enforced one without descriptions, examples and other texts for readers; it is parsed in a third of the time
//	-requests     the rules without the bodies of responses, which a server does not need at its start
//	-journal      what the journal of a mock needs: the members of bodies and the decisions behind the rules (journal.go)
//	-operations   Go code with the method, the path and the successful responses of each operation, for the client
//	-codes        Go code of the client with its error codes (codes.go)
//	-served       the documents that a mock serves: the mock is their only server, and no page fills in optional parameters
//	-decisions    DECISIONS.md as a page, which a mock serves; may be left out
//
// The descriptions of the published document say what its extensions mean (describe.go). They link
// to the decisions at -links, in what a mock serves at -served-links.
//
// With -samples, the operations of the published documents have code that calls them.
//
// With -embed it writes the Go packages that embed these documents, and a copy of the sample order
// beside them, since a Go package cannot embed the files of another folder. A component keeps the
// name of its file. An example in a file (externalValue) becomes a part of the document. The same
// input gives the same output.
package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed gen.go.txt
var genGo []byte

//go:embed spec.go.txt
var specGo []byte

//go:embed served.go.txt
var servedGo []byte

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("bundle", flag.ContinueOnError)
	in := flags.String("in", "", "the root `file` of the contract")
	yamlOut := flags.String("yaml", "", "the `file` to write the published document to, as YAML")
	upgradedOut := flags.String("upgraded", "", "the `file` to write the published document to as OpenAPI 3.1, as YAML")
	schemaOut := flags.String("schema", "", "the `file` to write the body of an order to, as JSON Schema 2020-12; may be left out")
	goDir := flags.String("samples", "", "the `folder` with the samples in Go; may be left out, and then operations have no samples")
	jsonOut := flags.String("json", "", "the `file` to write the enforced document to, as compact JSON")
	rulesOut := flags.String("rules", "", "the `file` to write the enforced document without descriptions and examples to, as compact JSON")
	requestsOut := flags.String("requests", "", "the `file` to write what the rules say of requests to, as compact JSON")
	journalOut := flags.String("journal", "", "the `file` to write what the journal needs to, as compact JSON")
	operationsOut := flags.String("operations", "", "the Go `file` to write what each operation succeeds with to; may be left out")
	codesOut := flags.String("codes", "", "the Go `file` of the client to write the error codes to; may be left out")
	servedOut := flags.String("served", "", "the `folder` to write what a mock serves of the contract to, as YAML and as compact JSON")
	decisionsOut := flags.String("decisions", "", "the HTML `file` to write DECISIONS.md to; may be left out")
	links := flags.String("links", "", "the `address` of DECISIONS.md in the repository")
	servedLinks := flags.String("served-links", "", "the `address` at which a mock serves the decisions")
	server := flags.String("server", "/", "the `path` at which a mock serves the operations")
	embedOut := flags.String("embed", "", "write the Go packages that embed the bundles below this `folder`, and nothing else")
	order := flags.String("order", "", "the `file` with the sample order that -embed makes a part of them")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *embedOut != "" {
		sample, err := os.ReadFile(*order)
		if err != nil {
			return fmt.Errorf("-order: %w", err)
		}
		return errors.Join(
			os.WriteFile(filepath.Join(*embedOut, "order.json"), sample, 0o644), //nolint:gosec // the caller names the folder, as for the files above
			os.WriteFile(filepath.Join(*embedOut, "gen.go"), genGo, 0o644),
			os.WriteFile(filepath.Join(*embedOut, "spec", "spec.gen.go"), specGo, 0o644),
			os.WriteFile(filepath.Join(*embedOut, "served", "served.gen.go"), servedGo, 0o644),
		)
	}
	if *in == "" || *yamlOut == "" || *upgradedOut == "" || *jsonOut == "" || *rulesOut == "" || *requestsOut == "" || *servedOut == "" || *journalOut == "" ||
		*links == "" || *servedLinks == "" {
		return errors.New("-in, -yaml, -upgraded, -json, -rules, -requests, -journal, -served, -links and -served-links are all needed")
	}
	doc, err := bundle(*in)
	if err != nil {
		return fmt.Errorf("%s: %w", *in, err)
	}
	code := takeSamples(doc, *goDir)
	published, enforced := clone(doc), clone(doc)
	if err := errors.Join(publish(published), enforce(enforced), writePatterns(enforced)); err != nil {
		return fmt.Errorf("%s: %w", *in, err)
	}
	served := clone(published)
	if err := describeBoth(filepath.Dir(*in), published, *links, served, *servedLinks, *decisionsOut); err != nil {
		return fmt.Errorf("%s: %w", *in, err)
	}
	numberMembers(enforced, false)
	asJSON, err := compactJSON(enforced)
	if err != nil {
		return err
	}
	if *operationsOut != "" {
		code, err := operations(enforced, filepath.ToSlash(*in))
		if err != nil {
			return err
		}
		if err := os.WriteFile(*operationsOut, code, 0o644); err != nil {
			return err
		}
	}
	if *codesOut != "" {
		if err := writeCodes(enforced, *in, *codesOut); err != nil {
			return err
		}
	}
	if err := writeServed(served, enforced, *servedOut, *in, *server); err != nil {
		return err
	}
	if err := writePublished(doc, published, *in, *links, code, files{openAPI30: *yamlOut, openAPI31: *upgradedOut, schema: *schemaOut}); err != nil {
		return fmt.Errorf("%s: %w", *in, err)
	}
	known, err := readBook(filepath.Dir(*in))
	if err != nil {
		return err
	}
	forJournal, err := journal(enforced, known)
	if err != nil {
		return err
	}
	strip(enforced, false)
	rules, err := compactJSON(enforced)
	if err != nil {
		return err
	}
	onlyRequests(enforced)
	requests, err := compactJSON(enforced)
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(*jsonOut, asJSON, 0o644),
		os.WriteFile(*rulesOut, rules, 0o644),
		os.WriteFile(*journalOut, forJournal, 0o644),
		os.WriteFile(*requestsOut, requests, 0o644),
	)
}

func compactJSON(doc *yaml.Node) ([]byte, error) {
	var out bytes.Buffer
	err := writeJSON(&out, doc)
	out.WriteByte('\n')
	return out.Bytes(), err
}

// strip removes the keys that do not matter for validation. Below properties, keys are member
// names.
func strip(node *yaml.Node, names bool) {
	if node.Kind != yaml.MappingNode {
		for _, child := range node.Content {
			strip(child, false)
		}
		return
	}
	kept := node.Content[:0]
	for i := 0; i < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if !names && forReaders(key.Value) {
			continue
		}
		strip(value, !names && key.Value == "properties")
		kept = append(kept, key, value)
	}
	node.Content = kept
}

// forReaders reports whether a key is documentation only.
func forReaders(key string) bool {
	switch key {
	case "description", "summary", "title", "example", "examples", "externalDocs", "tags", "servers", "contact", "license",
		"x-decision", "x-mock", "x-secret", tagGroupsKey, "x-order", "x-enforced", "x-mock-required", "x-mock-enum",
		mockUnsentKey, goTagsKey, "x-extensible-enum", refusedKey:
		return true
	default:
		return false
	}
}

// bundle composes the document and includes the example files.
func bundle(root string) (*yaml.Node, error) {
	source, err := os.ReadFile(root)
	if err != nil {
		return nil, err
	}
	base, err := filepath.Abs(filepath.Dir(root))
	if err != nil {
		return nil, err
	}
	if err := parseAll(base); err != nil {
		return nil, err
	}
	doc, err := compose(source, base, root)
	if err != nil {
		return nil, err
	}
	if err := inlineExamples(doc, filepath.Join(base, "examples")); err != nil {
		return nil, err
	}
	return doc.Content[0], nil
}

// parseAll returns an error if a file is not YAML. The bundler would use an empty object for it,
// without an error.
func parseAll(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && entry.Name() == "node_modules" {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".yaml" {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var node yaml.Node
		if err := yaml.Unmarshal(data, &node); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return nil
	})
}

// inlineExamples replaces each externalValue by the content of the example file.
func inlineExamples(node *yaml.Node, dir string) error {
	if node.Kind == yaml.MappingNode {
		for i := 0; i < len(node.Content); i += 2 {
			key, value := node.Content[i], node.Content[i+1]
			if key.Value != "externalValue" || value.Kind != yaml.ScalarNode {
				continue
			}
			data, err := os.ReadFile(filepath.Join(dir, filepath.Base(filepath.FromSlash(value.Value))))
			if err != nil {
				return err
			}
			var example yaml.Node
			if err := yaml.Unmarshal(data, &example); err != nil {
				return fmt.Errorf("%s: %w", value.Value, err)
			}
			if len(example.Content) == 0 {
				return fmt.Errorf("%s: the file is empty", value.Value)
			}
			block(example.Content[0])
			node.Content[i] = &yaml.Node{Kind: yaml.ScalarNode, Value: "value"}
			node.Content[i+1] = example.Content[0]
		}
	}
	for _, child := range node.Content {
		if err := inlineExamples(child, dir); err != nil {
			return err
		}
	}
	return nil
}

// block changes the flow style of parsed JSON to the block style of the document.
func block(node *yaml.Node) {
	if len(node.Content) > 0 {
		node.Style &^= yaml.FlowStyle
	}
	for _, child := range node.Content {
		block(child)
	}
}

// writeJSON writes a node as JSON. The members keep the order of the document.
func writeJSON(w io.Writer, node *yaml.Node) error {
	switch node.Kind {
	case yaml.MappingNode:
		return writeList(w, "{", "}", len(node.Content)/2, func(i int) error {
			key, err := json.Marshal(node.Content[2*i].Value)
			if err != nil {
				return err
			}
			if _, err := w.Write(append(key, ':')); err != nil {
				return err
			}
			return writeJSON(w, node.Content[2*i+1])
		})
	case yaml.SequenceNode:
		return writeList(w, "[", "]", len(node.Content), func(i int) error { return writeJSON(w, node.Content[i]) })
	case yaml.ScalarNode:
		var value any
		if err := node.Decode(&value); err != nil {
			return err
		}
		encoder := json.NewEncoder(trimNewline{w})
		encoder.SetEscapeHTML(false)
		return encoder.Encode(value)
	default:
		return fmt.Errorf("line %d: aliases and the like are not expected here", node.Line)
	}
}

func writeList(w io.Writer, open, end string, n int, item func(int) error) error {
	if _, err := io.WriteString(w, open); err != nil {
		return err
	}
	for i := range n {
		if i > 0 {
			if _, err := io.WriteString(w, ","); err != nil {
				return err
			}
		}
		if err := item(i); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, end)
	return err
}

// trimNewline removes the newline that json.Encoder adds.
type trimNewline struct{ io.Writer }

func (t trimNewline) Write(p []byte) (int, error) {
	_, err := io.WriteString(t.Writer, strings.TrimSuffix(string(p), "\n"))
	return len(p), err
}
