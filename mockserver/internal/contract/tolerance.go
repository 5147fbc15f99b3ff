package contract

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// A tolerance is what a server takes beyond its contract, and how it reads that (D-80). The
// contract says it in x-tolerates. Nothing is tolerated where the contract has no such entry.
type tolerance struct {
	// What is read as if it had not been sent.
	Absent struct {
		Nulls      bool     `json:"nulls"`      // null as a member
		EmptyTexts bool     `json:"emptyTexts"` // the empty text, as a member or as a parameter
		ZeroIDs    []string `json:"zeroIDs"`    // optional members and parameters: the id 0, or an object with that id
	} `json:"absent"`
	NumberAsText  []string                     `json:"numberAsText"`  // members that are texts, and may be sent as a number of digits
	TextAsNumber  []string                     `json:"textAsNumber"`  // members that are integers, and may be sent as their digits
	UnpaddedDates []string                     `json:"unpaddedDates"` // parameters whose dates may lack leading zeros
	Spellings     map[string]map[string]string `json:"spellings"`     // by member or parameter: other spellings of a value
}

// newTolerance reads x-tolerates.
func newTolerance(extension any) tolerance {
	var t tolerance
	data, err := json.Marshal(extension)
	if err != nil || json.Unmarshal(data, &t) != nil {
		return tolerance{}
	}
	return t
}

// A form is what the tolerance of a contract means for one value of a body.
type form struct {
	members map[string]*form // of an object
	items   *form            // of an array

	required  bool // as a member of its object
	null      bool // whether null is read as absent
	empty     bool // whether the empty text is
	zero      bool // whether the id 0 is
	reference bool // whether an object with the id 0 is
	number    bool // whether a number is read as its text
	digits    bool // whether digits are read as a number
	spellings map[string]string
}

// form reads what is tolerated of a schema, which belongs to a member of this name.
func (t *tolerance) form(name string, schema *openapi3.Schema) *form {
	f := &form{
		null:  t.Absent.Nulls && schema.VisitJSON(nil) != nil,
		empty: t.Absent.EmptyTexts && schema.VisitJSON("") != nil,
	}
	for spelling, canonical := range t.Spellings[name] {
		if schema.VisitJSON(spelling) != nil && schema.VisitJSON(canonical) == nil {
			f.spellings = t.Spellings[name]
		}
	}
	kind := bare(schema)
	f.number = kind.Type.Is(openapi3.TypeString) && slices.Contains(t.NumberAsText, name)
	f.digits = kind.Type.Is(openapi3.TypeInteger) && slices.Contains(t.TextAsNumber, name)
	if slices.Contains(t.Absent.ZeroIDs, name) {
		f.reference = len(kind.Properties) > 0
		f.zero = !f.reference
	}
	if len(kind.Properties) > 0 {
		f.members = make(map[string]*form, len(kind.Properties))
	}
	for member, ref := range kind.Properties {
		f.members[member] = t.form(member, ref.Value)
		f.members[member].required = slices.Contains(kind.Required, member)
	}
	if kind.Items != nil {
		f.items = t.form(name, kind.Items.Value)
	}
	return f
}

// bare follows the single allOf that gives a reference its own description.
func bare(schema *openapi3.Schema) *openapi3.Schema {
	for len(schema.AllOf) == 1 {
		schema = schema.AllOf[0].Value
	}
	return schema
}

// A rewriter brings a body to the form of the contract, and keeps the paths of what it has changed.
type rewriter struct {
	path    []string
	changed [][]string
}

// rewrite brings a decoded body to the form of the contract. It returns the paths of what was
// tolerated, sorted.
func (f *form) rewrite(tree any) []string {
	var w rewriter
	w.value(f, tree)
	slices.SortFunc(w.changed, func(a, b []string) int { return slices.CompareFunc(a, b, compareSteps) })
	names := make([]string, len(w.changed))
	for i, path := range w.changed {
		names[i] = render(path)
	}
	return names
}

// compareSteps compares the names of two members, or the indexes of two items.
func compareSteps(a, b string) int {
	if isDigits(a) && isDigits(b) {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	}
	return cmp.Compare(a, b)
}

