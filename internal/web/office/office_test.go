package office

import (
	"context"
	"net/http"
	"testing"
	"time"

	"shingle/internal/account"
	"shingle/internal/act"
	"shingle/internal/roster"
	"shingle/internal/web/ui"
	"shingle/internal/web/webtest"
	"shingle/internal/work/mail"
	"shingle/internal/work/webhook"
)

// shown says what each page shows. A page without a line here fails the test.
var shown = map[string]ui.Page{
	"today": todayPage{}, "members": membersPage{}, "member": memberPage{}, "memberpeople": memberPeoplePage{}, "history": historyPage{},
	"applications": applicationsPage{}, "application": applicationPage{}, "declared": declaredPage{}, "dues": duesPage{}, "orders": ordersPage{}, "people": peoplePage{}, "education": educationPage{}, "learner": learnerPage{},
	"import": importPage{}, "upload": uploadPage{}, "record": recordPage{}, "entry": entryPage{},
	"cases": casesPage{}, "case": casePage{}, "casefile": filePage{}, "certificate": certificatePage{}, "panel": panelPage{}, "decide": decidePage{}, "publish": publishPage{},
	"room": roomPage{}, "evidence": evidencePage{}, "admit": admitPage{}, "pool": poolPage{}, "claim": claimPage{}, "claims": claimsPage{}, "dates": datesPage{}, "doctor": doctorPage{},
	"launch": launchPage{}, "launchsend": launchSendPage{}, "launchrun": launchRunPage{},
	"casedays": caseDaysPage{},
	"post":     lettersPage{}, "letter": letterPage{}, "webhooks": hooksPage{}, "webhookadd": hookFormPage{}, "webhooksecret": hookSecretPage{}, "webhook": hookPage{}, "webhookcheck": hookCheckPage{},
}

func TestPagesFitWhatTheyShow(t *testing.T) { webtest.FittingDesk(t, pageFiles, shown) }

func TestEveryRouteStandsInTheGatesTable(t *testing.T) {
	o := &Office{Desk: founded(t, 1).Desk()}
	o.Routes(http.NewServeMux())
	webtest.Listed(t, o.Desk.Mux())
}

// people who sign in.
var (
	registrar = ui.Who{Actor: "person/0001", Holder: "person/0001", Role: "registrar", Name: "Rosa Lind"}
	president = ui.Who{Actor: "person/0002", Holder: "person/0002", Role: "president", Name: "Paul Ek"}
	chair     = ui.Who{Actor: "person/0003", Holder: "person/0003", Role: "chair", Name: "Cara Ash"}
	auditor   = ui.Who{Actor: "person/0004", Holder: "person/0004", Role: "auditor"}
)

// founded is a body with a code and n members; 0042 is among them.
func founded(t testing.TB, n int) *webtest.Body {
	b := webtest.Start(t, webtest.SQLite, "Society of Managed Service Providers", time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC))
	b.AdoptExample("2026.1", act.On(2026, 3, 1))
	b.EnrolExample(n, act.On(2026, 3, 1), act.On(2027, 2, 28))
	return b
}

// judging is such a body that had a code before, so that there are decisions of then.
func judging(t testing.TB, n int) *webtest.Body {
	b := webtest.Start(t, webtest.SQLite, "Society of Managed Service Providers", time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC))
	b.AdoptExample("2025.1", act.On(2025, 6, 1))
	b.AdoptExample("2026.1", act.On(2026, 3, 1))
	b.EnrolExample(n, act.On(2026, 3, 1), act.On(2027, 2, 28))
	return b
}

// open serves the office of a body to nobody in particular.
func open(b *webtest.Body) http.Handler { return openWith(b, nil) }

// openWith serves it to people who hold other roles too.
func openWith(b *webtest.Body, others []ui.Acting) http.Handler {
	files := &roster.Uploads{Record: b.Record, Keys: b.Keys, Now: b.Now, Names: b.Register.Names, Logger: b.Desk().Logger}
	o := &Office{Desk: b.Desk(), Register: b.Register, Standing: b.Standing, Reveal: b.Reveal, Exhibits: b.Files().Exhibits(), Feeds: account.NewFeeds(b.Record), Uploads: files, Send: func(context.Context, mail.Letter) error { return nil },
		Examine: func(context.Context) ([]Finding, error) { return nil, nil }}
	// Nobody works on jobs: what was sent can be looked at.
	post := &Post{Mail: mail.New(mail.Config{Record: b.Record}), Hooks: webhook.New(webhook.Config{Record: b.Record})}
	o.Working = func() *Post { return post }
	o.Desk.Roles = func(context.Context, ui.Who) ([]ui.Acting, error) { return others, nil }
	mux := http.NewServeMux()
	o.Routes(mux)
	mux.Handle("GET /assets/", ui.Assets())
	mux.HandleFunc("GET /favicon.ico", ui.Emblem)
	return ui.Secure(mux)
}
