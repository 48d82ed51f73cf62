package certs

import (
	"context"
	"log/slog"
	"slices"

	"go.uber.org/zap/zapcore"
)

// core hands what certmagic logs to our log: what is wrong, with the few particulars that name nobody. What
// goes well is told by [told].
type core struct {
	to   *slog.Logger
	with []zapcore.Field
}

var _ zapcore.Core = (*core)(nil)

// kept are the fields that are logged. Others may hold the address of whoever runs this.
var kept = []string{"identifier", "identifiers", "error", "issuer", "attempt", "remaining", "retrying_in", "challenge_type"}

// Enabled implements [zapcore.LevelEnabler].
func (c *core) Enabled(l zapcore.Level) bool { return l >= zapcore.WarnLevel }

// With implements [zapcore.Core].
func (c *core) With(fields []zapcore.Field) zapcore.Core {
	return &core{c.to, append(slices.Clip(c.with), fields...)}
}

// Check implements [zapcore.Core].
func (c *core) Check(e zapcore.Entry, checked *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if c.Enabled(e.Level) {
		return checked.AddCore(e, c)
	}
	return checked
}

// Write implements [zapcore.Core].
func (c *core) Write(e zapcore.Entry, fields []zapcore.Field) error {
	level := slog.LevelWarn
	if e.Level > zapcore.WarnLevel {
		level = slog.LevelError
	}
	values := zapcore.NewMapObjectEncoder()
	for _, f := range append(slices.Clip(c.with), fields...) {
		f.AddTo(values)
	}
	var attrs []slog.Attr
	for _, name := range kept {
		if v, ok := values.Fields[name]; ok {
			attrs = append(attrs, slog.Any(name, v))
		}
	}
	c.to.LogAttrs(context.Background(), level, "certificates: "+e.Message, attrs...)
	return nil
}

// Sync implements [zapcore.Core].
func (c *core) Sync() error { return nil }
