package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	msqlite "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/alerts"
	"shingle/internal/applicant"
	"shingle/internal/body/governance"
	"shingle/internal/body/standing"
	"shingle/internal/certs"
	"shingle/internal/cli"
	"shingle/internal/complainant"
	flowbody "shingle/internal/flow/body"
	"shingle/internal/gate"
	"shingle/internal/metrics"
	"shingle/internal/publog"
	statements "shingle/internal/publog/body"
	"shingle/internal/record"
	"shingle/internal/record/postgres"
	"shingle/internal/record/sqlite"
	"shingle/internal/roster"
	"shingle/internal/serving"
	"shingle/internal/vault"
	view "shingle/internal/view/body"
	"shingle/internal/web/api"
	"shingle/internal/web/casefile"
	"shingle/internal/web/door"
	"shingle/internal/web/local"
	"shingle/internal/web/site"
	"shingle/internal/web/static"
	"shingle/internal/web/ui"
	"shingle/internal/work/webhook"
)

// Body is an open body: all of its parts, wired.
type Body struct {
	Record   *record.Record
	Register view.Register
	Log      *publog.Log
	Objects  *vault.Objects
	Files    *casefile.Files // the papers of cases
	Exhibits ui.Exhibits     // what pages do with them
	// Standing returns how a member stood at a time, as known at another, from the record.
	Standing func(ctx context.Context, number string, at, known time.Time) (standing.Answer, error)

	stamp      stamp
	clock      *clock
	moving     sync.Mutex // held while a demo's clock is moved
	keys       *vault.Keyring
	oblivion   *oblivion
	tokens     *account.Tokens
	door       *door.Door
	uploads    *roster.Uploads
	alerts     *alerts.Alerts
	backups    *backups
	alongside  []func(ctx context.Context) // runs while it is served
	projection *view.Projection
	leaves     statements.Leaves
	public     http.Handler
	elsewhere  func(origin string) http.Handler // public, as if it were reached there
	exports    exports
	exporting  *static.Export // kept up to date while it is served; nil for none
	local      http.Handler
	logger     *slog.Logger
	unlock     func()

	counts   *metrics.Metrics
	certs    *certs.Certs            // nil unless it serves HTTPS
	draining atomic.Bool             // it is about to stop
	origin   string                  // where its site is reached
	working  atomic.Pointer[working] // nil while it is not served
}

// opening is how a place is opened.
type opening struct {
	at        cli.Place
	listen    string           // where it will be served, "" if it will not
	witnesses []publog.Witness // nil: those of the place
	patience  time.Duration    // for another process to leave the folder
	making    bool             // whoever makes the place opens it, and has locked it
	logger    *slog.Logger
	read      func() reading                    // of the machine's clocks; nil reads them
	wrap      func(record.Engine) record.Engine // nil leaves the database as it is
}

// engineAt opens the database of a place and brings all tables but the record's own up to date. A database
// that is another's is left as it is.
func engineAt(ctx context.Context, at cli.Place, making bool) (engine record.Engine, err error) {
	if at.Database != "" {
		engine, err = postgres.Open(ctx, at.Database)
	} else {
		if !making {
			if err := oursInFile(ctx, at); err != nil {
				return nil, err
			}
		}
		engine, err = sqlite.Open(ctx, folder(at.Data).record())
	}
	if err != nil {
		return nil, explain(err, at)
	}
	if at.Database != "" {
		if err := ours(ctx, engine.Reader(), at, making); err != nil {
			return nil, errors.Join(err, engine.Close())
		}
	}
	if all, err := upToDate(ctx, engine.Reader()); err == nil && all {
		return engine, nil
	}
	if err := backupBeforeUpgrade(ctx, engine, at); err != nil {
		return nil, errors.Join(explain(err, at), engine.Close())
	}
	if err := migrate(ctx, engine); err != nil {
		return nil, errors.Join(explain(err, at), engine.Close())
	}
	return engine, nil
}

// explain says in words what keeps a place's database from being opened.
func explain(err error, at cli.Place) error {
	if isLocked(err) {
		return fmt.Errorf("the database in %s is locked by another program; end that one and try again", at.Data)
	}
	if at.Data != "" {
		err = sqlite.Disk(err, folder(at.Data).record())
	}
	return err
}

func keysAt(ctx context.Context, at cli.Place) (*vault.Keyring, error) {
	root, err := vault.ReadRoot(rootAt(at), guardOf(at))
	if err != nil {
		return nil, err
	}
	if at.Keys != "" {
		return vault.OpenDatabase(ctx, at.Keys, root)
	}
	return vault.OpenFile(ctx, folder(at.Data).keys(), root)
}

