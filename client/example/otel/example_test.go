package otel_test

import (
	"context"
	"fmt"
	"net/http"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	semconv "go.opentelemetry.io/otel/semconv/v1.37.0"
	"go.opentelemetry.io/otel/trace"
)

// The transport of otelhttp makes a span for each request. The context of the request has the
// operation, which gives the span its name.
func Example_otelhttp() {
	mock := startMock()
	defer mock.Close()
	spans := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))

	transport := otelhttp.NewTransport(http.DefaultTransport,
		otelhttp.WithTracerProvider(provider),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string {
			if call, ok := certcentral.CallFrom(r.Context()); ok && call.OperationID != "" {
				return call.OperationID
			}
			return r.Method
		}))
	cc, err := certcentral.New(certcentral.WithBaseURL(mock.BaseURL()), certcentral.WithAPIKey("example"),
		certcentral.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		fmt.Println(err)
		return
	}
	balance, err := cc.Finance.GetBalance(context.Background())
	fmt.Println(balance.Balance, err)

	for _, span := range spans.GetSpans() {
		fmt.Println(span.Name, attributeOf(span.Attributes, semconv.HTTPResponseStatusCodeKey))
	}
	// Output:
	// 0.00 <nil>
	// getBalance 200
}

// Middleware makes a span and measures the duration of each attempt. The route has no ids, so it
// fits the label of a metric.
func Example_middleware() {
	mock := startMock()
	defer mock.Close()
	spans := tracetest.NewInMemoryExporter()
	reader := sdkmetric.NewManualReader()
	traced := tracing(sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans)).Tracer("certcentral"))
	measured, err := measuring(sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader)).Meter("certcentral"))
	if err != nil {
		fmt.Println(err)
		return
	}
	cc, err := certcentral.New(certcentral.WithBaseURL(mock.BaseURL()), certcentral.WithAPIKey("example"),
		certcentral.WithMiddleware(traced, measured))
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	_, err = cc.Orders.Get(ctx, 1)
	fmt.Println(err)
	_, err = cc.Orders.Get(ctx, 2)
	fmt.Println(err)

	for _, span := range spans.GetSpans() {
		fmt.Println("span:", span.Name, attributeOf(span.Attributes, semconv.HTTPResponseStatusCodeKey), span.Status.Code)
	}
	var metrics metricdata.ResourceMetrics
	if err := reader.Collect(ctx, &metrics); err != nil {
		fmt.Println(err)
		return
	}
	durations, ok := metrics.ScopeMetrics[0].Metrics[0].Data.(metricdata.Histogram[float64])
	if !ok {
		fmt.Println("no histogram")
		return
	}
	for _, point := range durations.DataPoints {
		route, _ := point.Attributes.Value(semconv.URLTemplateKey)
		fmt.Println("metric:", route.AsString(), point.Count)
	}
	// Output:
	// getOrder: status 404: not_found|order
	// getOrder: status 404: not_found|order
	// span: getOrder 404 Error
	// span: getOrder 404 Error
	// metric: /order/certificate/{order_id} 2
}

// tracing returns middleware that makes a span for each attempt.
func tracing(tracer trace.Tracer) func(certcentral.Doer) certcentral.Doer {
	return func(next certcentral.Doer) certcentral.Doer {
		return certcentral.DoerFunc(func(r *http.Request) (*http.Response, error) {
			call, _ := certcentral.CallFrom(r.Context())
			ctx, span := tracer.Start(r.Context(), call.OperationID, trace.WithSpanKind(trace.SpanKindClient),
				trace.WithAttributes(semconv.HTTPRequestMethodKey.String(r.Method), semconv.URLTemplate(call.Route),
					semconv.HTTPRequestResendCount(call.Attempt-1)))
			defer span.End()
			resp, err := next.Do(r.WithContext(ctx))
			if err != nil {
				// The text of the error is left out: it holds the address with its query, and
				// the filters of a list may name a person.
				span.SetStatus(codes.Error, "no answer")
				return nil, err
			}
			span.SetAttributes(semconv.HTTPResponseStatusCode(resp.StatusCode))
			if resp.StatusCode >= http.StatusBadRequest {
				span.SetStatus(codes.Error, http.StatusText(resp.StatusCode))
			}
			return resp, nil
		})
	}
}

// measuring returns middleware that measures how long the headers of each answer take.
func measuring(meter metric.Meter) (func(certcentral.Doer) certcentral.Doer, error) {
	durations, err := meter.Float64Histogram("http.client.request.duration", metric.WithUnit("s"))
	if err != nil {
		return nil, err
	}
	return func(next certcentral.Doer) certcentral.Doer {
		return certcentral.DoerFunc(func(r *http.Request) (*http.Response, error) {
			call, _ := certcentral.CallFrom(r.Context())
			labels := []attribute.KeyValue{semconv.HTTPRequestMethodKey.String(r.Method), semconv.URLTemplate(call.Route)}
			begin := time.Now()
			resp, err := next.Do(r)
			if err == nil {
				labels = append(labels, semconv.HTTPResponseStatusCode(resp.StatusCode))
			}
			durations.Record(r.Context(), time.Since(begin).Seconds(), metric.WithAttributes(labels...))
			return resp, err
		})
	}, nil
}

func attributeOf(attributes []attribute.KeyValue, key attribute.Key) string {
	for _, a := range attributes {
		if a.Key == key {
			return a.Value.String()
		}
	}
	return "none"
}

func startMock() *mockserver.Server {
	mock, err := mockserver.New()
	if err != nil {
		panic(err)
	}
	if err := mock.Start("127.0.0.1:0"); err != nil {
		panic(err)
	}
	return mock
}
