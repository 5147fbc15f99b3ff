// Package otel has examples of the client with OpenTelemetry: traces by the transport of otelhttp,
// and traces and metrics by middleware. It is a module of its own, so that the client does not
// depend on OpenTelemetry.
package otel
