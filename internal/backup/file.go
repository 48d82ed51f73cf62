package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// A file is a tar archive of the same objects that a bucket holds: first who it is of, then all parts and
// stored objects, then the manifest. It is written and read from front to back, and never in memory.

// archive writes a file.
type archive struct {
	tar  *tar.Writer
	read int64 // when the body was, seconds since 1970
}

// entry is the header of an object. It follows from its name and size, so that whoever reads a file can tell
// whether one bit of it is another.
func entry(name string, size, at int64) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: time.Unix(at, 0), Format: tar.FormatPAX}
}

func (a *archive) begin(ctx context.Context, about About) error {
	text, err := json.Marshal(about)
	if err != nil {
		return err
	}
	a.read = about.Time().Unix()
	return a.put(ctx, aboutName(text), int64(len(text)), bytes.NewReader(text))
}

func (a *archive) put(ctx context.Context, name string, size int64, r io.Reader) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := a.tar.WriteHeader(entry(name, size, a.read)); err != nil {
		return err
	}
	n, err := io.Copy(a.tar, r)
	if err == nil && n != size {
		err = fmt.Errorf("%s has %d bytes, and %d were announced", name, n, size)
	}
	return err
}

// WriteTo writes a whole backup as one stream. If it fails, the stream ends with the reason, as far as it
// can still be written.
func (b *Body) WriteTo(ctx context.Context, out io.Writer, progress Progress) (Done, error) {
	a := &archive{tar: tar.NewWriter(out)}
	w, err := b.write(ctx, a, nil, progress)
	if err == nil {
		var name string
		var text []byte
		if name, text, err = w.seal(1); err == nil {
			err = w.put(ctx, name, int64(len(text)), bytes.NewReader(text))
		}
	}
	if err != nil {
		why := err.Error()
		_ = a.put(context.WithoutCancel(ctx), failed, int64(len(why)), strings.NewReader(why))
		return Done{}, err
	}
	return w.done, a.tar.Close()
}

// stream reads a file from front to back.
type stream struct {
	tar    *tar.Reader
	raw    io.Reader // what it reads from
	mirror mirror
	about  About
	close  func() error
}

// mirror writes again what is read, and compares: padding and headers have no hashes of their own.
type mirror struct {
	seen bytes.Buffer // read, and not yet written again
	tar  *tar.Writer
	err  error
}

func (m *mirror) Write(b []byte) (int, error) {
	if !bytes.Equal(b, m.seen.Next(len(b))) && m.err == nil {
		m.err = fmt.Errorf("%w: between its objects, a byte is not what was written", ErrAltered)
	}
	return len(b), nil
}

// Read begins to read a backup from a stream that WriteTo wrote.
func Read(r io.Reader) (Backup, error) {
	s := &stream{close: func() error { return nil }}
	s.mirror.tar = tar.NewWriter(&s.mirror)
	s.raw = io.TeeReader(r, &s.mirror.seen)
	s.tar = tar.NewReader(s.raw)
	name, body, err := s.next(true)
	if err != nil {
		return nil, err
	}
	if name == failed {
		return nil, s.reason(body)
	}
	text, err := io.ReadAll(io.LimitReader(body, maxManifest))
	if err != nil {
		return nil, s.fault(err)
	}
	if aboutName(text) != name {
		return nil, fmt.Errorf("%w: %s is not what was written", ErrAltered, name)
	}
	if err := readAbout(text, &s.about, &s.about); err != nil {
		return nil, err
	}
	return s, s.mirror.err
}

// openFile opens a backup in a file. A pipe that nobody writes into holds nobody up who is interrupted.
func openFile(ctx context.Context, path string) (Backup, error) {
	f, err := openPipe(ctx, path)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = f.Close() })
	b, err := Read(interruptible{ctx, f})
	if err != nil {
		stop()
		_ = f.Close()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	b.(*stream).close = func() error {
		if !stop() {
			return nil // it is closed already
		}
		return f.Close()
	}
	return b, nil
}

