package bench

import (
	"errors"
	"os"
	"path/filepath"
	"runtime/pprof"
)

// profile takes a CPU profile until stop, if one is asked for. Of several runs the last one stays.
func (s *session) profile(name string) (stop func(), err error) {
	if s.Profile == "" {
		return func() {}, nil
	}
	if err := os.MkdirAll(s.Profile, 0o700); err != nil {
		return nil, err
	}
	file, err := os.Create(filepath.Join(s.Profile, name+".pprof"))
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() {
		pprof.StopCPUProfile()
		_ = file.Close()
	}, nil
}
