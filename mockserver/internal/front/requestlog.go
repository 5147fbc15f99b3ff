package front

import (
	"context"
	"log/slog"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/mockserver/internal/clock"
	"github.com/pkio-tools/certcentral/mockserver/internal/contract"
)

// A requestLog writes a line for each request at the level info, and why it was refused or what of
// it was ignored at the level debug. Of what a client sent, the
// line has only the request id, and names that [contract.PlainName] lets pass.
type requestLog struct {
	logger *slog.Logger
	clock  clock.Source
}

// follows tells whether a request is to be logged at all.
func (l *requestLog) follows(ctx context.Context) bool {
	return l != nil && l.logger.Enabled(ctx, slog.LevelInfo)
}

// write logs a request that has been answered.
func (l *requestLog) write(r *http.Request, x *exchange, begun time.Time) {
	ctx, id := r.Context(), slog.String("request_id", x.Header().Get("X-Request-Id"))
	if l.logger.Enabled(ctx, slog.LevelDebug) {
		for _, one := range x.errors {
			l.logger.LogAttrs(ctx, slog.LevelDebug, "request refused", slog.String("code", one.Code), slog.String("message", one.Message), id)
		}
		if tolerated := x.Header().Get(toleratedHeader); tolerated != "" {
			l.logger.LogAttrs(ctx, slog.LevelDebug, "parts of the request tolerated", slog.String("names", tolerated), id)
		}
		if ignored := x.Header().Get(ignoredHeader); ignored != "" {
			l.logger.LogAttrs(ctx, slog.LevelDebug, "parts of the request ignored", slog.String("names", ignored), id)
		}
	}
	account := ""
	if x.account != "" {
		account = x.account.Short()
	}
	attrs := append(make([]slog.Attr, 0, 9),
		slog.String("operation", x.operation), slog.String("account", account), slog.Int("status", x.status),
		slog.String("codes", codesOf(x.errors)), slog.Float64("ms", milliseconds(l.clock.Base().Sub(begun))), id,
	)
	if x.fault != "" {
		attrs = append(attrs, slog.String("fault", x.fault))
	}
	if x.operation == "" {
		attrs = append(attrs, slog.String("method", plainMethod(r.Method)), slog.String("path", plainPath(r.URL.Path, contract.SecretsOf(r.Header))))
	}
	l.logger.LogAttrs(ctx, slog.LevelInfo, "request", attrs...)
}

// codesOf are the codes of a refusal, or the first of them and +n for n more.
func codesOf(list []api.ErrorReason) string {
	const most = 20
	var codes []string
	for i, one := range list {
		if i == most {
			codes = append(codes, "+"+strconv.Itoa(len(list)-most))
			break
		}
		codes = append(codes, one.Code)
	}
	return strings.Join(codes, ",")
}

// milliseconds returns a duration in milliseconds, rounded to microseconds.
func milliseconds(d time.Duration) float64 { return math.Round(float64(d.Nanoseconds())/1e3) / 1e3 }

// plainMethod returns a method of HTTP as it is. Any other text in its place can be a secret.
func plainMethod(method string) string {
	known := []string{
		http.MethodConnect, http.MethodDelete, http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPatch, http.MethodPost,
		http.MethodPut, http.MethodTrace,
	}
	if slices.Contains(known, method) {
		return method
	}
	return contract.Redacted
}

// plainPath returns a path in which segments that are no plain names, such as ids, are replaced.
func plainPath(path string, sent contract.Secrets) string {
	const maxSegments = 12
	segments := strings.SplitN(path, "/", maxSegments)
	for i, segment := range segments {
		if segment != "" {
			segments[i] = contract.PlainName(segment, sent)
		}
	}
	return strings.Join(segments, "/")
}