// openPipe opens a file; a pipe opens only once somebody writes into it.
func openPipe(ctx context.Context, path string) (*os.File, error) {
	type opened struct {
		*os.File
		err error
	}
	done := make(chan opened, 1)
	go func() {
		f, err := os.Open(path)
		done <- opened{f, err}
	}()
	select {
	case o := <-done:
		return o.File, o.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// interruptible fails as what interrupted it does, and not as a file that is closed.
type interruptible struct {
	ctx context.Context
	io.Reader
}

func (i interruptible) Read(b []byte) (int, error) {
	n, err := i.Reader.Read(b)
	if err != nil && i.ctx.Err() != nil {
		err = i.ctx.Err()
	}
	return n, err
}

// next goes to the next object. Its bytes are compared as they are read.
func (s *stream) next(first bool) (name string, body io.Reader, err error) {
	h, err := s.tar.Next()
	if err != nil {
		if first && (errors.Is(err, tar.ErrHeader) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)) {
			return "", nil, ErrNotBackup
		}
		return "", nil, s.fault(err)
	}
	if first && h.Name != failed && !strings.HasPrefix(h.Name, aboutDir) {
		return "", nil, ErrNotBackup
	}
	if first {
		s.about.Read = h.ModTime.Unix() * 1e6 // as its objects are dated
	}
	if err := s.mirror.tar.WriteHeader(entry(h.Name, h.Size, s.about.Time().Unix())); err != nil {
		return "", nil, s.fault(err)
	}
	if s.mirror.err != nil {
		return "", nil, s.mirror.err
	}
	return h.Name, io.TeeReader(s.tar, s.mirror.tar), nil
}

func (s *stream) fault(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fmt.Errorf("%w: it ends before its manifest", ErrCutOff)
	case errors.Is(err, tar.ErrHeader):
		return fmt.Errorf("%w: the header of an object is not what was written", ErrAltered)
	}
	return err
}

func (s *stream) reason(body io.Reader) error {
	why, _ := io.ReadAll(io.LimitReader(body, 1<<16))
	return fmt.Errorf("%w, its writer could not go on: %s", ErrCutOff, why)
}

// About implements [Backup].
func (s *stream) About() About { return s.about }

// Close implements [Backup].
func (s *stream) Close() error { return s.close() }

// each implements [Backup].
func (s *stream) each(ctx context.Context, do func(name string, r io.Reader) error) (*Manifest, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		name, body, err := s.next(false)
		if err != nil {
			return nil, err
		}
		switch {
		case name == failed:
			return nil, s.reason(body)
		case strings.HasPrefix(name, manifests):
			return s.end(name, body)
		}
		if err := do(name, body); err != nil {
			if s.mirror.err != nil {
				return nil, s.mirror.err
			}
			return nil, s.fault(err)
		}
	}
}

// end reads the manifest, and sees to it that nothing follows.
func (s *stream) end(name string, body io.Reader) (*Manifest, error) {
	text, err := io.ReadAll(io.LimitReader(body, maxManifest))
	if err != nil {
		return nil, s.fault(err)
	}
	m, err := parseManifest(name, text)
	if err != nil {
		return nil, err
	}
	if m.Mark != s.about.Mark || m.LogKey != s.about.LogKey {
		return nil, fmt.Errorf("%w: it begins as the backup of another moment than its manifest is of", ErrAltered)
	}
	if _, err := s.tar.Next(); !errors.Is(err, io.EOF) {
		return nil, errors.Join(fmt.Errorf("%w: something follows its manifest", ErrAltered), s.fault(err))
	}
	if err := s.mirror.tar.Close(); err != nil {
		return nil, err
	}
	if n, err := io.CopyN(io.Discard, s.raw, 1); n > 0 || !errors.Is(err, io.EOF) || s.mirror.err == nil && s.mirror.seen.Len() > 0 {
		s.mirror.err = fmt.Errorf("%w: something follows its end", ErrAltered)
	}
	return m, s.mirror.err
}
