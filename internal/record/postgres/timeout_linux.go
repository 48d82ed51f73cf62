package postgres

import (
	"strings"
	"syscall"
	"time"
)

const (
	tcpUserTimeout = 18 // TCP_USER_TIMEOUT of linux/tcp.h
	unacknowledged = 10 * time.Second
)

// boundUnacknowledged gives a connection up when what was sent is not acknowledged for a while.
func boundUnacknowledged(network string, c syscall.RawConn) (err error) {
	if !strings.HasPrefix(network, "tcp") {
		return nil
	}
	failed := c.Control(func(fd uintptr) {
		err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(unacknowledged.Milliseconds()))
	})
	if failed != nil {
		return failed
	}
	return err
}
