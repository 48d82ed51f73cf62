package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"shingle/internal/account"
	"shingle/internal/certs"
	"shingle/internal/cli"
	"shingle/internal/record"
	"shingle/internal/vault"
	"shingle/internal/web/local"
)

// examination is one look at a place. Nothing is written.
type examination struct {
	at       cli.Place
	engine   *stored
	stamp    stamp
	keys     *vault.Keyring // nil if they cannot be read
	findings []cli.Finding
}

// Examine implements [cli.Doctor].
func (House) Examine(ctx context.Context, at cli.Place, quick bool, tell cli.Telling) (_ []cli.Finding, err error) {
	if err := ready(at); err != nil {
		return nil, err
	}
	engine, err := openStored(ctx, at)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	e := &examination{at: at, engine: engine}
	if !e.schema(ctx) {
		return e.findings, nil // nothing else can be read yet
	}
	if e.stamp, err = readStamp(ctx, engine.Reader()); err != nil {
		return nil, err
	}
	e.place(ctx)
	e.unlockKeys(ctx)
	if e.keys != nil {
		defer func() { err = errors.Join(err, e.keys.Close()) }()
	}
	e.backups()
	e.disk()
	e.server(ctx)
	e.certificates()
	e.witnesses()
	e.mail(ctx)
	if err := e.tokens(ctx); err != nil {
		return nil, err
	}
	if quick {
		return e.findings, nil
	}
	if err := e.rows(ctx, tell); err != nil {
		return nil, err
	}
	return e.findings, nil
}

func (e *examination) find(state, check, do, format string, args ...any) {
	e.findings = append(e.findings, cli.Finding{Check: check, State: state, Says: fmt.Sprintf(format, args...), Do: do})
}

func (e *examination) fine(check, format string, args ...any) {
	e.find(cli.Fine, check, "", format, args...)
}

// schema says whether this program knows the tables as they are.
func (e *examination) schema(ctx context.Context) bool {
	switch err := migrate(ctx, e.engine); {
	case errors.Is(err, record.ErrNewerSchema):
		e.find(cli.Wrong, "schema", "install the newer version of shingle; this one leaves the data alone", "%v", err)
		return false
	case err != nil:
		e.find(cli.Look, "schema", "any command that writes brings it up to date, after a backup into the folder's backups", "%v", err)
		return false
	}
	e.fine("schema", "all %d parts are as this version writes them", len(parts()))
	return true
}

func (e *examination) place(ctx context.Context) {
	what := "a " + e.stamp.role + " that speaks as " + e.stamp.web
	if e.stamp.demo {
		what += ", a demo"
	}
	if err := e.stamp.expect("body", e.at); err != nil {
		e.find(cli.Wrong, "role", "serve it where it was moved to, or choose another --data", "%v", err)
	} else {
		e.fine("role", "%s", what)
	}
	version := "SELECT 'SQLite ' || sqlite_version()"
	if e.at.Database != "" {
		version = "SELECT 'PostgreSQL ' || current_setting('server_version')"
	}
	var store string
	if err := e.engine.Reader().QueryRowContext(ctx, version).Scan(&store); err != nil {
		e.find(cli.Wrong, "versions", "see whether the database can be reached", "the database does not say its version: %v", err)
		return
	}
	e.fine("versions", "shingle %s, %s", cli.ProgramVersion(), store)
}

// unlockKeys looks whether the keys are there, fit, and are backed up.
func (e *examination) unlockKeys(ctx context.Context) {
	keys, err := readKeys(ctx, e.at)
	if err != nil {
		e.find(cli.Wrong, "keys", "restore them from their backup: shingle restore … --key-backup FILE", "%v", err)
		return
	}
	e.keys = keys
	if _, err := e.stamp.signers(ctx, keys, e.at); err != nil {
		e.find(cli.Wrong, "keys", "restore the right ones from their backup", "%v", err)
		return
	}
	const do = "shingle vault backup FILE, and keep it apart from the data"
	switch saved, err := keys.Saved(ctx); {
	case err != nil:
		e.find(cli.Wrong, "keys", do, "it cannot be told whether they are backed up: %v", err)
	case saved.At.IsZero():
		e.find(cli.Look, "keys", do, "they are here and fit, and were never backed up: without them names cannot be read and nothing can be signed")
	case saved.Unsaved > 0:
		e.find(cli.Look, "keys", do, "%d are in no backup; the newest is of %s", saved.Unsaved, saved.At.Format(time.DateOnly))
	default:
		e.fine("keys", "they are here, fit, and are all in the backup of %s", saved.At.Format(time.DateOnly))
	}
}

