// Package docs serves the contracts of the mock, and a page that shows them and can send requests.
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

// policy allows the page to load from and to call its own origin only. The images in the style
// sheet of Swagger UI are data URLs.
const policy = "default-src 'none'; base-uri 'none'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; " +
	"img-src 'self' data:; script-src 'self'; style-src 'self'"

// The page around Swagger UI. Script and style are separate files, so that the policy can forbid
// inline ones.
var (
	//go:embed page/index.html
	indexHTML string
	//go:embed page/page.css
	pageCSS string
	//go:embed page/page.js
	pageJS string
)

// Handlers returns the handlers of GET requests by path. They need neither an API key nor a
// network. The contract of the control API is served below its prefix.
func Handlers(control string) map[string]http.Handler {
	handlers := map[string]http.Handler{
		"/openapi.yaml":                    text("application/yaml", served.CertCentralYAML),
		"/openapi.json":                    text("application/json", served.CertCentralJSON),
		"/openapi.enforced.json":           text("application/json", served.CertCentralEnforcedJSON),
		control + "/openapi.yaml":          text("application/yaml", served.ControlYAML),
		control + "/openapi.json":          text("application/json", served.ControlJSON),
		control + "/openapi.enforced.json": text("application/json", served.ControlEnforcedJSON),
		"/docs":                            page("text/html; charset=utf-8", indexHTML),
		"/docs/decisions":                  page("text/html; charset=utf-8", served.DecisionsHTML), // the documents link to it
		"/docs/page.css":                   page("text/css; charset=utf-8", pageCSS),
		"/docs/page.js":                    page("text/javascript; charset=utf-8", pageJS),
	}
	// The files of Swagger UI are read at the first request for one of them, because that takes
	// some time and most servers get no such request.
	files := sync.OnceValue(func() http.Handler { return http.StripPrefix("/docs", statigz.FileServer(static.FS)) })
	for _, name := range []string{
		"swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js", "favicon-16x16.png", "favicon-32x32.png",
	} {
		handlers["/docs/"+name] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { files().ServeHTTP(w, r) })
	}
	return handlers
}

// page serves a text with the Content-Security-Policy.
func page(contentType, content string) http.Handler {
	serve := text(contentType, content)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		serve.ServeHTTP(w, r)
	})
}

// text serves the whole text. It ignores conditional and range headers.
func text(contentType, content string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		_, _ = io.WriteString(w, content)
	})
}
