package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"shingle/internal/record"
)

// Lost reports whether an error means that the database is away, or that a connection to it was lost:
// asking again may help.
func Lost(err error) bool {
	var connect *pgconn.ConnectError
	var pg *pgconn.PgError
	var network *net.OpError
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return false
	case errors.Is(err, record.ErrUnreachable), errors.As(err, &connect):
		return true
	case errors.As(err, &pg):
		switch pg.Code {
		case "57P01", "57P02", "57P03", "57P05", // it is stopping, has crashed, is starting; the session was idle too long
			"25P03", "25P04", // it was idle too long in its transaction
			"53300", // too many connections
			"25006": // it is read-only: a standby
			return true
		}
		return strings.HasPrefix(pg.Code, "08")
	}
	return errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || pgconn.SafeToRetry(err) || pgconn.Timeout(err)
}

// unreachable says in a sentence why the database cannot be used. It is a [record.ErrUnreachable].
type unreachable struct {
	says  string
	cause error
}

func (e *unreachable) Error() string        { return e.says }
func (e *unreachable) Is(target error) bool { return target == record.ErrUnreachable }
func (e *unreachable) Unwrap() error        { return e.cause }

// Explain names the faults that an operator can do something about, each in one sentence.
func (s *Servers) Explain(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "53100":
			return fmt.Errorf("%w (%w)", record.ErrDiskFull, err)
		case "55P03":
			return fmt.Errorf("%w (%w)", record.ErrLocked, err)
		case "42501":
			return fmt.Errorf("PostgreSQL at %s does not allow it to the user %q (%s); grant the right, or name another user in the address", s.where(), s.config.User, pg.Message)
		}
	}
	if !Lost(err) || errors.Is(err, record.ErrUnreachable) {
		return err
	}
	return &unreachable{s.because(err), err}
}

// silent says that nothing was heard in time.
func (s *Servers) silent(err error) error {
	return &unreachable{fmt.Sprintf("PostgreSQL at %s does not answer in time", s.where()), err}
}

func (s *Servers) where() string {
	var names []string
	for _, h := range s.hosts() {
		names = append(names, h.String())
	}
	return strings.Join(names, " and ")
}

// because says why a connection was not made, or was lost.
func (s *Servers) because(err error) string {
	where := s.where()
	var connect *pgconn.ConnectError
	if !errors.As(err, &connect) {
		return fmt.Sprintf("the connection to PostgreSQL at %s was lost: %v", where, err)
	}
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &pg) && (pg.Code == "28P01" || pg.Code == "28000"):
		return fmt.Sprintf("PostgreSQL at %s does not let the user %q in (%s); check the name and the password in the address", where, s.config.User, pg.Message)
	case errors.As(err, &pg) && pg.Code == "3D000":
		return fmt.Sprintf("there is no database %q on the PostgreSQL at %s; create it, or correct the address", s.config.Database, where)
	case errors.Is(err, errAlone):
		return fmt.Sprintf("PostgreSQL at %s waits for a standby that does not answer; start that one, or take it out of synchronous_standby_names", where)
	case errors.Is(err, errLeft):
		return fmt.Sprintf("a PostgreSQL at %s is a primary that a failover has left behind, and is not used; make it a standby of the new one", where)
	case errors.Is(err, errStandby):
		return fmt.Sprintf("the PostgreSQL at %s is a standby, which cannot be written to; give the primary's address, or those of all: postgres://user@one,two/database", where)
	case errors.As(err, &pg):
		return fmt.Sprintf("PostgreSQL at %s cannot be used: %s", where, pg.Message)
	}
	last := innermost(err)
	if pgconn.Timeout(err) {
		return fmt.Sprintf("PostgreSQL at %s does not answer in time", where)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(last.Error(), "unknown message type") || strings.Contains(last.Error(), "invalid body length") {
		return fmt.Sprintf("what answers at %s is not PostgreSQL; correct the address", where)
	}
	return fmt.Sprintf("PostgreSQL cannot be reached at %s: %v", where, last)
}

// innermost follows an error to its first cause.
func innermost(err error) error {
	for {
		var next error
		switch e := err.(type) {
		case interface{ Unwrap() error }:
			next = e.Unwrap()
		case interface{ Unwrap() []error }:
			if list := e.Unwrap(); len(list) > 0 {
				next = list[0]
			}
		}
		if next == nil {
			return err
		}
		err = next
	}
}