// openBody opens a body. The folder is locked until Close, unless its record is in PostgreSQL.
func openBody(ctx context.Context, o opening) (_ *Body, err error) {
	b := &Body{clock: newClock(o.read), logger: o.logger, unlock: func() {}, counts: metrics.New()}
	if b.logger == nil {
		b.logger = slog.New(slog.DiscardHandler)
	}
	if !o.making {
		if err := folder(o.at.Data).look(o.at); err != nil {
			return nil, err // and no file is left in a folder that is somebody else's
		}
	}
	if o.at.Database == "" && !o.making {
		if b.unlock, err = folder(o.at.Data).lock(ctx, o.patience); err != nil {
			return nil, err
		}
	}
	defer func() {
		if err != nil {
			err = explain(err, o.at)
			b.unlock()
		}
	}()
	if !o.making {
		if err := ready(o.at); err != nil {
			return nil, err
		}
	}
	engine, err := engineAt(ctx, o.at, o.making)
	if err != nil {
		return nil, err
	}
	if o.wrap != nil {
		engine = o.wrap(engine)
	}
	defer func() {
		if err != nil && b.Record == nil {
			err = errors.Join(err, engine.Close())
		}
	}()
	if b.stamp, err = readStamp(ctx, engine.Reader()); err != nil {
		return nil, fmt.Errorf("%w: \"shingle init body\" makes a body here", err)
	}
	if err := b.stamp.expect("body", o.at); err != nil {
		return nil, err
	}
	b.clock.run(b.stamp.shift)
	if o.at.Data != "" && !o.making {
		if err := b.clock.start(folder(o.at.Data).clock()); err != nil {
			b.logger.Warn("the clock is watched from now on only", "error", err)
		}
	}
	if b.keys, err = keysAt(ctx, o.at); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.keys.Close())
		}
	}()
	if b.Objects, err = b.objectsAt(ctx, o.at); err != nil {
		return nil, err
	}
	return b, b.wire(ctx, engine, o)
}

// isLocked reports whether another program has an SQLite database locked.
func isLocked(err error) bool {
	var lite *msqlite.Error
	return errors.As(err, &lite) && (lite.Code()&0xff == lib.SQLITE_BUSY || lite.Code()&0xff == lib.SQLITE_LOCKED)
}

// wire puts the parts together.
func (b *Body) wire(ctx context.Context, engine record.Engine, o opening) error {
	sign, err := b.stamp.signers(ctx, b.keys, o.at)
	if err != nil {
		return err
	}
	witnesses := b.stamp.witnesses
	if o.witnesses != nil {
		witnesses = o.witnesses
	}
	b.Log, err = publog.Open(ctx, publog.Config{
		DB: engine.Reader(), Signer: sign.log, VKey: sign.logKey, Receipt: sign.receipt, Now: b.clock.Now, Witnesses: witnesses,
		Write: func(ctx context.Context, do func(publog.Tx)) error {
			return b.Record.Upkeep(ctx, func(tx record.Tx, _ act.World) error { do(tx); return nil })
		},
	})
	if err != nil {
		return err
	}
	b.backups = &backups{db: engine.Reader(), keys: b.keys, folder: folder(o.at.Data), at: o.at, logKey: sign.logKey, now: b.clock.Now, logger: b.logger}
	b.projection = &view.Projection{Facts: flowbody.FactsOf, ProofUntil: flowbody.ProofUntil}
	b.oblivion = &oblivion{keys: b.keys, engine: engine, logger: b.logger, more: make(chan struct{}, 1)}
	cache := api.NewCache()
	b.Record, err = record.Open(ctx, record.Options{
		Engine: engine, Catalogue: flowbody.Catalogue(), Keys: b.keys, Now: b.clock.Now, Log: b.logger,
		Doubt: b.clock.doubt, Watch: b.counts.Watch(),
		// The cache stands last: what is made anew reads what the others wrote.
		Views: []record.View{b.oblivion, b.projection, &statements.Statements{Log: b.Log}, eviction{}, applicant.Clearing{}, complainant.Ways{}, cache},
	})
	if err != nil {
		return err
	}
	if err := errors.Join(b.probe(ctx, o.at), b.keepWitnesses(ctx, o.witnesses), b.Log.Start(ctx)); err != nil {
		return errors.Join(err, b.Record.Close())
	}
	b.Register = view.Register{DB: engine.Reader()}
	b.forgetForGood(ctx)
	b.tokens = account.New(b.Record, gate.MayHold)

	origin := "https://" + b.stamp.web
	if b.stamp.demo || b.stamp.web == "localhost" {
		origin = "http://" + o.listen
	}
	b.origin = origin
	if b.leaves, err = statements.FindLeaves(ctx, engine.Reader()); err != nil {
		return errors.Join(err, b.Record.Close())
	}
	well := b.health(len(witnesses))
	b.measure(well)
	b.measureWork()
	accounts := &view.Accounts{Register: b.Register}
	a := api.New(api.Config{
		Accounts: accounts,
		Record:   b.Record, Register: b.Register, Log: b.Log, Cache: cache, Facts: flowbody.FactsOf, LeafAt: b.leaves.At,
		Token: b.whoHolds, Allows: ui.Allows, LogKey: sign.logKey, ReceiptKey: sign.receiptKey, Witnesses: keysOf(witnesses),
		Origin: origin, Now: b.now, Logger: b.logger, Demo: b.stamp.demo,
		Health: well, Metrics: b.counts, Ready: map[string]func(context.Context) error{"draining": b.stays},
	})
	b.Standing = a.Standing
	s := &site.Site{
		Register: b.Register, Body: b.body, Standing: a.Standing, Log: b.Log, LeafAt: b.leaves.At, Now: b.now, Origin: origin, Logger: b.logger, Kept: a.Kept,
		Certificate: b.certificate, Rule: ruleText, Accounts: accounts, Papers: a.Papers, LogKey: sign.logKey, ReceiptKey: sign.receiptKey,
	}
	if b.stamp.demo {
		s.MoveClock = b.moveClock
	}
	if err := b.openDoor(origin, s); err != nil {
		return errors.Join(err, b.Record.Close())
	}
	b.openAlerts(s)
	public := http.NewServeMux()
	a.Routes(public)
	public.Handle("/log/checkpoint", b.logFiles(s))
	public.Handle("/log/tile/", b.logFiles(s))
	public.Handle("/", ui.Secure(s.Handler()))
	b.addDesks(public, s)
	b.door.Routes(public)
	b.public = b.door.Identify(public)
	b.elsewhere = func(origin string) http.Handler { return b.facesAt(a, s, origin) }

	operator := http.NewServeMux()
	operator.Handle("/", public)
	operator.Handle("/local/", &local.Door{
		Record: b.Record, Tokens: b.tokens, Objects: b.Objects, Names: b.Register.Names, Logger: b.logger, Now: b.now,
		Clock: b.showClock, AcceptClock: b.acceptClock,
		Backups: b.backups, Export: b.Export, Invite: b.inviteAt,
		Hooks: func() *webhook.Hooks { return b.webhooks(nil) }, Resend: b.resend,
	})
	b.local = asOperator(serving.Noted(operator, b.logger, slog.LevelInfo, b.noted))
	return nil
}

