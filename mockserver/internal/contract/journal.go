package contract

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// envelopeSchema is the schema of refusals, with or without an operation.
const envelopeSchema = "ErrorEnvelope"

// A journalDocument is what the journal needs of a contract. The bundler makes it
// (tools/bundle/journal.go).
type journalDocument struct {
	Operations map[string]struct {
		Decisions  []string            `json:"decisions"`
		Parameters map[string][]string `json:"parameters"`
		Request    *journalSchema      `json:"request"`
		Responses  map[string]struct {
			Schema *journalSchema `json:"schema"`
			Orders []string       `json:"orders"`
		} `json:"responses"`
	} `json:"operations"`
	Schemas map[string]*journalSchema `json:"schemas"`
	Anchors map[string]string         `json:"anchors"`
}

type journalSchema struct {
	Ref       string                    `json:"ref"`
	Secret    bool                      `json:"secret"`
	Decisions []string                  `json:"decisions"`
	Members   map[string]*journalSchema `json:"members"`
	Items     *journalSchema            `json:"items"`
	All       []*journalSchema          `json:"all"`
	Type      string                    `json:"type"`
}

// A register is the parsed document.
type register struct {
	operations map[string]*registered // by operation id
	envelope   *mask
	anchors    map[string]string // by decision
}

// A registered operation is what the journal needs of an operation.
type registered struct {
	decisions  []string
	parameters map[string][]string // the decisions of parameters
	request    *mask               // nil without a body
	responses  map[int]*mask
}

// A mask says what of a JSON value is shown: which members the contract declares, and which of
// them are secret.
type mask struct {
	secret    bool
	object    bool // whether an object is declared
	scalar    bool // whether a text, a number or a boolean is
	members   map[string]*mask
	items     *mask // of an array; nil if none is declared
	order     bool  // whether the value is the id of an order
	decisions []string
}

func newRegister(text string) *register {
	var doc journalDocument
	if json.Unmarshal([]byte(text), &doc) != nil {
		return &register{} // in which nothing is declared; a test parses both documents
	}
	named := map[string]*mask{}
	var build func(*journalSchema) *mask
	var fill func(*mask, *journalSchema)
	fill = func(m *mask, s *journalSchema) {
		m.secret = m.secret || s.Secret
		m.object = m.object || s.Type == "object" || len(s.Members) > 0
		m.scalar = m.scalar || s.Type != "" && s.Type != "object" && s.Type != "array"
		m.decisions = append(m.decisions, s.Decisions...)
		for name, member := range s.Members {
			m.members[name] = build(member)
		}
		if s.Items != nil {
			m.items = build(s.Items)
		}
		for _, part := range s.All {
			for part.Ref != "" {
				part = doc.Schemas[part.Ref]
			}
			fill(m, part)
		}
	}
	build = func(s *journalSchema) *mask {
		if s.Ref != "" && named[s.Ref] != nil {
			return named[s.Ref]
		}
		m := &mask{members: map[string]*mask{}}
		if s.Ref != "" {
			named[s.Ref] = m // before its members, one of which may be of the same schema
			s = doc.Schemas[s.Ref]
		}
		fill(m, s)
		return m
	}
	r := &register{
		operations: map[string]*registered{}, envelope: build(&journalSchema{Ref: envelopeSchema}), anchors: doc.Anchors,
	}
	for id, op := range doc.Operations {
		one := &registered{decisions: op.Decisions, parameters: op.Parameters, responses: map[int]*mask{}}
		if op.Request != nil {
			one.request = build(op.Request)
		}
		for code, response := range op.Responses {
			m := build(response.Schema)
			for _, pointer := range response.Orders {
				m = m.withOrder(strings.Split(pointer, "/")[1:])
			}
			if status, err := strconv.Atoi(code); err == nil {
				one.responses[status] = m
			}
		}
		r.operations[id] = one
	}
	return r
}

// withOrder returns a copy of a mask in which a value is the id of an order. The other operations
// with the same schema keep the original.
func (m *mask) withOrder(path []string) *mask {
	if m == nil {
		return nil
	}
	copied := *m
	switch {
	case len(path) == 0:
		copied.order = true
	case m.items != nil:
		copied.items = m.items.withOrder(path[1:])
	default:
		copied.members = maps.Clone(m.members)
		copied.members[path[0]] = m.members[path[0]].withOrder(path[1:])
	}
	return &copied
}

// response returns the mask of an answer. Refusals that are not declared are in the envelope too.
func (r *register) response(op *Operation, status int) *mask {
	if op != nil && r.operations[op.ID] != nil {
		if m := r.operations[op.ID].responses[status]; m != nil {
			return m
		}
	}
	if status >= http.StatusBadRequest {
		return r.envelope
	}
	return nil
}

// Decisions returns the decisions behind a rule that a request has broken, sorted: those of the
// parameter or the member at a path such as organization.contacts[0].email, or of the object around
// it; without a path, those of the operation.
func (op *Operation) Decisions(path string) []string {
	known := op.contract.register().operations[op.ID]
	if known == nil {
		return nil
	}
	cited := known.parameters[path]
	steps := strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
	switch {
	case len(steps) == 0:
		cited = known.decisions
	case len(cited) == 0 && known.request != nil:
		cited = known.request.members[steps[0]].decisionsAt(steps[1:])
	}
	return slices.Compact(slices.Sorted(slices.Values(cited)))
}

func (m *mask) decisionsAt(path []string) []string {
	if m == nil {
		return nil
	}
	if len(path) > 0 {
		inner := m.members[path[0]]
		if _, err := strconv.Atoi(path[0]); err == nil {
			inner = m.items
		}
		if cited := inner.decisionsAt(path[1:]); len(cited) > 0 {
			return cited
		}
	}
	return m.decisions
}

// Anchor returns the name of the heading of a decision in a link to DECISIONS.md; nothing for one
// that there is not.
func (c *Contract) Anchor(decision string) string { return c.register().anchors[decision] }

// Has reports whether a contract has an operation of this id.
func (c *Contract) Has(id string) bool {
	_, there := c.register().operations[id]
	return there
}

// Contract returns the contract of an operation.
func (op *Operation) Contract() *Contract { return op.contract }

// HasParameter reports whether an operation has a query parameter. A filter can have an index.
func (op *Operation) HasParameter(name string) bool {
	if indexed, ok := parseIndexed(name); ok {
		name = indexed.filter
	}
	return slices.Contains(op.queryNames(), name)
}
