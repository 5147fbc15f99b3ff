package front

import (
	"context"
	"log/slog"
	"strings"
)

// NewServerLog returns a handler for what net/http logs. Messages about single clients, such as a
// failed handshake, have the level debug; messages about the server are warnings.
func NewServerLog(handler slog.Handler) slog.Handler { return serverLog{handler} }

type serverLog struct{ slog.Handler }

// Enabled is always true: the level depends on the message, which Handle knows.
func (serverLog) Enabled(context.Context, slog.Level) bool { return true }

// Handle gives a message its level.
func (l serverLog) Handle(ctx context.Context, record slog.Record) error {
	record.Level = slog.LevelDebug
	for _, prefix := range []string{"http: Accept error", "http: panic serving"} {
		if strings.HasPrefix(record.Message, prefix) {
			record.Level = slog.LevelWarn
		}
	}
	if !l.Handler.Enabled(ctx, record.Level) {
		return nil
	}
	return l.Handler.Handle(ctx, record)
}