// probe fails if another program keeps the database from being written to: that is told at once, and not
// by the first act. Whatever else stops writing leaves reading possible.
func (b *Body) probe(ctx context.Context, at cli.Place) error {
	if at.Database != "" {
		return nil
	}
	err := b.Record.Upkeep(ctx, func(record.Tx, act.World) error { return nil })
	if isLocked(err) {
		return explain(err, at)
	}
	return nil
}

// body returns the professional body as the record has it.
func (b *Body) body(ctx context.Context) (governance.Body, error) {
	w := b.Record.Look(ctx)
	return act.StateOf[governance.Body](w, "body"), w.Err()
}

// now is the time that answers are given for: never before the last record, so that a clock that ran back
// brings nobody's old standing back. Acts and receipts stop meanwhile.
func (b *Body) now() time.Time {
	t, _ := b.Record.Time()
	return t
}

// Close ends everything. Acts under way are finished first.
func (b *Body) Close() error {
	b.uploads.Close()
	err := errors.Join(b.leaves.Close(), b.Record.Close(), b.Objects.Blobs.Close(), b.keys.Close())
	b.unlock()
	return err
}

func (b *Body) whoHolds(ctx context.Context, token string) (ui.Who, error) {
	t, err := b.tokens.Authenticate(ctx, token)
	if err != nil {
		return ui.Who{}, err
	}
	return ui.Who{Actor: t.Actor(), Holder: t.Person(), Role: t.Role, Member: t.Member}, nil
}

// asOperator lets whoever reaches the handler act as the machine's operator, unless they bring a token.
func asOperator(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := ui.Who{Actor: "operator", Role: "operator"}
		next.ServeHTTP(w, r.WithContext(ui.WithIdentity(r.Context(), who)))
	})
}

// logFiles serves the log's files to programs, once the register is open: until then nothing about any
// company is public.
func (b *Body) logFiles(s *site.Site) http.Handler {
	files := b.Log.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := s.Chrome(r)
		switch {
		case err != nil:
			b.logger.ErrorContext(r.Context(), "request failed", "route", r.Pattern, "error", err)
			w.Header().Set("Retry-After", "5")
			http.Error(w, "the log cannot be read right now", http.StatusServiceUnavailable)
		case c.Launch:
			http.Error(w, "the register is not open yet, and neither is its log", http.StatusNotFound)
		default:
			files.ServeHTTP(w, r)
		}
	})
}
