package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Receive takes a backup from a stream into a file, as [Write] does, and checks it as it comes.
func Receive(ctx context.Context, from io.Reader, path string, force bool, progress Progress) (m *Manifest, err error) {
	err = Write(path, force, func(out io.Writer) error {
		w := &writer{Writer: out}
		b, err := Read(io.TeeReader(from, w))
		if err == nil {
			m, err = Check(ctx, b, progress)
		}
		if w.err != nil {
			return fmt.Errorf("the backup cannot be written: %w", w.err)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// writer remembers what went wrong: to whoever reads through it, it looks like a stream that cannot be read.
type writer struct {
	io.Writer
	err error
}

func (w *writer) Write(b []byte) (int, error) {
	n, err := w.Writer.Write(b)
	w.err = errors.Join(w.err, err)
	return n, err
}

// File backs a body up to a new file.
func File(ctx context.Context, b Body, path string) (*Manifest, error) {
	out, in := io.Pipe()
	go func() {
		_, err := b.WriteTo(ctx, in, nil)
		_ = in.CloseWithError(err)
	}()
	m, err := Receive(ctx, out, path, false, nil)
	return m, errors.Join(err, out.Close())
}