// value brings what is within a value to the form of the contract.
func (w *rewriter) value(f *form, tree any) {
	switch tree := tree.(type) {
	case map[string]any:
		for name, sent := range tree {
			member := f.members[name]
			if member == nil {
				continue
			}
			w.path = append(w.path, name)
			if member.isAbsent(sent) {
				delete(tree, name)
				if !member.required { // else it is missing, and refused for that
					w.note()
				}
			} else if canonical, changed := w.scalar(member, sent); changed {
				tree[name] = canonical
			}
			w.path = w.path[:len(w.path)-1]
		}
	case []any:
		if f.items == nil {
			return
		}
		for i, sent := range tree {
			w.path = append(w.path, strconv.Itoa(i))
			if canonical, changed := w.scalar(f.items, sent); changed {
				tree[i] = canonical
			}
			w.path = w.path[:len(w.path)-1]
		}
	}
}

// scalar returns the form of the contract for a number or a text that is tolerated in another one.
// It goes on into objects and arrays.
func (w *rewriter) scalar(f *form, sent any) (canonical any, changed bool) {
	switch value := sent.(type) {
	case json.Number:
		if f.number && isDigits(string(value)) {
			canonical, changed = string(value), true
		}
	case string:
		if f.digits && isDigits(value) {
			canonical, changed = json.Number(trimZeros(value)), true
		} else if spelling, known := f.spellings[value]; known {
			canonical, changed = spelling, true
		}
	default:
		w.value(f, sent)
	}
	if changed {
		w.note()
	}
	return canonical, changed
}

func (w *rewriter) note() { w.changed = append(w.changed, slices.Clone(w.path)) }

// isAbsent tells whether a member counts as if it had not been sent.
func (f *form) isAbsent(sent any) bool {
	switch value := sent.(type) {
	case nil:
		return f.null
	case string:
		return f.empty && value == "" || f.zero && !f.required && isZero(value)
	case json.Number:
		return f.zero && !f.required && isZero(string(value))
	case map[string]any:
		return f.reference && !f.required && isZeroID(value["id"])
	default:
		return false
	}
}

func isZeroID(id any) bool {
	switch id := id.(type) {
	case json.Number:
		return isZero(string(id))
	case string:
		return isZero(id)
	default:
		return false
	}
}

// isZero tells whether a text is zeros and nothing else.
func isZero(text string) bool { return text != "" && strings.Trim(text, "0") == "" }

func isDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

func trimZeros(digits string) string {
	if trimmed := strings.TrimLeft(digits, "0"); trimmed != "" {
		return trimmed
	}
	return "0"
}

// rewriteQuery brings the parameters of a query to the form of the contract. It returns the names
// of those that it has changed, in the order of the contract.
func (t *tolerance) rewriteQuery(parameters []*openapi3.Parameter, values url.Values) []string {
	var changed []string
	for _, parameter := range parameters {
		sent, there := values[parameter.Name]
		if parameter.In != inQuery || !there {
			continue
		}
		kept := make([]string, 0, len(sent))
		for _, value := range sent {
			if t.isAbsent(parameter, value) {
				continue
			}
			kept = append(kept, t.parameter(parameter, value))
		}
		switch {
		case slices.Equal(kept, sent):
			continue
		case len(kept) == 0:
			delete(values, parameter.Name)
		default:
			values[parameter.Name] = kept
		}
		changed = append(changed, parameter.Name)
	}
	return changed
}

func (t *tolerance) isAbsent(parameter *openapi3.Parameter, value string) bool {
	return value == "" && t.Absent.EmptyTexts ||
		isZero(value) && !parameter.Required && slices.Contains(t.Absent.ZeroIDs, parameter.Name)
}

// parameter returns the form of the contract for a value of a parameter, or the value as it is.
func (t *tolerance) parameter(parameter *openapi3.Parameter, value string) string {
	if spelling, known := t.Spellings[parameter.Name][value]; known {
		return spelling
	}
	if !slices.Contains(t.UnpaddedDates, parameter.Name) {
		return value
	}
	schema := parameter.Schema.Value
	if schema.Items != nil {
		schema = schema.Items.Value
	}
	if padded := padDates(value); schema.VisitJSON(padded) == nil {
		return padded
	}
	return value
}

// padDates puts a zero before each digit that stands alone: 2026-11-2+7:4 is 2026-11-02+07:04.
func padDates(text string) string {
	digit := func(i int) bool { return i >= 0 && i < len(text) && '0' <= text[i] && text[i] <= '9' }
	var padded strings.Builder
	for i := range len(text) {
		if digit(i) && !digit(i-1) && !digit(i+1) {
			padded.WriteByte('0')
		}
		padded.WriteByte(text[i])
	}
	return padded.String()
}
