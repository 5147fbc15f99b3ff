package contract

import (
	"math"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// An order holds the order in which the contract lists the members of objects. kin-openapi keeps
// properties in maps, which have no order. So it is read from the JSON of the bundle, which keeps
// the order of the source.
type order struct{ root *node }

// A node is a JSON object with its members in their order. A node of another value has no members.
type node struct {
	names  []string
	values map[string]*node
	text   string // the value of a string
}

func newOrder(raw string) *order {
	return &order{root: readNode(jsontext.NewDecoder(strings.NewReader(raw)))}
}

func readNode(d *jsontext.Decoder) *node {
	token, err := d.ReadToken()
	if err != nil {
		return &node{}
	}
	switch token.Kind() {
	case '{':
		n := &node{values: map[string]*node{}}
		for d.PeekKind() != '}' {
			name, err := d.ReadToken()
			if err != nil {
				return n
			}
			key := name.String()
			n.names = append(n.names, key)
			n.values[key] = readNode(d)
		}
		_, _ = d.ReadToken()
		return n
	case '[':
		n := &node{values: map[string]*node{}}
		for i := 0; d.PeekKind() != ']'; i++ {
			n.values[strconv.Itoa(i)] = readNode(d)
		}
		_, _ = d.ReadToken()
		return n
	case '"':
		return &node{text: token.String()}
	default:
		return &node{}
	}
}

func (n *node) at(names ...string) *node {
	for _, name := range names {
		if n == nil {
			return nil
		}
		n = n.values[name]
	}
	return n
}

// schema resolves references, and allOf with one item, which the contract uses to give a reference
// its own description.
func (o *order) schema(n *node) *node {
	for n != nil {
		if ref := n.at("$ref"); ref != nil {
			n = o.root.at(strings.Split(strings.TrimPrefix(ref.text, "#/"), "/")...)
		} else if wrapped := n.at("allOf", "0"); wrapped != nil {
			n = wrapped
		} else {
			break
		}
	}
	return n
}

// ranker returns a function that gives the rank of a path in the request body of an operation: for
// each step, the position of the member in the contract or the index of the item.
func (o *order) ranker(method, path string) func([]string) []int {
	body := o.root.at("paths", path, strings.ToLower(method), "requestBody", "content", mediaType, "schema")
	return func(steps []string) []int {
		rank := make([]int, len(steps))
		at := o.schema(body)
		for i, step := range steps {
			if items := at.at("items"); items != nil {
				rank[i], _ = strconv.Atoi(step)
				at = o.schema(items)
				continue
			}
			properties := at.at("properties")
			rank[i] = properties.position(step)
			at = o.schema(properties.at(step))
		}
		return rank
	}
}

func (n *node) position(name string) int {
	if n != nil {
		for i, known := range n.names {
			if known == name {
				return i
			}
		}
	}
	return math.MaxInt
}
