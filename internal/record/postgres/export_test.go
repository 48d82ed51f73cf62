package postgres

import (
	"os"
	"testing"
	"time"
)

// Hurry makes what takes half a minute in earnest take seconds for one test, but for those who have the time.
func Hurry(t *testing.T) {
	if os.Getenv("SHINGLE_TORTURE") != "" {
		return
	}
	p, s, l, c := patience, silence, slow, connectTimeout
	patience, silence, slow, connectTimeout = 6*time.Second, 3*time.Second, 3*time.Second, 2*time.Second
	t.Cleanup(func() { patience, silence, slow, connectTimeout = p, s, l, c })
}

// Cut ends all connections of an engine, as a network that fails does.
func Cut(e *Engine) { e.servers.cut(true) }
