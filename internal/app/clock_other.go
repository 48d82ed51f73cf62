//go:build !linux

package app

import "time"

// machineClocks returns a function that reads the machine's clocks. Here, what passed is known since the
// process began, without the time that the machine slept: after a long sleep an operator accepts the clock.
func machineClocks() func() reading {
	began := time.Now()
	return func() reading {
		now := time.Now()
		return reading{wall: now.Round(0), up: now.Sub(began)}
	}
}
