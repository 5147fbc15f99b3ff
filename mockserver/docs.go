package mockserver

import (
	"net/http"
	"strings"
	"time"

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
	r.page("/docs", pages)
	r.mux.Handle(http.MethodGet+" /docs/", pages)
}

func text(contentType, content string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(content))
	})
}
