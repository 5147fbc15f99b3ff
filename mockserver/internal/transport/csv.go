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

// NegotiateCSV wraps the handlers of operations: a list is answered with comma-separated values where the request prefers
// them.
func NegotiateCSV(next server.StrictHandlerFunc, _ string) server.StrictHandlerFunc {
	return func(ctx context.Context, w http.ResponseWriter, r *http.Request, request any) (any, error) {
		if prefersCSV(r.Header.Values("Accept")) {
			ctx = context.WithValue(ctx, csvKey{}, true)
		}
		return next(ctx, w, r, request)
	}
}

func wantsCSV(ctx context.Context) bool { return ctx.Value(csvKey{}) != nil }

// prefersCSV tells whether an Accept header names text/csv, and likes it better than whatever covers application/json. JSON
// is the answer to everything else, also to what neither form satisfies: the vendor's page knows no 406 (D-39).
func prefersCSV(accept []string) bool {
	var quality struct{ csv, json, application, anything float64 }
	quality.json, quality.application = -1, -1 // for what is not named
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
	switch { // the narrowest range counts (RFC 9110, 12.5.1)
	case quality.json >= 0:
		json = quality.json
	case quality.application >= 0:
		json = quality.application
	}
	return quality.csv > 0 && quality.csv > json
}

// A column is one plain member of an item, under the name that it has in JSON, with a point for each step down (D-39).
type column struct {
	name string
	path []int // of the field of the struct
}

// columns lists the plain members of an item: its id first, then its own, then those of the members that are objects.
// Lists are left out.
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

// text is the value that an item has in a column, and nothing for a member that is left out.
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

// writeCSV writes a line of names, and a line for each item.
func writeCSV[T any](items []T) bundle.Content {
	var body bytes.Buffer
	writer := csv.NewWriter(&body)
	all := columns(reflect.TypeFor[T](), "", nil)
	line := make([]string, len(all))
	for i := range all {
		line[i] = all[i].name
	}
	_ = writer.Write(line) // into memory, which does not fail
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
