package postgres

import (
	"os"
	"time"
)

// What takes half a minute in earnest takes seconds here, but for those who have the time.
func init() {
	if os.Getenv("SHINGLE_TORTURE") == "" {
		patience, silence, slow = 4*time.Second, 2*time.Second, time.Second
	}
}

// Cut ends all connections of an engine, as a network that fails does.
func Cut(e *Engine) { e.servers.cut(true) }
