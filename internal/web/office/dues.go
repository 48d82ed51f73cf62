package office

import (
	"context"
	"crypto/rand"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"shingle/internal/act"
	"shingle/internal/body/membership"
	"shingle/internal/body/standing"
	"shingle/internal/record"
	"shingle/internal/web/ui"
)

// duesPage records payments of several members at once, and lists who is overdue.
type duesPage struct {
	ui.Chrome
	Typed   string
	Problem string // why what was typed cannot be read
	Rows    []payment
	Fit     int // rows that would be, or were, recorded
	Same    int // rows that are so already
	Bad     int
	Key     string
	Asking  bool // the rows are a preview
	Told    bool // the rows were recorded
	May     bool
	Overdue []line
	Over    int64
	More    bool
	AllURL  string
}

// payment is a line of what was typed.
type payment struct {
	Line    int
	Number  string
	Name    string
	Through string
	State   string // "to be recorded", "so already", "recorded", "not recorded"
	Why     string // what is wrong
	bad     bool
	cmd     membership.RecordDues
}

const (
	// mostPayments is how many lines are recorded at once.
	mostPayments = 500
	// atOnce is how many of them are asked for together, so that they share a transaction.
	atOnce = 32
	// overdueShown is how many members with overdue dues the page lists.
	overdueShown = 50
)

func (o *Office) dues(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	return o.showDues(w, r, who, http.StatusOK, duesPage{Chrome: c})
}

func (o *Office) showDues(w http.ResponseWriter, r *http.Request, who ui.Who, status int, p duesPage) error {
	p.Title = "Dues"
	if p.Problem != "" || p.Bad > 0 && p.Asking {
		p.Title = "Error: Dues"
	}
	p.May = o.asks(who, "dues.record")
	kinds := []standing.DutyKind{standing.DutyDues}
	overdue, err := o.Register.DutiesOf(r.Context(), kinds, time.Time{}, p.Now, overdueShown)
	if err != nil {
		return err
	}
	for _, d := range overdue {
		p.Overdue = append(p.Overdue, o.dutyLine(who, p.Chrome, d))
	}
	if p.Over, err = o.Register.CountDuties(r.Context(), time.Time{}, p.Now, countedTo, kinds...); err != nil {
		return err
	}
	if p.More = p.Over > overdueShown; p.More && o.sees(who, atMembers) {
		p.AllURL = "/office/members?due=overdue"
	}
	if err := o.name(r.Context(), who, p.Overdue); err != nil {
		return err
	}
	numbers := make([]string, len(p.Rows))
	for i, row := range p.Rows {
		numbers[i] = row.Number
	}
	known, err := o.Register.Particulars(r.Context(), numbers)
	if err != nil {
		return err
	}
	for i, row := range p.Rows {
		p.Rows[i].Name = known[row.Number].Name
	}
	o.Desk.Show(w, r, status, "dues", p)
	return nil
}

// maxTyped is how large what is typed may be, in bytes.
const maxTyped = 64 << 10

func (o *Office) recordDues(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxTyped)
	p := duesPage{Chrome: c}
	if err := r.ParseForm(); err != nil {
		p.Problem = "What was sent cannot be read, or is longer than 64 KiB. Send fewer lines at once."
		return o.showDues(w, r, who, http.StatusUnprocessableEntity, p)
	}
	if err := o.Desk.Counter.May(who, "dues.record"); err != nil {
		return err
	}
	p.Typed = strings.ToValidUTF8(r.PostForm.Get("payments"), "\ufffd")
	if p.Rows, p.Problem = o.payments(p.Typed); p.Problem != "" {
		return o.showDues(w, r, who, http.StatusUnprocessableEntity, p)
	}
	p.Key = r.PostForm.Get("_key")
	p.Told = r.PostForm.Get("_step") == "do" && act.OneLine(p.Key, 1, 60)
	p.Asking = !p.Told
	if p.Asking {
		p.Key = formKey()
	}
	o.settle(r.Context(), who, &p)
	status := http.StatusOK
	if p.Asking && p.Bad > 0 {
		status = http.StatusUnprocessableEntity
	}
	return o.showDues(w, r, who, status, p)
}

func formKey() string {
	b := make([]byte, 12)
	_, _ = rand.Read(b) // it never fails
	return "dues-" + hex.EncodeToString(b)
}

