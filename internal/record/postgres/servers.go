package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// Servers are where a database is: a primary, and the standbys that may take its place. Whatever is opened
// here is connected to the primary: a standby is never decided from, and neither is a primary that a
// failover left behind.
type Servers struct {
	config *pgx.ConnConfig

	mu     sync.Mutex
	newest map[string]uint64           // timeline by system: the newest seen
	open   map[*pgconn.PgConn]timeline // connections
}

// timeline says which history a primary writes: each promotion begins a new one, with a higher number.
type timeline struct {
	system string // the cluster's own id, the same on its standbys; "" if the server does not tell
	number uint64
}

// connectTimeout is how long one server is waited for, unless the address says another time.
var connectTimeout = 5 * time.Second

var (
	errStandby  = errors.New("it is a standby")
	errLeft     = errors.New("it is a primary that a failover has left behind")
	errAlone    = errors.New("no standby confirms what is stored")
	errNoCancel = errors.New("a commit under way is never cancelled")
)

// Locate reads a database's URL, which may name several servers: postgres://user@one,two/database.
func Locate(databaseURL string) (*Servers, error) {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return nil, fmt.Errorf("the database address cannot be read: %s", Redact(databaseURL))
	}
	s := &Servers{config: config, newest: map[string]uint64{}, open: map[*pgconn.PgConn]timeline{}}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	dialer := net.Dialer{
		// A server that is gone without a word is given up after eleven seconds.
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 2 * time.Second, Count: 3},
		Control:         func(network, _ string, c syscall.RawConn) error { return boundUnacknowledged(network, c) },
	}
	config.DialFunc = dialer.DialContext
	// Not the driver's own check for target_session_attrs: it takes a session of ours that only reads for a
	// standby's.
	config.ValidateConnect = s.isPrimary
	config.OnNotice = func(c *pgconn.PgConn, n *pgconn.Notice) {
		if n.SeverityUnlocalized == "WARNING" {
			c.CustomData()[warned] = n.Message
		}
	}
	return s, nil
}

// warned is under which name a connection keeps the last warning that came over it.
const warned = "shingle: warning"

// writing returns how to connect for writing.
func (s *Servers) writing() *pgx.ConnConfig {
	config := s.config.Copy()
	config.AfterConnect = func(ctx context.Context, c *pgconn.PgConn) error {
		s.note(c)
		if err := set(ctx, c, config.RuntimeParams, durable, quick, alive); err != nil {
			return err
		}
		return barrier(ctx, c)
	}
	// The driver asks the server to cancel what a connection was doing when it was lost. Of a commit that
	// waits for a standby that would make one which no standby has, and which all can see.
	dial := config.DialFunc
	config.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		if ctx.Value(connecting{}) == nil {
			return nil, errNoCancel
		}
		return dial(ctx, network, address)
	}
	return config
}

// reading returns how to connect for reading only.
func (s *Servers) reading() *pgx.ConnConfig {
	config := s.config.Copy()
	config.RuntimeParams["default_transaction_read_only"] = "on"
	config.AfterConnect = func(ctx context.Context, c *pgconn.PgConn) error {
		s.note(c)
		return set(ctx, c, config.RuntimeParams, alive)
	}
	return config
}

// Writing opens a pool of connections that may write. What they commit waits for the standbys.
func (s *Servers) Writing() *sql.DB {
	return sql.OpenDB(connector{stdlib.GetConnector(*s.writing())})
}

// Reading opens a pool of connections that cannot write.
func (s *Servers) Reading() *sql.DB {
	return sql.OpenDB(connector{stdlib.GetConnector(*s.reading())})
}

// connecting marks the context of a connection that is being made.
type connecting struct{}

type connector struct{ driver.Connector }

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	made, err := c.Connector.Connect(context.WithValue(ctx, connecting{}, true))
	if err != nil {
		return nil, err
	}
	return conn{made.(*stdlib.Conn)}, nil
}

// conn is a connection whose transactions fail to commit where nobody waited for a standby.
type conn struct{ *stdlib.Conn }

// BeginTx implements [driver.ConnBeginTx].
func (c conn) BeginTx(ctx context.Context, how driver.TxOptions) (driver.Tx, error) {
	tx, err := c.Conn.BeginTx(ctx, how)
	return waited{tx, c.Conn.Conn().PgConn()}, err
}

type waited struct {
	driver.Tx
	conn *pgconn.PgConn
}

// Commit implements [driver.Tx].
func (w waited) Commit() error {
	delete(w.conn.CustomData(), warned)
	err := w.Tx.Commit()
	if err == nil {
		err = unconfirmed(w.conn)
	}
	return err
}

// unconfirmed returns an error if a connection was warned. A commit that the server did not wait for a
// standby with, because somebody cancelled that, looks like any other but for the warning.
func unconfirmed(c *pgconn.PgConn) error {
	if w := c.CustomData()[warned]; w != nil {
		return fmt.Errorf("%w: %v", errAlone, w)
	}
	return nil
}

// setting is a parameter of a session, unless the address sets it.
type setting struct{ name, value string }

var (
	// durable: what is acknowledged is on disk and, where there is a synchronous standby, on that too.
	// Nothing cuts a commit short.
	durable = []setting{{"synchronous_commit", "on"}, {"statement_timeout", "0"}, {"transaction_timeout", "0"}}
	// quick: nobody waits for the write lock for ever, and a node that stopped while it held it loses it.
	quick = []setting{{"lock_timeout", "20s"}, {"idle_in_transaction_session_timeout", "30s"}}
	// alive: the server gives up a node that is gone without a word.
	alive = []setting{
		{"tcp_keepalives_idle", "5"}, {"tcp_keepalives_interval", "2"}, {"tcp_keepalives_count", "3"},
		{"tcp_user_timeout", "10s"}, {"client_connection_check_interval", "5s"},
	}
)

