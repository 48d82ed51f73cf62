package app

import (
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// machineClocks returns a function that reads the machine's clocks.
func machineClocks() func() reading {
	boot := ""
	if b, err := os.ReadFile("/proc/sys/kernel/random/boot_id"); err == nil {
		boot = strings.TrimSpace(string(b))
	}
	began, up := time.Now(), uptime()
	return func() reading {
		now := time.Now()
		passed := now.Sub(began) // monotonic, and without the time that the machine slept
		if off := now.Round(0).Sub(began.Round(0)) - passed; off > time.Second || off < -time.Second {
			// It slept, or its clock was set: that is worth a system call.
			return reading{now.Round(0), uptime(), boot}
		}
		return reading{now.Round(0), up + passed, boot}
	}
}

// uptime returns how long the machine has been running, and sleeping, since it was started.
func uptime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		panic("the machine has no clock: " + err.Error()) // every Linux since 2.6.39 has it
	}
	return time.Duration(t.Nano())
}
