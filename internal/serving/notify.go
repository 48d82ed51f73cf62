package serving

import (
	"context"
	"net"
	"os"
	"strconv"
	"time"
)

// Notify tells systemd how the service is, as sd_notify(3) does: "READY=1", "STOPPING=1", "WATCHDOG=1". Where
// no systemd listens nothing happens.
func Notify(state string) {
	socket := os.Getenv("NOTIFY_SOCKET")
	if socket == "" {
		return
	}
	conn, err := net.Dial("unixgram", socket) // a leading @ is an abstract name to both
	if err != nil {
		return // the service is as it is, also if nobody hears of it
	}
	defer func() { _ = conn.Close() }()
	_, _ = conn.Write([]byte(state))
}

// Watchdog tells systemd twice per interval that the process lives, until ctx ends, if the unit asks for
// that (WatchdogSec=): one that is stopped, or whose goroutines get no turn, is started anew. Whether it does its
// work is for /healthz to say: a restart mends no full disk.
func Watchdog(ctx context.Context) {
	micros, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64)
	if pid := os.Getenv("WATCHDOG_PID"); err != nil || micros <= 0 || pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return
	}
	tick := time.NewTicker(time.Duration(micros) * time.Microsecond / 2)
	defer tick.Stop()
	for {
		Notify("WATCHDOG=1")
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
