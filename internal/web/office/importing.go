package office

import (
	"context"
	"errors"
	"io"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"shingle/internal/act"
	"shingle/internal/roster"
	"shingle/internal/web/ui"
)

// importPage is where a roster is uploaded, and one goes on with those that are under way.
type importPage struct {
	ui.Chrome
	Problem string
	Files   []file
	Most    string // how large a file may be
}

// file is an uploaded roster.
type file struct {
	roster.Upload
	State string
}

var stageWords = map[roster.Stage]string{
	roster.Uploaded: "waits for you to say what its columns are", roster.Previewing: "is being looked through",
	roster.Previewed: "waits for you to take it in", roster.Importing: "is being taken in", roster.Imported: "is taken in",
}

func (o *Office) uploads(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	return o.showUploads(w, r, who, http.StatusOK, importPage{Chrome: c})
}

func (o *Office) showUploads(w http.ResponseWriter, r *http.Request, who ui.Who, status int, p importPage) error {
	p.Title, p.Most = "Import a roster", strconv.Itoa(roster.MaxUpload>>20)+" MiB"
	if p.Problem != "" {
		p.Title = "Error: " + p.Title
	}
	files, err := o.Uploads.Of(r.Context(), who.Actor)
	if err != nil {
		return err
	}
	for _, f := range files {
		p.Files = append(p.Files, file{f, stageWords[f.Stage]})
	}
	o.Desk.Show(w, r, status, "import", p)
	return nil
}

// upload keeps a file, and goes on to its columns.
func (o *Office) upload(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	if err := o.Desk.Counter.May(who, "member.enrol"); err != nil {
		return err
	}
	no := func(status int, problem string) error {
		return o.showUploads(w, r, who, status, importPage{Chrome: c, Problem: problem})
	}
	r.Body = http.MaxBytesReader(w, r.Body, roster.MaxUpload+maxTyped)
	part, name, err := uploadedPart(r)
	var content []byte
	if err == nil {
		content, err = io.ReadAll(part)
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large) || len(content) > roster.MaxUpload:
		return no(http.StatusRequestEntityTooLarge, "The file is larger than "+strconv.Itoa(roster.MaxUpload>>20)+" MiB. Split it, and import the parts one after another.")
	case err != nil:
		return no(http.StatusUnprocessableEntity, "No file came with the form, or it did not come whole. Choose a file and send it again.")
	case len(content) == 0:
		return no(http.StatusUnprocessableEntity, "The file is empty; its first row should name the columns.")
	}
	var header *roster.HeaderError
	if _, err := roster.Glance(strings.NewReader(string(content)), 1); errors.As(err, &header) {
		return no(http.StatusUnprocessableEntity, sentence(header.Detail))
	} else if err != nil {
		return err
	}
	id, err := o.Uploads.Keep(r.Context(), who.Actor, name, content)
	if errors.Is(err, roster.ErrTooMany) {
		return no(http.StatusUnprocessableEntity, "You have "+strconv.Itoa(roster.MaxUploads)+" files waiting already. Take one in, or discard it, before you bring another.")
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/office/import/"+id, http.StatusSeeOther)
	return nil
}

// uploadedPart returns the file of a form, and what its sender calls it.
func uploadedPart(r *http.Request) (file io.Reader, name string, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, "", err
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, "", err
		}
		if part.FormName() == "roster" && part.FileName() != "" {
			return part, plainName(part.FileName()), nil
		}
	}
}

