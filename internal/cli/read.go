package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Files are read so that nothing holds a command up: neither a pipe that nobody writes into nor a device
// without end. An interrupt ends the reading at once.

// largest is how large a file may be that is read whole, in bytes: a code of ethics, a text for an act. An act
// may have 1 MiB.
const largest = 4 << 20

// read returns what a file holds, - for standard input, if it is no more than most bytes.
func (r *run) read(name string, most int64) ([]byte, error) {
	f, err := r.open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(text)) > most {
		err = fmt.Errorf("%s is too large: at most %d KiB are read of such a file", called(name), most>>10)
	}
	return text, err
}

// open opens a file for reading, - for standard input. What it returns fails as soon as the command is
// interrupted.
func (r *run) open(name string) (io.ReadCloser, error) {
	if name != "-" {
		info, err := os.Stat(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no file %s", name)
		} else if err != nil {
			return nil, err
		} else if info.IsDir() {
			return nil, fmt.Errorf("%s is a folder, not a file", name)
		}
	}
	out, in := io.Pipe()
	stop := context.AfterFunc(r.ctx, func() { _ = in.CloseWithError(r.ctx.Err()) })
	go func() {
		var from io.Reader = r.In
		if name != "-" {
			f, err := os.Open(name) // of a pipe, only once somebody writes into it
			if err != nil {
				_ = in.CloseWithError(err)
				return
			}
			defer func() { _ = f.Close() }()
			from = f
		}
		_, err := io.Copy(in, from)
		_ = in.CloseWithError(err)
	}()
	return reading{out, stop}, nil
}

// reading is a file that is being read.
type reading struct {
	*io.PipeReader
	stop func() bool
}

// Close lets go of the file, however much of it was read.
func (f reading) Close() error {
	f.stop()
	return f.PipeReader.Close()
}

// about returns which file a name means, - for standard input; nil if none can be told.
func (r *run) about(name string) os.FileInfo {
	var info os.FileInfo
	if f, ok := r.In.(*os.File); ok && name == "-" {
		info, _ = f.Stat()
	} else if name != "-" {
		info, _ = os.Stat(name)
	}
	return info
}

func called(name string) string {
	if name == "-" {
		return "standard input"
	}
	return name
}
