package main

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// samplesKey is where renderers of OpenAPI look for code that calls an operation.
const samplesKey = "x-codeSamples"

// The variables that every sample reads, which are those of the Go client.
const (
	keyVariable  = "CERTCENTRAL_API_KEY"
	baseVariable = "CERTCENTRAL_BASE_URL"
)

// A call is one request as the samples send it, with the values of the contract's examples.
type call struct {
	id, method, path string      // the path with its parameters filled in
	query            [][2]string // names and values
	body             *yaml.Node  // nil for none
	answer           answer
}

// An answer is what a sample does with the response.
type answer int

const (
	answerJSON answer = iota // prints it
	answerNone               // has no body, at least with some status
	answerPEM                // writes it to a file
	answerZIP                // writes it to a file
)

func (a answer) file() string {
	switch a {
	case answerPEM:
		return "certificate.pem"
	case answerZIP:
		return "certificate.zip"
	default:
		return ""
	}
}

// samples are the sources of the code of a contract, together with its examples.
type samples struct {
	dir  string                // the folder with the code in Go; without one, operations have no samples
	path map[string]*yaml.Node // by operation, the parameters of a path whose example would be refused
}

// takeSamples removes from a contract what is for samples only.
func takeSamples(doc *yaml.Node, dir string) samples {
	taken := samples{dir: dir, path: map[string]*yaml.Node{}}
	eachOperation(doc, func(operation *yaml.Node) {
		if parameters := remove(operation, sampleKey); parameters != nil {
			taken.path[member(operation, "operationId").Value] = parameters
		}
	})
	return taken
}

// add gives each operation of a contract code that calls it. The code in Go is in a folder; the
// others are made of the examples.
func (s samples) add(doc *yaml.Node) error {
	if s.dir == "" {
		return nil
	}
	inGo, err := goSamples(s.dir)
	if err != nil {
		return err
	}
	var failed error
	paths := member(doc, "paths")
	for i := 1; i < len(paths.Content); i += 2 {
		item := paths.Content[i]
		for j := 1; j < len(item.Content); j += 2 {
			operation := item.Content[j]
			if member(operation, "operationId") == nil {
				continue
			}
			one, err := s.call(doc, item, operation, item.Content[j-1].Value, paths.Content[i-1].Value)
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("%s: %w", one.id, err))
				continue
			}
			code, there := inGo[one.id]
			if !there {
				failed = errors.Join(failed, fmt.Errorf("%s has no sample in Go; add one to %s", one.id, filepath.ToSlash(s.dir)))
			}
			delete(inGo, one.id)
			set(operation, samplesKey, sequence(
				sample("Shell", "curl", curl(one)),
				sample("Go", "Go", code),
				sample("Python", "Python", python(one)),
				sample("TypeScript", "TypeScript", typeScript(one)),
			))
		}
	}
	for id := range inGo {
		failed = errors.Join(failed, fmt.Errorf("%s has a sample in Go and is no operation", id))
	}
	return failed
}

func sample(language, label, source string) *yaml.Node {
	node := mapping("lang", text(language))
	set(node, "label", text(label))
	set(node, "source", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.LiteralStyle, Value: source})
	return node
}

// call returns the request of an operation. Of the query it has what is required, a page size and a
// filter by the status; a list without pages has its first parameter.
func (s samples) call(doc, item, operation *yaml.Node, method, path string) (call, error) {
	one := call{id: member(operation, "operationId").Value, method: strings.ToUpper(method), path: path}
	var optional [][2]string
	for _, holder := range []*yaml.Node{item, operation} {
		parameters := member(holder, "parameters")
		if parameters == nil {
			continue
		}
		for _, parameter := range parameters.Content {
			if ref := member(parameter, "$ref"); ref != nil {
				parameter = resolve(doc, ref.Value)
			}
			name, example := member(parameter, "name").Value, member(parameter, "example")
			if example != nil && example.Kind == yaml.SequenceNode && len(example.Content) > 0 {
				example = example.Content[0]
			}
			if example == nil || example.Kind != yaml.ScalarNode {
				return one, fmt.Errorf("parameter %s has no example that a sample could send", name)
			}
			if other := member(s.path[one.id], name); other != nil {
				example = other
			}
			required := member(parameter, "required")
			switch {
			case member(parameter, "in").Value == "path":
				if url.PathEscape(example.Value) != example.Value {
					return one, fmt.Errorf("parameter %s: the example %q cannot stand in a path as it is", name, example.Value)
				}
				one.path = strings.ReplaceAll(one.path, "{"+name+"}", example.Value)
			case required != nil && required.Value == "true":
				one.query = append(one.query, [2]string{name, example.Value})
			default:
				optional = append(optional, [2]string{name, example.Value})
			}
		}
	}
	one.query = append(one.query, chosen(optional)...)
	if content := member(member(operation, "requestBody"), "content"); content != nil {
		examples := member(member(content, "application/json"), "examples")
		if examples == nil || len(examples.Content) < 2 {
			return one, errors.New("the body has no example that a sample could send")
		}
		one.body = member(examples.Content[1], "value")
	}
	var err error
	one.answer, err = answerOf(operation)
	return one, err
}

// chosen returns the optional parameters that a sample shows.
func chosen(optional [][2]string) [][2]string {
	at := func(name string) int {
		return slices.IndexFunc(optional, func(p [2]string) bool { return p[0] == name })
	}
	limit, status := at("limit"), at("filters[status]")
	filtered := slices.ContainsFunc(optional, func(p [2]string) bool { return strings.HasPrefix(p[0], "filters[") })
	switch {
	case limit >= 0 && status >= 0:
		return [][2]string{optional[limit], optional[status]}
	case limit >= 0:
		return optional[limit : limit+1]
	case filtered:
		return optional[:1]
	default:
		return nil
	}
}

func answerOf(operation *yaml.Node) (answer, error) {
	responses := member(operation, "responses")
	if member(responses, "204") != nil {
		return answerNone, nil
	}
	for i := 1; i < len(responses.Content); i += 2 {
		content := member(responses.Content[i], "content")
		switch {
		case !strings.HasPrefix(responses.Content[i-1].Value, "2"):
			continue
		case member(content, "application/json") != nil:
			return answerJSON, nil
		case member(content, "application/x-pem-file") != nil:
			return answerPEM, nil
		case member(content, "application/zip") != nil:
			return answerZIP, nil
		}
	}
	return 0, errors.New("no sample knows what to do with the answer")
}
