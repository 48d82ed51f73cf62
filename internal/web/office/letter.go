package office

import (
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"shingle/internal/web/ui"
	"shingle/internal/work/mail"
)

// letterPage shows a letter that lies in the folder, as text.
type letterPage struct {
	ui.Chrome
	mail.Paper
	Kind   string
	Hidden int      // links that let whoever reads them in, and are not shown
	Links  []string // in a demo, those of the letter
	Opened []opening
}

// opening is who read it.
type opening struct {
	mail.Opening
	Who, Role string
}

// opens reports whether somebody may read what lies in the folder: only where no mail server takes the letters,
// so that somebody has to hand them on.
func (o *Office) opens(who ui.Who, post *Post) bool {
	return post.Mail.Server == nil && o.asks(who, atLetter)
}

func (o *Office) letter(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome, post *Post) error {
	if !o.opens(who, post) {
		return o.Desk.NotFound(w, r, c)
	}
	paper, err := post.Mail.Unfold(r.Context(), r.PathValue("id"), who.Actor, who.Role)
	if errors.Is(err, fs.ErrNotExist) {
		return o.Desk.NotFound(w, r, c)
	}
	if err != nil {
		return err
	}
	c.Title = "A letter in the folder"
	p := letterPage{Chrome: c, Paper: paper, Kind: letterWords[paper.Letter]}
	if o.Desk.Demo {
		p.Links = webLinks.FindAllString(paper.Text, -1)
	} else {
		p.Text, p.Hidden = withoutWaysIn(paper.Text)
	}
	all, err := post.Mail.Openings(r.Context(), paper.ID)
	if err != nil {
		return err
	}
	for _, one := range all {
		p.Opened = append(p.Opened, opening{one, addresseeWords(one.Actor), officeWords(one.Role)})
	}
	o.Desk.Show(w, r, http.StatusOK, "letter", p)
	return nil
}

// webLinks finds the addresses in a letter; whatever else looks like one is found by anyLinks.
var (
	webLinks = regexp.MustCompile(`https?://\S+`)
	anyLinks = regexp.MustCompile(`\S*:/\S*`)
)

// notShown stands where a link stood.
const notShown = "[a link that is the addressee’s alone is not shown here]"

// withoutWaysIn hides every link that may let its reader in, or act for the addressee: all but those to pages
// that anyone finds, or that ask who one is.
func withoutWaysIn(text string) (shown string, hidden int) {
	shown = anyLinks.ReplaceAllStringFunc(text, func(found string) string {
		if harmless(found) {
			return found
		}
		hidden++
		return notShown
	})
	return shown, hidden
}

// harmless reports whether a link holds no secret.
func harmless(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || strings.Contains(u.Path, "..") {
		return false
	}
	switch u.Path {
	case "", "/", "/portal", "/account", "/office":
		return true
	}
	for _, root := range []string{"/register/", "/apply/progress/"} {
		if number, ok := strings.CutPrefix(u.Path, root); ok && memberNumber.MatchString(number) {
			return true
		}
	}
	return false
}

var memberNumber = regexp.MustCompile(`^[A-Za-z0-9-]{1,12}$`)
