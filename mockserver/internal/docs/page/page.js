"use strict";

SwaggerUIBundle({
  dom_id: "#swagger-ui",
  urls: [
    { name: "CertCentral Services API", url: "/openapi.json" },
    { name: "Control API of the mock", url: "/_mock/openapi.json" },
  ],
  // A link must not choose another document, and a key must not outlive the page.
  queryConfigEnabled: false,
  persistAuthorization: false,
  validatorUrl: null,
  // The logo carries a style of its own, which the policy of the page forbids.
  plugins: [({ React }) => ({ components: { Logo: () => React.createElement("span", null, "certcentral-mock") } })],
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: "StandaloneLayout",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  showExtensions: true,
});
