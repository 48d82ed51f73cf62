package door

import (
	"embed"
	"net/http"
	"net/url"

	"shingle/internal/gate"
	"shingle/internal/web/ui"
)

// ourselves are the acts that anybody asks for about themself, whatever they hold, by their names in the address.
var ourselves = map[string]ui.Asking{
	"name": {Kind: "person.correct", Title: "Correct your name and address",
		Lead: "Letters go to the new address from now on, links to sign in with among them. The one before is told that it was changed, and not to what."},
	"forget": {Kind: "person.forget", Title: "Be forgotten",
		Lead: "Your name, your address and what else belongs to you can never be read again, by anybody; your roles end and you are signed out for good. " +
			"Your number stays, and what was done under it. It cannot be taken back."},
}

// aboutPath is where somebody asks for what is about themself.
const aboutPath = "/account/about"

// Oneself adds the pages on which people correct what they are called, or are forgotten, to mux: also those who hold
// no role. The caller wraps mux in [ui.Secure].
func (d *Door) Oneself(desk ui.Desk, mux *http.ServeMux) { d.oneself(desk).Routes(mux) }

func (d *Door) oneself(desk ui.Desk) *ui.Desk {
	desk.Root, desk.Title, desk.Bare, desk.Pages = aboutPath, "Your account", true, embed.FS{}
	desk.Nav = []ui.NavEntry{{Href: "/account", Label: "Your account"}}
	desk.Open()
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		desk.Handle(method+" "+aboutPath+"/{what}", func(w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
			return d.aboutOneself(&desk, w, r, who, c)
		})
	}
	return &desk
}

func (d *Door) aboutOneself(desk *ui.Desk, w http.ResponseWriter, r *http.Request, who ui.Who, c ui.Chrome) error {
	number, ok := who.Person()
	asking, known := ourselves[r.PathValue("what")]
	if !ok || !known {
		return desk.NotFound(w, r, c)
	}
	person, err := d.Person(r.Context(), who.Actor)
	if err != nil {
		return err
	}
	who.Role, who.Member = gate.Person, ""
	asking.Known, asking.Then, asking.Back = map[string]string{"person": number}, "/account", "/account"
	if asking.Kind == "person.correct" {
		asking.Given = url.Values{"name": {person.Name}, "email": {person.Email}}
	}
	return desk.Ask(w, r, who, c, asking)
}