// set sets what the server knows of the settings, in one round trip. Who asked for more than "on" of
// synchronous_commit keeps it.
func set(ctx context.Context, c *pgconn.PgConn, given map[string]string, groups ...[]setting) error {
	var rows []string
	for _, s := range slices.Concat(groups...) {
		if _, ok := given[s.name]; !ok || s.name == "synchronous_commit" {
			rows = append(rows, fmt.Sprintf("('%s', '%s')", s.name, s.value))
		}
	}
	_, err := c.Exec(ctx, "SELECT set_config(name, value, false) FROM (VALUES "+strings.Join(rows, ", ")+`) AS wanted (name, value)
		WHERE current_setting(name, true) IS NOT NULL
		AND (name <> 'synchronous_commit' OR current_setting(name) IN ('off', 'local'))`).ReadAll()
	return err
}

// barrier returns when all that can be seen is on the standbys. After a crash the primary also shows what
// it had not yet told them, and so it does after somebody cancelled a commit's wait for them.
func barrier(ctx context.Context, c *pgconn.PgConn) error {
	ctx, cancel := context.WithTimeout(ctx, slow)
	defer cancel()
	delete(c.CustomData(), warned)
	_, err := c.Exec(ctx, "SELECT pg_logical_emit_message(true, 'shingle', '')").ReadAll()
	switch {
	case err != nil && ctx.Err() != nil:
		return fmt.Errorf("%w: %w", errAlone, err)
	case err != nil:
		return err
	}
	return unconfirmed(c)
}

// isPrimary fails unless a connection leads to the primary, as far as is known by now.
func (s *Servers) isPrimary(ctx context.Context, c *pgconn.PgConn) error {
	standby, t, err := look(ctx, c)
	switch {
	case err != nil:
		return err
	case standby:
		return errStandby
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.number < s.newest[t.system] {
		return errLeft
	}
	if t.system != "" {
		s.newest[t.system] = t.number
	}
	c.CustomData()["shingle: timeline"] = t
	return nil
}

// look asks a server what it is.
func look(ctx context.Context, c *pgconn.PgConn) (standby bool, t timeline, err error) {
	answer, err := c.Exec(ctx, `SELECT pg_is_in_recovery(), (SELECT system_identifier FROM pg_control_system()),
		CASE WHEN pg_is_in_recovery() THEN '' ELSE pg_walfile_name(pg_current_wal_insert_lsn()) END`).ReadAll()
	var e *pgconn.PgError
	if errors.As(err, &e) && e.Code[:2] != "57" {
		// Some who offer PostgreSQL as a service keep their log to themselves, and fence it themselves.
		answer, err = c.Exec(ctx, "SELECT pg_is_in_recovery(), '', ''").ReadAll()
	}
	if err != nil {
		return false, t, err
	}
	row := answer[0].Rows[0]
	if name := string(row[2]); len(name) >= 8 { // the name of a log file begins with its timeline
		t.system = string(row[1])
		if t.number, err = strconv.ParseUint(name[:8], 16, 64); err != nil {
			return false, t, err
		}
	}
	return string(row[0]) == "t", t, nil
}

// note keeps a connection in sight.
func (s *Servers) note(c *pgconn.PgConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for other := range s.open {
		select {
		case <-other.CleanupDone():
			delete(s.open, other)
		default:
		}
	}
	t, _ := c.CustomData()["shingle: timeline"].(timeline)
	s.open[c] = t
}

// cut ends connections under the feet of whoever uses them, who is told that they are lost: all of them, or
// those to primaries that were left behind.
func (s *Servers) cut(all bool) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c, t := range s.open {
		if all || t.number < s.newest[t.system] {
			_ = c.Conn().Close()
			delete(s.open, c)
			n++
		}
	}
	return n
}

// several reports whether the address names more than one server.
func (s *Servers) several() bool { return len(s.hosts()) > 1 }

type host struct {
	name string
	port uint16
}

func (h host) String() string {
	if strings.HasPrefix(h.name, "/") {
		return h.name
	}
	return net.JoinHostPort(h.name, strconv.Itoa(int(h.port)))
}

func (s *Servers) hosts() []host {
	all := []host{{s.config.Host, s.config.Port}}
	for _, f := range s.config.Fallbacks {
		if h := (host{f.Host, f.Port}); !slices.Contains(all, h) {
			all = append(all, h)
		}
	}
	return all
}

// survey looks at every server, so that the newest timeline is known, and leaves those that are behind it.
// Servers that do not answer are passed over.
func (s *Servers) survey(ctx context.Context) {
	if !s.several() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	var all sync.WaitGroup
	for _, h := range s.hosts() {
		config := s.config.Copy()
		config.Host, config.Port = h.name, h.port
		config.Fallbacks = slices.DeleteFunc(config.Fallbacks, func(f *pgconn.FallbackConfig) bool { return host{f.Host, f.Port} != h })
		if len(config.Fallbacks) > 0 && h != s.hosts()[0] {
			config.TLSConfig, config.Fallbacks = config.Fallbacks[0].TLSConfig, config.Fallbacks[1:]
		}
		all.Go(func() {
			if c, err := pgconn.ConnectConfig(ctx, &config.Config); err == nil {
				_ = c.Close(ctx)
			}
		})
	}
	all.Wait()
	s.cut(false)
}