// payments reads lines of a number and a day, separated by a comma, a semicolon or a tab.
func (o *Office) payments(typed string) (rows []payment, problem string) {
	in := csv.NewReader(strings.NewReader(typed))
	in.FieldsPerRecord, in.TrimLeadingSpace = -1, true
	first, _, _ := strings.Cut(typed, "\n")
	for _, separator := range []rune{'\t', ';'} {
		if strings.ContainsRune(first, separator) && !strings.Contains(first, ",") {
			in.Comma = separator
		}
	}
	kind, ok := o.Desk.Counter.Record.Catalogue.Act("dues.record")
	if !ok {
		return nil, "Dues cannot be recorded here."
	}
	seen := map[string]int{}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, "The lines cannot be told apart: " + err.Error() + ". Write one number and one day on each line."
		}
		if strings.TrimSpace(strings.Join(cells, "")) == "" {
			continue
		}
		number, _ := in.FieldPos(0)
		row := payment{Line: number, Number: strings.ToUpper(strings.TrimSpace(cells[0]))}
		if len(rows) == 0 && !startsWithDigit(cells) {
			continue // a header
		}
		if len(rows) == mostPayments {
			return nil, "There are more than " + strconv.Itoa(mostPayments) + " lines. Send them in parts; nothing was recorded."
		}
		if len(cells) > 1 {
			row.Through = strings.TrimSpace(cells[1])
		}
		values := map[string][]string{"member": {row.Number}, "paid_through": {row.Through}}
		if len(cells) > 2 && strings.TrimSpace(cells[2]) != "" {
			values["reason"] = []string{strings.TrimSpace(cells[2])}
		}
		cmd, faults := kind.ReadText(values)
		switch {
		case utf8.RuneCountInString(row.Number) > 12 || !act.IsMemberNumber(row.Number):
			row.fail("This is no member’s number.")
		case len(cells) > 3:
			row.fail("There are more than three cells in this line: a number, a day, and the reason of a correction.")
		case seen[row.Number] > 0:
			row.fail("The number stands in line " + strconv.Itoa(seen[row.Number]) + " already.")
		case len(faults) > 0:
			row.fail(sentence("the day " + faults[0].Detail))
		default:
			row.cmd = cmd.(membership.RecordDues)
		}
		seen[row.Number] = row.Line
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return nil, "Nothing was typed. Write one number and one day on each line."
	}
	return rows, ""
}

func (p *payment) fail(why string) { p.State, p.Why, p.bad = "not recorded", why, true }

// startsWithDigit tells a line of values from a header: a day stands in it.
func startsWithDigit(cells []string) bool {
	if len(cells) < 2 {
		return true
	}
	day := strings.TrimSpace(cells[1])
	return day == "" || day[0] >= '0' && day[0] <= '9'
}

func sentence(text string) string { return strings.ToUpper(text[:1]) + text[1:] + "." }

// settle previews the payments, or records them: each by itself, so that one that is refused harms no other. Each
// has a key of its own, so that sending the form again changes nothing.
func (o *Office) settle(ctx context.Context, who ui.Who, p *duesPage) {
	var work sync.WaitGroup
	free := make(chan struct{}, atOnce)
	for i := range p.Rows {
		row := &p.Rows[i]
		if row.bad {
			continue
		}
		free <- struct{}{}
		work.Go(func() {
			defer func() { <-free }()
			o.pay(ctx, who, row, p.Told, p.Key+"-"+row.Number)
		})
	}
	work.Wait()
	for _, row := range p.Rows {
		switch {
		case row.bad:
			p.Bad++
		case row.State == "so already":
			p.Same++
		default:
			p.Fit++
		}
	}
}

// pay previews one payment or records it. Whatever keeps it from being done is told in its line: others may be done.
func (o *Office) pay(ctx context.Context, who ui.Who, row *payment, doing bool, key string) {
	asked, ask := ui.Asked{Command: row.cmd, Expect: -1}, o.Desk.Counter.Preview
	row.State = "to be recorded"
	if doing {
		asked.Key, ask = key, o.Desk.Counter.Ask
		row.State = "recorded"
	}
	done, err := ask(ctx, who, asked)
	refusal, refused := act.Refused(err)
	switch {
	case refused:
		row.fail(sentence(refusal.Detail))
	case errors.Is(err, ui.ErrBusy):
		row.fail(ui.Busy.Detail)
	case err != nil:
		problem := ui.ProblemOf(err)
		if problem.Status == http.StatusInternalServerError {
			o.Desk.Logger.ErrorContext(ctx, "a payment could not be recorded", "error", err)
		}
		if row.fail(problem.Detail); errors.Is(err, record.ErrOutcomeUnknown) {
			row.State = "not known"
		}
	case len(done.Events) == 0:
		row.State = "so already"
	}
}