// plainName is a file's name without folders, and not longer than anybody reads.
func plainName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, "\ufffd"), `\`, "/"))
	if r := []rune(name); len(r) > 80 {
		name = string(r[:80])
	}
	return name
}

// uploadPage is one roster on its way: its columns, what would come of it, how far it is, what came of it.
type uploadPage struct {
	ui.Chrome
	File     file
	Columns  []column // while it is asked for them
	Header   []string
	Sample   [][]string
	Problem  string
	Report   *roster.Report // of a preview, or of an import that has ended
	Rejects  []roster.Reject
	More     int // rejects beyond those
	Progress bool
	Still    bool // it looks again only when it is asked to
	Percent  int
}

// column is one of our columns, and which of the file's it is.
type column struct {
	Ours, Label, Hint string
	Theirs            string
	Required          bool
}

// ourColumns says what our columns are for.
var ourColumns = map[string][2]string{
	"number": {"Member number", "as the body counts its members"}, "name": {"Legal name", ""}, "sole_trader": {"Sole trader", "yes or no"},
	"trading_names": {"Trading names", "separated by semicolons"}, "domains": {"Domains", "separated by semicolons"}, "address": {"Address", ""},
	"place": {"Place", ""}, "country": {"Country", ""}, "services": {"Services", "separated by semicolons"},
	"contact_name": {"Name of the contact", "kept for the office only"}, "contact_email": {"E-mail of the contact", "kept for the office only"},
	"admitted": {"Member since", "a date"}, "subscribed": {"Signed the code on", "a date"}, "paid_through": {"Dues paid through", "a date"},
	"status": {"Status", "compared in the preview, never taken in"},
}

const (
	sampleRows   = 3
	rejectsShown = 50
)

func (o *Office) uploaded(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	f, err := o.Uploads.Get(r.Context(), who.Actor, r.PathValue("id"))
	if errors.Is(err, roster.ErrNoUpload) {
		return o.Desk.NotFound(w, r, c)
	}
	if err != nil {
		return err
	}
	if f.Stage.Running() {
		if err := o.Uploads.GoOn(r.Context(), byOf(who), f); err != nil {
			return err
		}
	}
	return o.showUpload(w, r, http.StatusOK, c, f, r.URL.Query().Get("columns") != "", "")
}

func (o *Office) showUpload(w http.ResponseWriter, r *http.Request, status int, c ui.Chrome, f roster.Upload, columns bool, problem string) error {
	c.Title = "Import " + ui.Isolated(f.About.Name)
	p := uploadPage{Chrome: c, File: file{f, stageWords[f.Stage]}, Problem: problem}
	switch {
	case f.Stage.Running():
		p.Progress = true
		if f.About.Rows > 0 {
			p.Percent = int(min(99, 100*f.Done/f.About.Rows))
		}
		if p.Still = r.URL.Query().Get("still") != ""; !p.Still {
			w.Header().Set("Refresh", "3") // seconds; it needs no script
		}
	case f.Stage == roster.Uploaded || columns && f.Stage == roster.Previewed:
		glimpse, err := o.Uploads.Glance(r.Context(), f, sampleRows)
		if errors.Is(err, roster.ErrNoUpload) {
			return o.Desk.NotFound(w, r, c)
		}
		if err != nil {
			return err
		}
		p.Header, p.Sample = glimpse.Header, glimpse.Rows
		for _, ours := range roster.Columns {
			theirs := glimpse.Ours[ours]
			if f.About.Mapping != nil {
				theirs = f.About.Mapping[ours]
			}
			says := ourColumns[ours]
			p.Columns = append(p.Columns, column{ours, says[0], says[1], theirs, ours == "number" || ours == "name"})
		}
	default:
		if p.Problem == "" && f.Outcome.Problem != "" {
			p.Problem = sentence(f.Outcome.Problem)
		}
		p.Report = &f.Outcome.Report
		p.Rejects = f.Outcome.Rejects[:min(len(f.Outcome.Rejects), rejectsShown)]
		p.More = len(f.Outcome.Rejects) - len(p.Rejects)
	}
	if p.Problem != "" {
		p.Title = "Error: " + p.Title
	}
	o.Desk.Show(w, r, status, "upload", p)
	return nil
}

func byOf(who ui.Who) roster.By {
	return roster.By{Actor: who.Actor, Holder: who.Holder, Role: who.Role}
}

// shortWait is how long a form waits for a file to be done before it shows how far it is: short files are done by then.
const shortWait = 1500 * time.Millisecond

// uploadedStep previews a file, takes it in, or discards it.
func (o *Office) uploadedStep(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxTyped)
	if err := r.ParseForm(); err != nil {
		return &act.BadField{Detail: "the form that was sent cannot be read"}
	}
	if err := o.Desk.Counter.May(who, "member.enrol"); err != nil {
		return err
	}
	f, err := o.Uploads.Get(r.Context(), who.Actor, r.PathValue("id"))
	if errors.Is(err, roster.ErrNoUpload) {
		return o.Desk.NotFound(w, r, c)
	}
	if err != nil {
		return err
	}
	here := "/office/import/" + f.ID
	switch step := r.PostForm.Get("_step"); {
	case step == "discard":
		err, here = o.Uploads.Discard(r.Context(), f.ID), "/office/import"
	case step == "preview" && (f.Stage == roster.Uploaded || f.Stage == roster.Previewed):
		mapping := roster.Mapping{}
		for _, ours := range roster.Columns {
			mapping[ours] = r.PostForm.Get("map_" + ours)
		}
		f.About.Mapping = mapping
		if problem := mappingProblem(mapping); problem != "" {
			return o.showUpload(w, r, http.StatusUnprocessableEntity, c, f, true, problem)
		}
		err = o.Uploads.Preview(r.Context(), byOf(who), f, mapping)
	case step == "import" && f.Stage == roster.Previewed:
		err = o.Uploads.Import(r.Context(), byOf(who), f)
	}
	if err != nil {
		return err
	}
	waiting, stop := context.WithTimeout(r.Context(), shortWait)
	defer stop()
	o.Uploads.Wait(waiting, f.ID)
	http.Redirect(w, r, here, http.StatusSeeOther)
	return nil
}

// mappingProblem says what is wrong with what somebody chose, "" for nothing.
func mappingProblem(m roster.Mapping) string {
	used := map[string]string{}
	for _, ours := range roster.Columns {
		theirs := m[ours]
		label := ourColumns[ours][0]
		if theirs == "" && (ours == "number" || ours == "name") {
			return "Say which column is “" + label + "”: no row can be taken in without it."
		}
		if other := used[theirs]; theirs != "" && other != "" {
			return "The column “" + theirs + "” cannot be both “" + other + "” and “" + label + "”."
		}
		used[theirs] = label
	}
	return ""
}

// rejects writes the rows that were not taken in, with why, as a file that can be mended and imported again.
func (o *Office) rejects(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	f, err := o.Uploads.Get(r.Context(), who.Actor, r.PathValue("id"))
	if errors.Is(err, roster.ErrNoUpload) || err == nil && (f.Outcome == nil || len(f.Outcome.Rejects) == 0) {
		return o.Desk.NotFound(w, r, c)
	}
	if err != nil {
		return err
	}
	out := startCSV(w, "rejects-"+act.DateIn(c.Now, c.Zone).String())
	defer out.Flush()
	// Escaped as the command line does it, so that either reads what the other wrote.
	_ = out.Write(append(roster.Escape(f.Outcome.Header), roster.RejectColumns...)) // the reader may have gone
	for _, reject := range f.Outcome.Rejects {
		out.row(append(slices.Clone([]string(reject.Cells)), strconv.Itoa(reject.Line), reject.Column(), reject.Reason())...)
	}
	return nil
}
