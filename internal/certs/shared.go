package certs

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/caddyserver/certmagic"

	"shingle/internal/act"
	"shingle/internal/record"
)

//go:embed migrations
var migrations embed.FS

// Migrations are the goose migrations of the part "certs", to be applied before the record is opened.
var Migrations = record.Sub(migrations, "migrations")

// owner is under whose key what is kept in the database is sealed.
const owner = "certificates"

const (
	// lease is how long a lock lasts if its holder does not renew it: a node that died keeps nobody waiting
	// for longer.
	lease = time.Minute
	// again is how long whoever waits for a lock, waits before asking again.
	again = 500 * time.Millisecond
)

// Shared keeps certificates in the database that several nodes share, sealed with their keyring.
type Shared struct {
	DB    *sql.DB  // for reading
	Keys  act.Keys // seals what is kept
	Now   func() time.Time
	Write func(ctx context.Context, do func(tx record.Tx) error) error

	mu   sync.Mutex
	held map[string]*lock // by name
}

// lock is one that we hold.
type lock struct {
	holder string
	stop   context.CancelFunc // ends its renewal
}

var _ certmagic.Storage = (*Shared)(nil)

// Store implements [certmagic.Storage].
func (s *Shared) Store(ctx context.Context, key string, value []byte) error {
	sealed, err := s.Keys.Seal(owner, string(value))
	if err != nil {
		return err
	}
	if err := s.Keys.Sync(); err != nil {
		return fmt.Errorf("keys cannot be stored: %w", err)
	}
	return s.Write(ctx, func(tx record.Tx) error {
		tx.Exec(`INSERT INTO certificate_file (name, modified, content) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET modified = excluded.modified, content = excluded.content`, key, s.Now().UnixMicro(), sealed)
		return nil
	})
}

// Load implements [certmagic.Storage].
func (s *Shared) Load(ctx context.Context, key string) ([]byte, error) {
	content, _, err := s.read(ctx, key)
	return content, err
}

func (s *Shared) read(ctx context.Context, key string) (content []byte, modified time.Time, err error) {
	var sealed []byte
	var micros int64
	err = s.DB.QueryRowContext(ctx, "SELECT content, modified FROM certificate_file WHERE name = $1", key).Scan(&sealed, &micros)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, modified, fs.ErrNotExist
	} else if err != nil {
		return nil, modified, err
	}
	text, err := s.Keys.Open(owner, sealed)
	return []byte(text), time.UnixMicro(micros), err
}

// Delete implements [certmagic.Storage].
func (s *Shared) Delete(ctx context.Context, key string) error {
	names, err := s.names(ctx)
	if err != nil {
		return err
	}
	return s.Write(ctx, func(tx record.Tx) error {
		for _, n := range names {
			if n == key || strings.HasPrefix(n, key+"/") {
				tx.Exec("DELETE FROM certificate_file WHERE name = $1", n)
			}
		}
		return nil
	})
}

// Exists implements [certmagic.Storage].
func (s *Shared) Exists(ctx context.Context, key string) bool {
	_, err := s.Stat(ctx, key)
	return err == nil
}

// List implements [certmagic.Storage].
func (s *Shared) List(ctx context.Context, prefix string, recursive bool) ([]string, error) {
	names, err := s.names(ctx)
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	for _, n := range names {
		rest, ok := strings.CutPrefix(n, prefix+"/")
		switch first, _, deeper := strings.Cut(rest, "/"); {
		case prefix != "" && !ok:
		case deeper && !recursive:
			found[path.Join(prefix, first)] = true
		default:
			found[n] = true
		}
	}
	if len(found) == 0 {
		return nil, fs.ErrNotExist
	}
	return slices.Sorted(maps.Keys(found)), nil
}

// Stat implements [certmagic.Storage].
func (s *Shared) Stat(ctx context.Context, key string) (certmagic.KeyInfo, error) {
	content, modified, err := s.read(ctx, key)
	if err == nil {
		return certmagic.KeyInfo{Key: key, Modified: modified, Size: int64(len(content)), IsTerminal: true}, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return certmagic.KeyInfo{}, err
	}
	_, err = s.List(ctx, key, true)
	return certmagic.KeyInfo{Key: key}, err
}

// names returns the names of all files. They are a few dozen.
func (s *Shared) names(ctx context.Context) (names []string, err error) {
	rows, err := s.DB.QueryContext(ctx, "SELECT name FROM certificate_file")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		names = append(names, n)
	}
	return names, rows.Err()
}

// Lock implements [certmagic.Locker]. The lock is renewed until Unlock.
func (s *Shared) Lock(ctx context.Context, name string) error {
	holder := rand.Text()
	for {
		got, err := s.seize(ctx, name, holder)
		if err != nil {
			return err
		}
		if got {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(again):
		}
	}
	renewing, stop := context.WithCancel(context.Background())
	go s.renew(renewing, name, holder)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == nil {
		s.held = map[string]*lock{}
	}
	s.held[name] = &lock{holder, stop}
	return nil
}

// seize takes a lock, or prolongs it, unless another holds it.
func (s *Shared) seize(ctx context.Context, name, holder string) (got bool, err error) {
	err = s.Write(ctx, func(tx record.Tx) error {
		now := s.Now()
		rows, err := tx.Query(ctx, "SELECT holder, until FROM certificate_lock WHERE name = $1", name)
		if err != nil {
			return err
		}
		var by string
		var until int64
		if rows.Next() {
			err = rows.Scan(&by, &until)
		}
		if err := errors.Join(err, rows.Err(), rows.Close()); err != nil {
			return err
		}
		if got = by == "" || by == holder || until < now.UnixMicro(); got {
			tx.Exec(`INSERT INTO certificate_lock (name, holder, until) VALUES ($1, $2, $3)
				ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until`, name, holder, now.Add(lease).UnixMicro())
		}
		return nil
	})
	return got && err == nil, err
}

func (s *Shared) renew(ctx context.Context, name, holder string) {
	tick := time.NewTicker(lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			_, _ = s.seize(ctx, name, holder) // what fails now is tried again, and expires in the end
		}
	}
}

// Unlock implements [certmagic.Locker].
func (s *Shared) Unlock(ctx context.Context, name string) error {
	s.mu.Lock()
	l := s.held[name]
	delete(s.held, name)
	s.mu.Unlock()
	if l == nil {
		return fmt.Errorf("the lock %q is not held here", name)
	}
	l.stop()
	return s.Write(ctx, func(tx record.Tx) error {
		tx.Exec("DELETE FROM certificate_lock WHERE name = $1 AND holder = $2", name, l.holder)
		return nil
	})
}
