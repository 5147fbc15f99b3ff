// Package docs holds what a mock says about itself: its contracts, and a page that shows them and tries them out.
package docs

import (
	_ "embed"
	"io"
	"net/http"
	"strconv"
	"sync"

	"github.com/swaggest/swgui/v5/static"
	"github.com/vearutop/statigz"

	"github.com/pkio-tools/certcentral/gen/served"
)

// policy lets the page load and call its own origin only. The images of Swagger UI's style sheet are data.
const policy = "default-src 'none'; base-uri 'none'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; " +
	"img-src 'self' data:; script-src 'self'; style-src 'self'"

// The page of our own around Swagger UI. Its script and its style are files, so that the policy can forbid those that
// stand in a page.
var (
	//go:embed page/index.html
	indexHTML string
	//go:embed page/page.css
	pageCSS string
	//go:embed page/page.js
	pageJS string
)

// Handlers returns what answers GET at which path. Nothing of it needs a key or a network. The contract of the control API is
// served below its prefix.
func Handlers(control string) map[string]http.Handler {
	handlers := map[string]http.Handler{
		"/openapi.yaml":           text("application/yaml", served.CertCentralYAML),
		"/openapi.json":           text("application/json", served.CertCentralJSON),
		control + "/openapi.yaml": text("application/yaml", served.ControlYAML),
		control + "/openapi.json": text("application/json", served.ControlJSON),
		"/docs":                   page("text/html; charset=utf-8", indexHTML),
		"/docs/page.css":          page("text/css; charset=utf-8", pageCSS),
		"/docs/page.js":           page("text/javascript; charset=utf-8", pageJS),
	}
	// Reading the files of Swagger UI takes a moment, which a server that is never asked for them need not spend.
	files := sync.OnceValue(func() http.Handler { return http.StripPrefix("/docs", statigz.FileServer(static.FS)) })
	for _, name := range []string{
		"swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js", "favicon-16x16.png", "favicon-32x32.png",
	} {
		handlers["/docs/"+name] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { files().ServeHTTP(w, r) })
	}
	return handlers
}

// page serves a text that a browser shows or runs.
func page(contentType, content string) http.Handler {
	serve := text(contentType, content)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		serve.ServeHTTP(w, r)
	})
}

// text serves a text as it is, whatever conditions and ranges a request asks for.
func text(contentType, content string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		_, _ = io.WriteString(w, content)
	})
}
