package vault

import (
	"errors"
	"hash"
	"io"
)

const (
	// pieceSize is how many bytes are handed on at once.
	pieceSize = 256 << 10
	// pieces is how many are under way at most: read, being hashed, and not yet used up. Together they fit
	// into a processor's cache.
	pieces = 8
)

// ahead reads a source ahead of whoever reads it, and hashes what passes: reading, hashing and using run
// beside each other, in a fixed amount of memory.
type ahead struct {
	free, read, hashed chan []byte
	stop               chan struct{} // closed by close
	done               chan struct{} // closed when nothing runs any more

	err  error // why reading ended early; set before hashed is closed
	hash hash.Hash
	size int64 // bytes hashed

	// The reader's.
	piece, rest []byte
	failed      error // err, once it was met
}

// readAhead begins to read. close must be called, and the source must not be used before it has returned.
func readAhead(source io.Reader, h hash.Hash) *ahead {
	a := &ahead{
		free: make(chan []byte, pieces), read: make(chan []byte, pieces), hashed: make(chan []byte, pieces),
		stop: make(chan struct{}), done: make(chan struct{}), hash: h,
	}
	go a.fetch(source)
	go func() {
		defer close(a.done)
		defer close(a.hashed)
		for piece := range a.read {
			a.hash.Write(piece)
			a.size += int64(len(piece))
			a.hashed <- piece
		}
	}()
	return a
}

func (a *ahead) fetch(source io.Reader) {
	defer close(a.read)
	for made := 0; ; {
		piece, ok := a.vacant(&made)
		if !ok {
			a.err = errors.New("reading was given up")
			return
		}
		n, err := fill(source, piece[:pieceSize])
		if n > 0 {
			a.read <- piece[:n]
		}
		if err != nil {
			if err != io.EOF {
				a.err = err
			}
			return
		}
	}
}

// vacant returns a piece to fill, a new one only if none is free, or false once reading is given up.
func (a *ahead) vacant(made *int) (piece []byte, ok bool) {
	select {
	case <-a.stop:
		return nil, false
	case piece = <-a.free:
		return piece, true
	default:
	}
	if *made < pieces {
		*made++
		return make([]byte, pieceSize), true
	}
	select {
	case <-a.stop:
		return nil, false
	case piece = <-a.free:
		return piece, true
	}
}

// fill reads until b is full or the source ends. Unlike [io.ReadFull] it leaves the source's errors as
// they are, so that a source which was cut off is told from one that has ended.
func fill(source io.Reader, b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var m int
		m, err = source.Read(b[n:])
		n += m
	}
	return n, err
}

// next returns the next piece, which is good until the following call. At the end hash and size are those
// of the whole source.
func (a *ahead) next() ([]byte, error) {
	if a.piece != nil {
		a.free <- a.piece
		a.piece = nil
	}
	piece, ok := <-a.hashed
	switch {
	case ok:
		a.piece = piece
		return piece, nil
	case a.err != nil:
		a.failed = a.err
		return nil, a.err
	}
	return nil, io.EOF
}

// Read implements [io.Reader].
func (a *ahead) Read(p []byte) (n int, err error) {
	if len(a.rest) == 0 {
		if a.rest, err = a.next(); err != nil {
			return 0, err
		}
	}
	n = copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// WriteTo implements [io.WriterTo].
func (a *ahead) WriteTo(w io.Writer) (n int64, err error) {
	for {
		piece, err := a.next()
		if err == io.EOF {
			return n, nil
		} else if err != nil {
			return n, err
		}
		m, err := w.Write(piece)
		n += int64(m)
		if err != nil {
			return n, err
		}
	}
}

// close ends reading and waits until nothing runs any more. It may be called once.
func (a *ahead) close() {
	close(a.stop)
	<-a.done
}
