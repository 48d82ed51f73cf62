package postgres

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	glance  = 500 * time.Millisecond // between two looks whether a notification was missed
	roundup = 10 * time.Second       // between two looks at all servers
	again   = 500 * time.Millisecond // before a lost server is tried again
)

// silence is after how long a server that says nothing is taken to be gone.
var silence = 10 * time.Second

// listen signals Changed whenever another node appends, and whenever it cannot tell.
func (e *Engine) listen(ctx context.Context) {
	defer close(e.listened)
	for ctx.Err() == nil {
		_ = e.hear(ctx)
		e.signal() // whoever follows finds out that the database is away
		select {
		case <-time.After(again):
		case <-ctx.Done():
		}
	}
}

// hear listens on one connection until that is lost. It is also the pulse of all others: if the server
// falls silent they are cut, so that nobody waits for an answer that does not come.
func (e *Engine) hear(ctx context.Context) error {
	e.servers.survey(ctx)
	connect, cancel := context.WithTimeout(context.WithValue(ctx, connecting{}, true), patience)
	conn, err := pgx.ConnectConfig(connect, e.servers.writing())
	cancel()
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	// Who looks for living nodes (move does) finds them by it: PostgreSQL keeps the first 63 bytes.
	if _, err := conn.Exec(ctx, "SELECT set_config('application_name', $1, false)", e.channel); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{e.channel}.Sanitize()); err != nil {
		return err
	}
	e.signal()
	var surveys sync.WaitGroup
	defer surveys.Wait()
	last := int64(-1)
	for rounds := time.Now(); ; {
		heard, err := waitFor(ctx, conn)
		if err != nil {
			return err
		}
		if heard {
			e.signal()
			continue
		}
		at, err := e.glance(ctx, conn)
		if err != nil {
			if ctx.Err() == nil {
				e.servers.cut(true)
			}
			return err
		}
		if at != last {
			last = at
			e.signal()
		}
		if time.Since(rounds) > roundup {
			rounds = time.Now()
			surveys.Go(func() { e.servers.survey(ctx) })
		}
	}
}

// waitFor waits a moment for a notification.
func waitFor(ctx context.Context, conn *pgx.Conn) (heard bool, err error) {
	moment, cancel := context.WithTimeout(ctx, glance)
	defer cancel()
	_, err = conn.WaitForNotification(moment)
	if err != nil && ctx.Err() == nil && errors.Is(moment.Err(), context.DeadlineExceeded) && !conn.IsClosed() {
		return false, nil
	}
	return err == nil, err
}

// glance returns the record's position; 0 before there is a record.
func (e *Engine) glance(ctx context.Context, conn *pgx.Conn) (at int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, silence)
	defer cancel()
	err = conn.QueryRow(ctx, "SELECT position FROM head WHERE id = 1").Scan(&at)
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (pg.Code == "42P01" || pg.Code == "42501") { // no such table yet
		return 0, nil
	}
	return at, err
}

func (e *Engine) signal() {
	select {
	case e.changed <- struct{}{}:
	default:
	}
}
