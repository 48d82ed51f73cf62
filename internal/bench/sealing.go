package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"filippo.io/age"

	"shingle/internal/vault"
)

// sealOurs and sealTheirs are the names under which this program, started as a child, seals a large object
// and opens it again: with the vault, and with the age library alone.
const (
	sealOurs   = "seal-with-the-vault"
	sealTheirs = "seal-with-age"
)

// large is the size of the object, in bytes.
const large = 1 << 30

// sealing seals and opens a large object by turns with the yardstick, each time in a process of its own, so
// that its memory can be told.
func sealing(ctx context.Context, s *session) ([]row, error) {
	var sealed, opened [2][]float64
	var memory float64
	for range s.Runs {
		for i, name := range []string{sealOurs, sealTheirs} {
			folder := filepath.Join(s.scratch, "sealing")
			if err := os.Mkdir(folder, 0o700); err != nil {
				return nil, err
			}
			seal, open, peak, err := sealInChild(ctx, name, folder)
			if err := errors.Join(err, os.RemoveAll(folder)); err != nil {
				return nil, err
			}
			const mib = float64(large >> 20)
			sealed[i], opened[i] = append(sealed[i], mib/seal), append(opened[i], mib/open)
			if name == sealOurs {
				memory = max(memory, float64(peak))
			}
			s.say("%s: sealed %.0f MiB/s, opened %.0f MiB/s, %d MiB of memory", name, mib/seal, mib/open, peak>>20)
		}
	}
	return []row{
		ratio("seal 1 GiB in the vault", "MiB/s", sealed[0], sealed[1], 0.95),
		ratio("open 1 GiB in the vault", "MiB/s", opened[0], opened[1], 0.95),
		{what: "memory while sealing and opening 1 GiB, at most", measured: fmt.Sprintf("%.1f MiB", memory/(1<<20)), beside: "–",
			value: fmt.Sprintf("%.1f MiB", memory/(1<<20)), target: "< 64 MiB", met: memory < 64<<20},
	}, nil
}

// sealInChild runs an errand and returns how many seconds it took, and the most anonymous memory that it was
// seen to have.
func sealInChild(ctx context.Context, name, folder string) (seal, open float64, peak int64, err error) {
	program, err := os.Executable()
	if err != nil {
		return 0, 0, 0, err
	}
	cmd := exec.CommandContext(ctx, program, "bench", name, folder)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, 0, 0, err
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return 0, 0, 0, err
	}
	ended := make(chan struct{})
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for {
			if now, err := anonymousMemory(cmd.Process.Pid); err == nil {
				peak = max(peak, now)
			}
			select {
			case <-ended:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	_, scanned := fmt.Fscan(bufio.NewReader(out), &seal, &open)
	close(ended)
	<-watched
	return seal, open, peak, errors.Join(scanned, cmd.Wait())
}

// sealAndOpen does it, and writes how many seconds each half took.
func sealAndOpen(ctx context.Context, name, folder string, out io.Writer) error {
	do := withAge
	if name == sealOurs {
		do = withVault
	}
	seal, open, err := do(ctx, folder)
	if err == nil {
		_, err = fmt.Fprintln(out, seal.Seconds(), open.Seconds())
	}
	return err
}

func withVault(ctx context.Context, folder string) (seal, open time.Duration, err error) {
	keys, root := filepath.Join(folder, "keys.db"), filepath.Join(folder, "root.key")
	if err := vault.InitFile(ctx, keys, root); err != nil {
		return 0, 0, err
	}
	rootKey, err := vault.ReadRoot(root)
	if err != nil {
		return 0, 0, err
	}
	k, err := vault.OpenFile(ctx, keys, rootKey)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, k.Close()) }()
	blobs, err := vault.OpenBlobs(ctx, filepath.Join(folder, "blobs"))
	if err != nil {
		return 0, 0, err
	}
	objects := &vault.Objects{Keys: k, Blobs: blobs, Now: time.Now, Audit: func(context.Context, vault.Access, vault.Object, vault.Taken) error { return nil }}
	began := time.Now()
	o, err := objects.Seal(ctx, "case/1", "evidence", io.LimitReader(zeros{}, large))
	if err != nil {
		return 0, 0, err
	}
	seal = time.Since(began)
	began = time.Now()
	r, err := objects.Open(ctx, vault.Access{Purpose: "to measure"}, o.ID)
	if err != nil {
		return 0, 0, err
	}
	_, err = io.Copy(io.Discard, r)
	return seal, time.Since(began), errors.Join(err, r.Close())
}

// withAge is the yardstick: the age library between a file and memory, and the file made durable. It knows
// no hash and asks no record.
func withAge(_ context.Context, folder string) (seal, open time.Duration, err error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return 0, 0, err
	}
	path := filepath.Join(folder, "object.age")
	began := time.Now()
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, 0, err
	}
	w, err := age.Encrypt(file, identity.Recipient())
	if err != nil {
		return 0, 0, errors.Join(err, file.Close())
	}
	_, err = io.Copy(w, io.LimitReader(zeros{}, large))
	if err := errors.Join(err, w.Close(), file.Sync(), file.Close()); err != nil {
		return 0, 0, err
	}
	seal = time.Since(began)
	began = time.Now()
	if file, err = os.Open(path); err != nil {
		return 0, 0, err
	}
	r, err := age.Decrypt(file, identity)
	if err == nil {
		_, err = io.Copy(io.Discard, r)
	}
	return seal, time.Since(began), errors.Join(err, file.Close())
}

// zeros are read from memory.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
