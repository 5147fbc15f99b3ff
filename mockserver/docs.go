package mockserver

import (
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/swaggest/swgui"
	"github.com/swaggest/swgui/v5emb"

	"github.com/pkio-tools/certcentral/gen"
	"github.com/pkio-tools/certcentral/gen/spec"
)

// documentation serves the contract and pages about it. It needs no key and no network.
func (r *router) documentation() {
	r.page("/openapi.yaml", text("application/yaml", gen.CertCentralYAML))
	r.page("/openapi.json", text("application/json", spec.CertCentralJSON))
	r.page(controlPrefix+"/openapi.yaml", text("application/yaml", gen.ControlYAML))
	r.page(controlPrefix+"/openapi.json", text("application/json", spec.ControlJSON))
	pages := v5emb.NewHandlerWithConfig(swgui.Config{
		Title: "CertCentral Services API (mock)", SwaggerJSON: "/openapi.json", BasePath: "/docs/",
		SettingsUI: map[string]string{"persistAuthorization": "false", "validatorUrl": "null"},
	})
	r.page(docsPath, pages)
	r.page(docsPath+"/{$}", pages)
	r.page(docsPath+"/{asset}", http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		// The library answers an unknown file in plain text, which nothing here may do.
		if !slices.Contains(docsAssets(), req.PathValue("asset")) {
			routeNotFound(w, req)
			return
		}
		pages.ServeHTTP(w, req)
	}))
}

const docsPath = "/docs"

// docsAssets are the files that the page asks for.
func docsAssets() []string {
	return []string{
		"swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js", "oauth2-redirect.html",
		"favicon-16x16.png", "favicon-32x32.png",
	}
}

// text serves a text as it is, whatever conditions and ranges a request asks for.
func text(contentType, content string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		_, _ = io.WriteString(w, content)
	})
}
