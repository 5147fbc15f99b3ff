package main

import (
	"encoding/json"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A journalDocument is what the journal of a mock needs of a contract: which members bodies have and which of them are
// secret, where answers name orders, and the decisions behind each rule. It is a tenth of the enforced document, and is
// parsed in a millisecond.
type journalDocument struct {
	Operations map[string]*journalOperation `json:"operations"`
	Schemas    map[string]*journalSchema    `json:"schemas"`
	// Anchors are the decisions that there are, with the names of their headings in links.
	Anchors map[string]string `json:"anchors"`
}

type journalOperation struct {
	Decisions  []string                    `json:"decisions,omitempty"`
	Parameters map[string][]string         `json:"parameters,omitempty"` // the decisions of parameters that have some
	Request    *journalSchema              `json:"request,omitempty"`
	Responses  map[string]*journalResponse `json:"responses,omitempty"` // in JSON, by status
}

type journalResponse struct {
	Schema *journalSchema `json:"schema"`
	Orders []string       `json:"orders,omitempty"` // JSON Pointers to ids of orders; 0 stands for every item
}

type journalSchema struct {
	Ref       string                    `json:"ref,omitempty"`
	Secret    bool                      `json:"secret,omitempty"`
	Decisions []string                  `json:"decisions,omitempty"`
	Members   map[string]*journalSchema `json:"members,omitempty"`
	Items     *journalSchema            `json:"items,omitempty"`
	All       []*journalSchema          `json:"all,omitempty"` // the parts of allOf, anyOf and oneOf
	Type      string                    `json:"type,omitempty"`
}

const (
	schemaPrefix   = "#/components/schemas/"
	secretKey      = "x-secret"
	decisionKey    = "x-decision"
	jsonType       = "application/json"
	responseBody   = "$response.body#"
	orderParameter = "order_id"
)

// journal returns the document for the journal as JSON.
func journal(doc *yaml.Node, b *book) ([]byte, error) {
	out := journalDocument{Operations: map[string]*journalOperation{}, Schemas: map[string]*journalSchema{}, Anchors: map[string]string{}}
	for id, one := range b.decisions {
		out.Anchors[id] = one.anchor
	}
	schemas := member(member(doc, "components"), "schemas")
	for i := 0; i+1 < len(schemas.Content); i += 2 {
		out.Schemas[schemas.Content[i].Value] = schemaForJournal(schemas.Content[i+1])
	}
	paths := member(doc, "paths")
	for i := 1; i < len(paths.Content); i += 2 {
		item := paths.Content[i]
		for j := 1; j < len(item.Content); j += 2 {
			if id := member(item.Content[j], "operationId"); id != nil {
				out.Operations[id.Value] = operationForJournal(doc, item, item.Content[j])
			}
		}
	}
	data, err := json.Marshal(out)
	return append(data, '\n'), err
}

func operationForJournal(doc, item, op *yaml.Node) *journalOperation {
	out := &journalOperation{
		Decisions: list(member(op, decisionKey)), Parameters: map[string][]string{}, Responses: map[string]*journalResponse{},
	}
	for _, parameters := range []*yaml.Node{member(item, "parameters"), member(op, "parameters")} {
		if parameters == nil {
			continue
		}
		for _, parameter := range parameters.Content {
			parameter = dereference(doc, parameter)
			if cited := list(member(parameter, decisionKey)); len(cited) > 0 {
				out.Parameters[member(parameter, "name").Value] = cited
			}
		}
	}
	if body := jsonSchema(member(op, "requestBody")); body != nil {
		out.Request = schemaForJournal(body)
	}
	responses := member(op, "responses")
	for i := 0; i+1 < len(responses.Content); i += 2 {
		response := dereference(doc, responses.Content[i+1])
		if body := jsonSchema(response); body != nil {
			out.Responses[responses.Content[i].Value] = &journalResponse{schemaForJournal(body), ordersIn(response)}
		}
	}
	return out
}

// ordersIn returns where a response names orders: its links say so.
func ordersIn(response *yaml.Node) []string {
	var pointers []string
	links := member(response, "links")
	for i := 1; links != nil && i < len(links.Content); i += 2 {
		order := member(member(links.Content[i], "parameters"), orderParameter)
		if order == nil {
			continue
		}
		if pointer, inBody := strings.CutPrefix(order.Value, responseBody); inBody && !slices.Contains(pointers, pointer) {
			pointers = append(pointers, pointer)
		}
	}
	slices.Sort(pointers)
	return pointers
}

func schemaForJournal(node *yaml.Node) *journalSchema {
	if ref := member(node, "$ref"); ref != nil {
		return &journalSchema{Ref: strings.TrimPrefix(ref.Value, schemaPrefix)}
	}
	out := &journalSchema{Decisions: list(member(node, decisionKey))}
	if secret := member(node, secretKey); secret != nil {
		out.Secret = secret.Value == "true"
	}
	if kind := member(node, "type"); kind != nil {
		out.Type = kind.Value
	}
	if properties := member(node, "properties"); properties != nil {
		out.Members = map[string]*journalSchema{}
		for i := 0; i+1 < len(properties.Content); i += 2 {
			out.Members[properties.Content[i].Value] = schemaForJournal(properties.Content[i+1])
		}
	}
	if items := member(node, "items"); items != nil {
		out.Items = schemaForJournal(items)
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		if parts := member(node, keyword); parts != nil {
			for _, part := range parts.Content {
				out.All = append(out.All, schemaForJournal(part))
			}
		}
	}
	return out
}

func jsonSchema(node *yaml.Node) *yaml.Node {
	return member(member(member(node, "content"), jsonType), "schema")
}

// dereference returns the component that a node refers to, or the node.
func dereference(doc, node *yaml.Node) *yaml.Node {
	if ref := member(node, "$ref"); ref != nil {
		return resolve(doc, ref.Value)
	}
	return node
}

// list returns the texts of a node that is a text or a list of texts.
func list(node *yaml.Node) []string {
	switch {
	case node == nil:
		return nil
	case node.Kind == yaml.ScalarNode:
		return []string{node.Value}
	default:
		var all []string
		for _, item := range node.Content {
			all = append(all, item.Value)
		}
		return all
	}
}
