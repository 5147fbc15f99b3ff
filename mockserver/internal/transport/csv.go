package transport

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/bundle"
)

type csvKey struct{}

// NegotiateCSV is a middleware: a list is answered with comma-separated values when the request
// prefers them.
func NegotiateCSV(next server.StrictHandlerFunc, _ string) server.StrictHandlerFunc {
	return func(ctx context.Context, w http.ResponseWriter, r *http.Request, request any) (any, error) {
		if prefersCSV(r.Header.Values("Accept")) {
			ctx = context.WithValue(ctx, csvKey{}, true)
		}
		return next(ctx, w, r, request)
	}
}

func wantsCSV(ctx context.Context) bool { return ctx.Value(csvKey{}) != nil }

// prefersCSV tells whether an Accept header names text/csv with a higher quality than that of JSON.
// Every other request gets JSON, also one that accepts neither: the vendor's page has no 406
// (D-39).
func prefersCSV(accept []string) bool {
	var quality struct{ csv, json, application, anything float64 }
	quality.json, quality.application = -1, -1 // for a range that the header does not name
	for _, header := range accept {
		for element := range strings.SplitSeq(header, ",") {
			kind, parameters, err := mime.ParseMediaType(element)
			if err != nil {
				continue
			}
			q := 1.0
			if text, there := parameters["q"]; there {
				if q, err = strconv.ParseFloat(text, 64); err != nil || !(0 <= q && q <= 1) {
					continue
				}
			}
			switch kind {
			case "text/csv":
				quality.csv = max(quality.csv, q)
			case "application/json":
				quality.json = max(quality.json, q)
			case "application/*":
				quality.application = max(quality.application, q)
			case "*/*":
				quality.anything = max(quality.anything, q)
			}
		}
	}
	json := quality.anything
	switch { // the most specific range counts (RFC 9110, 12.5.1)
	case quality.json >= 0:
		json = quality.json
	case quality.application >= 0:
		json = quality.application
	}
	return quality.csv > 0 && quality.csv > json
}

// A column is a member of an item that is no list, with its name in JSON: that of its object, a
// point, and its own (D-39).
type column struct {
	name string
	path []int // the indexes of the fields of the structs
}

// columns returns the columns of an item: its id first, then its other plain members, then the
// members of its objects. Lists have no columns.
func columns(item reflect.Type, prefix string, path []int) []column {
	var first, own, below []column
	for i := range item.NumField() {
		field := item.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		here := column{prefix + name, append(slices.Clone(path), i)}
		kind := field.Type
		if kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
		}
		switch {
		case kind.Kind() == reflect.Struct:
			below = append(below, columns(kind, here.name+".", here.path)...)
		case kind.Kind() == reflect.Slice:
		case name == "id":
			first = append(first, here)
		default:
			own = append(own, here)
		}
	}
	return slices.Concat(first, own, below)
}

// text returns the value of a column, or an empty text for a member that is left out.
func (c column) text(item reflect.Value) string {
	for _, i := range c.path {
		if item = reflect.Indirect(item); !item.IsValid() {
			return ""
		}
		item = item.Field(i)
	}
	switch item = reflect.Indirect(item); item.Kind() {
	case reflect.Invalid:
		return ""
	case reflect.Float64:
		return strconv.FormatFloat(item.Float(), 'f', -1, 64)
	default:
		return fmt.Sprint(item)
	}
}

// writeCSV writes a line of names and a line for each item.
func writeCSV[T any](items []T) bundle.Content {
	var body bytes.Buffer
	writer := csv.NewWriter(&body)
	all := columns(reflect.TypeFor[T](), "", nil)
	line := make([]string, len(all))
	for i := range all {
		line[i] = all[i].name
	}
	_ = writer.Write(line) // a write to memory does not fail
	for i := range items {
		item := reflect.ValueOf(&items[i]).Elem()
		for j := range all {
			line[j] = all[j].text(item)
		}
		_ = writer.Write(line)
	}
	writer.Flush()
	return bundle.NewContent(body.Bytes())
}
