// Package mail writes letters to people and hands them to a mail server, or lays them into a folder.
//
// What occasions a letter is an event of the record ([Mailer.Follower]), a deadline that comes near
// ([Mailer.Rounds]), or somebody at a page ([Mailer.Send]). Each becomes a job that holds the kind of letter,
// to whom and about what: no address, no name and no secret. These are looked up, and links are made, when
// the job runs, so that who was forgotten meanwhile gets nothing and nothing of theirs lies in a queue.
//
// What came of each letter is kept ([Mailer.Sent]), without the address: it is what makes a letter be sent
// once where its job is derived again. One that a server took just before the process was killed may be sent
// twice; it has the same Message-ID then. Of a letter that a server took and that came back later, the report
// is handed in by whoever gets it ([ReadReport], [Returned]).
package mail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"shingle/internal/act"
	"shingle/internal/record"
	"shingle/internal/work"
	"shingle/internal/work/letters"
)

// ErrNobody says that there is nobody to write to, or nothing to write any more: the person was forgotten, the
// invitation withdrawn. The letter is dropped, and that is not a fault.
var ErrNobody = errors.New("there is nobody to write to")

// Letter is a letter to be written: a job. None of its fields is private.
type Letter struct {
	Letter string `json:"letter"` // its kind, see package letters
	To     string `json:"to"`     // e.g. "person/0042-1"
	// About is what occasioned it, and makes it another letter than the last of its kind: "event/1234",
	// "duty/attestation/…", or whatever whoever asks tells theirs apart by.
	About  string `json:"about"`
	Member string `json:"member,omitempty"` // number of the member it is about
	// Again tells a job for a letter that somebody asked for again from those before; the letter is the same.
	Again string `json:"again,omitempty"`
}

// Kind implements [river.JobArgs].
func (Letter) Kind() string { return "mail" }

// InsertOpts implements [river.JobArgsWithInsertOpts].
func (l Letter) InsertOpts() river.InsertOpts {
	how := work.Once(Queue, len(again)+1)
	if l.Letter != letters.Enrolment { // somebody waits for that one
		how.Priority = 2
	}
	return how
}

// ID names a letter: it is its kind, to whom and about what, and tells none of them.
func (l Letter) ID() string {
	h := sha256.Sum256([]byte(l.Letter + "\x00" + l.To + "\x00" + l.About))
	return hex.EncodeToString(h[:16])
}

// Queue is the queue of letters.
const Queue = "mail"

// again is how long a letter waits after each try that failed: a bit more than two days in all.
var again = []time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

// pressing is how long it is worth trying to deliver what somebody waits for at a page.
const pressing = time.Hour

// Body is who writes.
type Body struct {
	Name string
	Site string         // e.g. https://demo.example
	Zone *time.Location // in which days end
}

// Person is whom a letter is to.
type Person struct {
	Name, Email string
	Unsubscribe string // address at which a subscriber ends the subscription; "" for others
}

// Duty is what a member owes.
type Duty struct {
	Member string
	Kind   string    // e.g. "attestation"
	Due    time.Time // by when; the end of a day in the body's zone
	Lapse  time.Time // from when it has consequences; zero if it has none
	What   string    // in words, e.g. "The attestation"
}

// Sources are what a letter is made of. They are asked when a letter is due or written, and never before.
type Sources struct {
	Body   func(ctx context.Context) (Body, error)
	Person func(ctx context.Context, id string) (Person, error) // ErrNobody for who was forgotten
	Member func(ctx context.Context, number string) (name string, err error)
	// Speakers returns the ids of those who are written to about a member.
	Speakers func(ctx context.Context, number string) (persons []string, err error)
	// Subscribers returns the ids of those who asked to be told when a member's standing changes.
	Subscribers func(ctx context.Context, number string) (ids []string, err error)
	// Due returns what is still owed and due after from and not after until.
	Due func(ctx context.Context, from, until time.Time) ([]Duty, error)
	// Fill adds what only the account knows to an invitation, an enrolment link or the news of a used code: it
	// makes the link. ErrNobody if there is nothing to tell any more.
	Fill func(ctx context.Context, l Letter, f *letters.Facts) error
	// Occasions returns what letters an event of another domain occasions; nil for none.
	Occasions func(ctx context.Context, e act.Recorded) ([]Letter, error)
}

// Config is what a mailer is made of.
type Config struct {
	Sources
	Record *record.Record
	Server *Server          // nil: letters go into Folder
	Folder string           // where letters lie that no server takes; "" for nowhere
	From   string           // whose letters they are, e.g. "Demo Guild <office@demo.example>"
	Return string           // address that reports of letters which come back go to, if not to that of From
	Now    func() time.Time // the body's clock
	// Machine is the machine's clock, by which letters are tried again.
	Machine func() time.Time
	Log     *slog.Logger
}

// Mailer sends letters. Its methods may be called from many goroutines.
type Mailer struct{ Config }

// New returns a mailer. Its workers are to be added to those of work, and its follower and rounds.
func New(c Config) *Mailer { return &Mailer{c} }

// AddTo lets workers do letters.
func (m *Mailer) AddTo(workers *river.Workers) { river.AddWorker(workers, &worker{m: m}) }

// Send asks for a letter now. The same letter, by kind, person and About, is sent once.
func (m *Mailer) Send(ctx context.Context, w *work.Work, l Letter) error {
	if !letters.Known(l.Letter) || l.To == "" || l.About == "" {
		return errors.New("a letter has a kind, somebody it is to, and something it is about")
	}
	return w.Add(ctx, l)
}

// worker does the job of a letter.
type worker struct {
	river.WorkerDefaults[Letter]
	m *Mailer
}

// Work implements [river.Worker].
func (w *worker) Work(ctx context.Context, j *river.Job[Letter]) error {
	return w.m.deliver(ctx, j.Args, j.Attempt >= j.MaxAttempts)
}

// NextRetry implements [river.Worker].
func (w *worker) NextRetry(j *river.Job[Letter]) time.Time {
	return w.m.Machine().Add(again[min(max(j.Attempt, 1), len(again))-1])
}

// Timeout implements [river.Worker].
func (*worker) Timeout(*river.Job[Letter]) time.Duration { return 2 * time.Minute }
