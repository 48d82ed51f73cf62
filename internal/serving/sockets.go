// Package serving answers on the network for whoever has something to say there.
//
// Its sockets outlive the process: [Inherit] takes over those that systemd opened or the process before
// left, and [Sockets.HandOn] runs the program again in this process's place with the sockets kept. While
// nobody accepts, the kernel holds the connections that come in: to whoever asks, a restart is a moment's wait.
//
//	sockets, err := serving.Inherit()
//	_, err = sockets.Open("listen", "127.0.0.1:8080")
//	group := serving.Group{…}            // servers with their limits
//	err = sockets.HandOn(program, args)  // does not return if it goes well
//
// Strangers are bounded in what they may take ([Limits]): connections and running requests, as a whole and
// from one address, so that one who is slow on purpose takes nothing from the others. Each request leaves
// one line ([Noted]) that says what was asked for by the route's pattern, and nothing that somebody typed.
package serving

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Sockets are listening sockets by name. They stay open, whatever happens to the listeners made of them,
// until they are closed or handed on.
type Sockets struct {
	files map[string]*os.File
	given []string // names of those that systemd opened
}

// handedOn is the variable in which a process names its sockets to the program that it becomes:
// "name=descriptor,…". It counts only with our own process id in front, as systemd's does.
const handedOn = "SHINGLE_HANDED_ON"

// Inherit takes over the sockets that were left for this process: by itself before it ran the program anew,
// or by systemd (sd_listen_fds(3)).
func Inherit() (*Sockets, error) {
	s := &Sockets{files: map[string]*os.File{}}
	defer func() {
		for _, name := range []string{handedOn, "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"} {
			_ = os.Unsetenv(name) // not for the programs that we start
		}
	}()
	pid, list, _ := strings.Cut(os.Getenv(handedOn), ":")
	if pid == strconv.Itoa(os.Getpid()) {
		for pair := range strings.SplitSeq(list, ",") {
			name, number, _ := strings.Cut(pair, "=")
			fd, err := strconv.Atoi(number)
			if err != nil {
				return nil, fmt.Errorf("%s is %q, which names no sockets", handedOn, list)
			}
			s.take(name, fd)
		}
		return s, nil
	}
	if os.Getenv("LISTEN_PID") != strconv.Itoa(os.Getpid()) {
		return s, nil
	}
	n, err := strconv.Atoi(os.Getenv("LISTEN_FDS"))
	if err != nil || n < 0 {
		return nil, fmt.Errorf("LISTEN_FDS is %q, which is no number of sockets", os.Getenv("LISTEN_FDS"))
	}
	names := strings.Split(os.Getenv("LISTEN_FDNAMES"), ":")
	const first = 3 // SD_LISTEN_FDS_START
	for i := range n {
		name := "unknown"
		if i < len(names) && names[i] != "" {
			name = names[i]
		}
		if s.files[name] != nil { // systemd names all of a unit alike, unless it is told otherwise
			name = fmt.Sprintf("%s-%d", name, i)
		}
		s.take(name, first+i)
		s.given = append(s.given, name)
	}
	return s, nil
}

func (s *Sockets) take(name string, fd int) {
	syscall.CloseOnExec(fd)
	s.files[name] = os.NewFile(uintptr(fd), name)
}

// Given returns the names of the sockets that systemd opened.
func (s *Sockets) Given() []string { return s.given }

// Open opens a socket on a TCP address under a name, unless it is there, and returns where it listens.
func (s *Sockets) Open(name, address string) (net.Addr, error) {
	err := s.OpenWith(name, func() (net.Listener, error) {
		l, err := net.Listen("tcp", address)
		switch {
		case errors.Is(err, syscall.EADDRINUSE):
			return nil, fmt.Errorf("another program listens on %s already; choose another --listen", address)
		case errors.Is(err, syscall.EACCES):
			return nil, fmt.Errorf("this user may not listen on %s; allow it (AmbientCapabilities=CAP_NET_BIND_SERVICE, or a socket unit), or choose a port over 1023", address)
		case err != nil:
			return nil, fmt.Errorf("cannot listen on %s: %w", address, err)
		}
		return l, nil
	})
	if err != nil {
		return nil, err
	}
	l, err := s.Listener(name)
	if err != nil {
		return nil, err
	}
	return l.Addr(), l.Close()
}

// OpenWith is Open for a socket that open opens.
func (s *Sockets) OpenWith(name string, open func() (net.Listener, error)) error {
	if s.files[name] != nil {
		return nil
	}
	l, err := open()
	if err != nil {
		return err
	}
	if u, ok := l.(*net.UnixListener); ok {
		u.SetUnlinkOnClose(false) // its path is there for as long as the socket is
	}
	file, err := l.(interface{ File() (*os.File, error) }).File()
	if err = errors.Join(err, l.Close()); err == nil {
		s.files[name] = file
	}
	return err
}

// Listener returns a listener on a socket. The socket stays open when it is closed.
func (s *Sockets) Listener(name string) (net.Listener, error) {
	l, err := net.FileListener(s.files[name])
	if err != nil {
		return nil, fmt.Errorf("the socket %q cannot be listened on: %w", name, err)
	}
	return l, nil
}

// Rename gives a socket another name, unless there is one of that name.
func (s *Sockets) Rename(from, to string) bool {
	if s.files[to] != nil {
		return false
	}
	s.files[to] = s.files[from]
	delete(s.files, from)
	return true
}

// Close closes the sockets: new connections are refused as soon as their listeners are closed too.
func (s *Sockets) Close() {
	for name, file := range s.files {
		_ = file.Close()
		delete(s.files, name)
	}
}

// HandOn runs a program in place of this one, in the same process, and leaves it the sockets. It returns only
// if that failed; then the sockets are as they were. Whatever must be finished has been finished before.
func (s *Sockets) HandOn(program string, args []string) error {
	var list []string
	for name, file := range s.files {
		raw, err := file.SyscallConn()
		if err != nil {
			return err
		}
		if err := raw.Control(func(fd uintptr) {
			list = append(list, fmt.Sprintf("%s=%d", name, fd))
			keepOnExec(fd, true)
		}); err != nil {
			return err
		}
		defer func() { _ = raw.Control(func(fd uintptr) { keepOnExec(fd, false) }) }()
	}
	env := append(os.Environ(), fmt.Sprintf("%s=%d:%s", handedOn, os.Getpid(), strings.Join(list, ",")))
	return fmt.Errorf("%s could not be run: %w", program, syscall.Exec(program, args, env))
}

func keepOnExec(fd uintptr, keep bool) {
	flag := uintptr(syscall.FD_CLOEXEC)
	if keep {
		flag = 0
	}
	_, _, _ = syscall.Syscall(syscall.SYS_FCNTL, fd, syscall.F_SETFD, flag)
}