// tokens looks whether each is as it was made. No event holds them: the chain does not tell.
func (e *examination) tokens(ctx context.Context) error {
	if e.keys == nil {
		return nil // which is said
	}
	found, err := account.CheckTokens(ctx, e.engine.Reader(), e.keys.Digest, time.Now().UnixMicro())
	if err != nil {
		return err
	}
	for _, fault := range found.Altered {
		e.find(cli.Wrong, "tokens", "shingle token revoke it, make another, and look in the record for what was done with it", "%s", fault)
	}
	switch {
	case found.Unsealed > 0:
		e.find(cli.Look, "tokens", "make new ones and revoke these: shingle token list", "%d were made by an older version, and it would not be seen if their rows were changed", found.Unsealed)
	case len(found.Altered) == 0:
		e.fine("tokens", "%d are as they were made", found.Sound)
	}
	return nil
}

// backups says how old the newest backup to a folder or bucket is.
func (e *examination) backups() {
	if e.at.Data == "" {
		e.find(cli.Look, "backup", "see the log of the node that backs up", "which node backs up is not known here")
		return
	}
	const do = "serve body --backup FOLDER|s3://… --backup-every 1h, or shingle backup FILE by a timer"
	s, err := folder(e.at.Data).noted()
	age := time.Since(s.Last)
	switch {
	case err != nil || s.Last.IsZero() && s.Failed.IsZero():
		e.find(cli.Look, "backup", do, "none by schedule was made here")
	case !s.Failed.IsZero():
		e.find(cli.Wrong, "backup", "mend what keeps it from being made; it is tried again by itself", "the newest one failed: %s", s.Error)
	case age > 3*max(s.Every, 8*time.Hour):
		e.find(cli.Look, "backup", do, "the newest is %s old", age.Round(time.Hour))
	default:
		e.fine("backup", "the newest is %s old, up to position %d", age.Round(time.Minute), s.Position)
	}
}

