package ui_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/body/standing"
	"shingle/internal/record"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

var kinds = map[standing.Status][]standing.Kind{
	standing.Good:                        {""},
	standing.NotSubscribed:               {standing.Administrative},
	standing.Conditional:                 {standing.Administrative, standing.Disciplinary},
	standing.Lapsed:                      {standing.Administrative},
	standing.Withdrawn:                   {standing.Administrative},
	standing.WithdrawnUnderInvestigation: {standing.Interim},
	standing.Suspended:                   {standing.Administrative, standing.Interim, standing.Disciplinary},
	standing.Expelled:                    {standing.Disciplinary},
}

func TestEveryStandingHasWordsAndAShapeOfItsOwn(t *testing.T) {
	shapes := map[string]standing.Status{}
	for _, s := range standing.Statuses {
		for _, k := range kinds[s] {
			w := ui.WordsFor(s, k)
			if w.Label == "" || w.Shape == "" || w.Tone == "" || (w.Kind == "") != (k == "") {
				t.Errorf("%s %s: %+v", s, k, w)
			}
			if other, ok := shapes[w.Shape]; ok && other != s {
				t.Errorf("%s and %s have one shape", s, other)
			}
			shapes[w.Shape] = s
			if ui.Meaning(s, k) == "" {
				t.Errorf("%s %s: nobody says what it means", s, k)
			}
			for _, now := range []bool{true, false} {
				said := ui.Sentence("Acme", s, k, now)
				if !strings.Contains(said, "Acme") || !strings.HasSuffix(said, ".") || strings.Contains(said, "%") {
					t.Errorf("%s %s: %q", s, k, said)
				}
			}
		}
	}
	if said := ui.Sentence("Acme", "", "", false); said != "Acme was not a member at that time." {
		t.Errorf("no standing: %q", said)
	}
}

func TestLatePaperworkNeverLooksLikeMisconduct(t *testing.T) {
	for s, ks := range kinds {
		for _, k := range ks {
			if k == standing.Administrative && ui.WordsFor(s, k).Tone == "grave" {
				t.Errorf("%s %s looks grave", s, k)
			}
		}
	}
	if said := ui.Meaning(standing.Suspended, standing.Administrative); !strings.Contains(said, "no finding of misconduct") {
		t.Errorf("an administrative suspension is explained as %q", said)
	}
}

func TestSealsAreWellFormedWhateverTheName(t *testing.T) {
	for _, name := range []string{"Acme", "", strings.Repeat("Incomprehensibilities ", 9), strings.Repeat("W", 200), `<script>alert(1)</script> & "sons"`, "Çelik Ağ Yönetimi ve Güvenlik Hizmetleri A.Ş."} {
		for s, ks := range kinds {
			for _, k := range ks {
				svg, err := ui.Seal{BodyName: "Society & Sons", Number: "0042", Name: name, Status: s, Kind: k, At: time.Now()}.SVG()
				if err != nil {
					t.Fatal(err)
				}
				d := xml.NewDecoder(strings.NewReader(string(svg)))
				for err == nil {
					var token xml.Token
					token, err = d.Token()
					if e, ok := token.(xml.StartElement); ok && e.Name.Local == "script" {
						t.Fatalf("%q became an element", name)
					}
				}
				if !errors.Is(err, io.EOF) {
					t.Errorf("%q %s: %v", name, s, err)
				}
				if !strings.Contains(string(svg), ui.WordsFor(s, k).Label) {
					t.Errorf("the seal does not say %s", s)
				}
			}
		}
	}
}

func TestErrorsAsTheOutsideSeesThem(t *testing.T) {
	rule := act.Rule{ID: "MEM-03", Cites: "membership", Text: "A rule.", Cure: "A cure."}
	for _, c := range []struct {
		err    error
		status int
	}{
		{rule.Refuse("this time"), 422},
		{fmt.Errorf("wrapped: %w", rule.Refuse("this time")), 422},
		{&act.BadField{Field: "name", Detail: "is missing"}, 400},
		{view.ErrNotFound, 404},
		{fmt.Errorf("%w: begin again", view.ErrQuery), 400},
		{record.ErrConflict, 409},
		{record.ErrUnknownAct, 404},
		{record.ErrKeyReused, 422},
		{record.ErrDiskFull, 503},
		{record.ErrClock, 503},
		{record.ErrOutcomeUnknown, 503},
		{record.ErrClosed, 503},
		{errors.New("password=hunter2 at /srv/secret"), 500},
	} {
		p := ui.ProblemOf(c.err)
		if p.Status != c.status || p.Title == "" || p.Type == "" {
			t.Errorf("%v: %+v", c.err, p)
		}
		w := httptest.NewRecorder()
		p.WriteJSON(w)
		var back ui.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &back); err != nil || back != p || w.Code != c.status {
			t.Errorf("%v as JSON: %s, %v", c.err, w.Body, err)
		}
		if strings.Contains(w.Body.String(), "hunter2") || strings.Contains(w.Body.String(), "/srv") {
			t.Errorf("a fault tells its particulars: %s", w.Body)
		}
	}
	if p := ui.ProblemOf(rule.Refuse("this time")); p.Rule != "MEM-03" || p.Cites != "membership" || p.Detail != "this time" || p.Cure != "A cure." {
		t.Errorf("refusal %+v", p)
	}
}

func TestAssetsMayBeKeptForEver(t *testing.T) {
	for _, name := range []string{"pico.min.css", "shingle.css", "print.css", "emblem.svg"} {
		w := httptest.NewRecorder()
		ui.Assets().ServeHTTP(w, httptest.NewRequest(http.MethodGet, ui.Asset(name), nil))
		if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", name, w.Code, w.Header())
		}
	}
	for _, path := range []string{"/assets/0000/shingle.css", "/assets/../ui.go", "/assets/"} {
		w := httptest.NewRecorder()
		ui.Assets().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}
