package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// start starts a server of the middling register and asks it for a member until it answers.
func start(ctx context.Context, s *session) ([]row, error) {
	base, err := s.register(s.Some)
	if err != nil {
		return nil, err
	}
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var waited, memory []float64
	for range s.Runs {
		address, err := freeAddress()
		if err != nil {
			return nil, err
		}
		cmd := exec.CommandContext(ctx, program, "serve", "body", "--data", base.Data, "--listen", address)
		began := time.Now()
		if err := cmd.Start(); err != nil {
			return nil, err
		}
		took, bytes, err := watch(cmd, address, began)
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := errors.Join(err, cmd.Wait()); err != nil {
			return nil, err
		}
		waited, memory = append(waited, took.Seconds()), append(memory, float64(bytes))
	}
	took, bytes := median(waited), median(memory)
	what := "start with " + figure(float64(s.Some)) + " members"
	return []row{
		{what: what + ": first answer", measured: fmt.Sprintf("%.0f ms", 1000*took), beside: "–",
			value: fmt.Sprintf("%.0f ms", 1000*took), target: "< 100 ms", met: took < 0.1},
		{what: what + ": anonymous memory", measured: fmt.Sprintf("%.1f MiB", bytes/(1<<20)), beside: "–",
			value: fmt.Sprintf("%.1f MiB", bytes/(1<<20)), target: "< 40 MiB", met: bytes < 40<<20},
	}, nil
}

// freeAddress returns an address on which nobody listens just now.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String(), nil
}

// watch waits for the first answer and looks at the memory then, and a second later.
func watch(cmd *exec.Cmd, address string, began time.Time) (took time.Duration, memory int64, err error) {
	for {
		err := fetch(address, []string{standingPath(41)}, func(answer) error { return nil })
		if err == nil {
			break
		}
		if time.Since(began) > 30*time.Second {
			return 0, 0, fmt.Errorf("no answer within 30 seconds: %w", err)
		}
		time.Sleep(500 * time.Microsecond)
	}
	took = time.Since(began)
	for range 2 {
		now, err := anonymousMemory(cmd.Process.Pid)
		if err != nil {
			return 0, 0, err
		}
		memory = max(memory, now)
		time.Sleep(time.Second)
	}
	return took, memory, nil
}

// anonymousMemory returns how many bytes of a process no file stands behind; see proc_pid_status(5).
func anonymousMemory(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kib << 10, err
		}
	}
	return 0, errors.New("the system does not say how much memory a process has to itself")
}