// disk says how much room there is beside the data.
func (e *examination) disk() {
	if e.at.Data == "" {
		return
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(e.at.Data, &fs); err != nil {
		e.find(cli.Wrong, "disk", "see whether the folder can be reached", "%v", err)
		return
	}
	free, all := int64(fs.Bavail)*fs.Bsize>>20, int64(fs.Blocks)*fs.Bsize>>20
	const do = "make room: acts stop when it is full, reading goes on"
	switch {
	case free < 64:
		e.find(cli.Wrong, "disk", do, "%d MiB are free", free)
	case free < 1024 && free < all/10:
		e.find(cli.Look, "disk", do, "%d MiB of %d are free", free, all)
	default:
		e.fine("disk", "%d MiB of %d are free", free, all)
	}
}

// server asks whoever has the folder open how it is, and how its clock stands; without one, the clock is
// compared with the record.
func (e *examination) server(ctx context.Context) {
	f := folder(e.at.Data)
	if e.at.Data == "" || !f.served() {
		e.find(cli.Fine, "server", "", "none has the folder open")
		e.clock(local.Clock{Machine: time.Now().UTC(), Recorded: e.newest(ctx)})
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	client := overSocket(f.socket())
	var well struct {
		Checks map[string]struct {
			OK  bool
			Why string
		}
	}
	if err := ask(ctx, client, "/healthz", &well); err != nil {
		e.find(cli.Wrong, "server", "look into its log", "it does not say how it is: %v", err)
		return
	}
	var wrong []string
	for name, c := range well.Checks {
		if !c.OK {
			wrong = append(wrong, name+": "+c.Why)
		}
	}
	if len(wrong) > 0 {
		e.find(cli.Wrong, "server", "docs/OPERATIONS.md says what to do about each", "%s", strings.Join(wrong, "; "))
	} else {
		e.fine("server", "it answers, and all of its %d checks pass", len(well.Checks))
	}
	var c local.Clock
	if err := ask(ctx, client, "/local/clock", &c); err != nil {
		e.find(cli.Wrong, "clock", "look into the server's log", "it does not say how its clock stands: %v", err)
		return
	}
	e.clock(c)
}

func (e *examination) newest(ctx context.Context) time.Time {
	var recorded int64
	if e.engine.Reader().QueryRowContext(ctx, "SELECT recorded FROM head WHERE id = 1").Scan(&recorded) != nil {
		return time.Time{}
	}
	return time.UnixMicro(recorded).UTC()
}

func (e *examination) clock(c local.Clock) {
	const do = "set the machine's clock right; if it is right: shingle doctor --accept-clock"
	machine := c.Machine.Add(e.stamp.shift)
	switch {
	case c.Doubt != "":
		e.find(cli.Wrong, "clock", do, "%s", c.Doubt)
	case machine.Before(c.Recorded.Add(-time.Minute)):
		e.find(cli.Wrong, "clock", do, "it shows %s, and the newest record is of %s", machine.Format(time.RFC3339), c.Recorded.Format(time.RFC3339))
	default:
		e.fine("clock", "it shows %s", machine.Format(time.RFC3339))
	}
}

// ask reads JSON from the folder's socket, also from an answer that says that something is wrong.
func ask(ctx context.Context, client *http.Client, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://shingle"+path, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	return json.NewDecoder(resp.Body).Decode(into)
}

// certificates says when those in the folder end.
func (e *examination) certificates() {
	if e.at.Data == "" || !holds(folder(e.at.Data).tls()) {
		e.fine("tls", "no certificates lie in the folder: a proxy has them, or the database")
		return
	}
	ends, err := certs.Ends(folder(e.at.Data).tls())
	if err != nil {
		e.find(cli.Wrong, "tls", "remove the file that cannot be read; serving gets it anew", "%v", err)
		return
	}
	soon := time.Now().AddDate(0, 0, 14)
	var late []string
	for name, end := range ends {
		if end.Before(soon) {
			late = append(late, fmt.Sprintf("that of %s ends on %s", name, end.Format(time.DateOnly)))
		}
	}
	if len(late) > 0 {
		e.find(cli.Look, "tls", "see in the server's log why it was not renewed", "%s", strings.Join(late, "; "))
		return
	}
	e.fine("tls", "%d certificates are good for two weeks and more", len(ends))
}

func (e *examination) witnesses() {
	if len(e.stamp.witnesses) == 0 {
		e.find(cli.Look, "witnesses", "serve body --witness 'URL VKEY': then a restored old backup cannot fork the log unseen", "nobody cosigns the public log")
		return
	}
	e.fine("witnesses", "%d cosign the public log", len(e.stamp.witnesses))
}

// rows reads every row: the chain, the public log with every stored checkpoint, the blobs and the views.
func (e *examination) rows(ctx context.Context, tell cli.Telling) error {
	const do = "if it lies beside the rows (an index, a kind, a series), shingle rebuild mends it; else restore a backup and compare: what was published of the log tells which is right"
	faults, err := faultsIn(ctx, e.engine, e.stamp.logKey, func(done, of int64) { tell("reading rows", done, of) })
	if err != nil {
		return err
	}
	for _, f := range faults {
		e.find(cli.Wrong, "record", do, "%s", f)
	}
	if len(faults) == 0 {
		e.fine("record", "every row fits its chain; every leaf, node and checkpoint of the public log fits the record")
	}
	if e.keys == nil {
		e.find(cli.Look, "views", "bring the keys back first", "without the keys they cannot be compared")
		return nil
	}
	if faults, err = checkBlobs(ctx, e.keys, e.at); err != nil {
		return err
	}
	for _, f := range faults {
		e.find(cli.Wrong, "blobs", "restore that object from a backup", "%s", f)
	}
	if len(faults) == 0 {
		e.fine("blobs", "every stored object has its hash")
	}
	differences, err := e.views(ctx, tell)
	if err != nil {
		e.find(cli.Wrong, "views", "mend what is named above first", "they could not be compared with the record: %v", err)
		return nil
	}
	for _, d := range differences[:min(len(differences), 10)] {
		e.find(cli.Wrong, "views", "shingle rebuild makes them anew from the record", "%s", d)
	}
	if n := len(differences); n > 10 {
		e.find(cli.Wrong, "views", "shingle rebuild makes them anew from the record", "%d more differences", n-10)
	} else if n == 0 {
		e.fine("views", "what people are shown is what the record says")
	}
	return nil
}

// scratchIn is where a copy for comparison is made: beside the data, where there is room for as much again.
func scratchIn(at cli.Place) (string, error) {
	dir, err := os.MkdirTemp(cmp.Or(at.Data, os.TempDir()), "doctor-")
	if err != nil {
		dir, err = os.MkdirTemp("", "shingle-doctor-")
	}
	return dir, err
}
