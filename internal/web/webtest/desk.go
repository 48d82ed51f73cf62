package webtest

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"shingle/internal/act"
	"shingle/internal/vault"
	"shingle/internal/web/casefile"
	"shingle/internal/web/ui"
)

// Desk returns what a face for people who signed in is made from: this body, and the gate.
func (b *Body) Desk() ui.Desk {
	return ui.Desk{
		Counter: ui.Counter{Record: b.Record, Allows: ui.Allows}, Body: b.Body, Names: b.Register.Names, Now: b.Now,
		Logger: slog.New(slog.NewTextHandler(b.t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
}

// Objects are the sealed objects of the body, in a temporary folder. Who has one opened is in the record first.
func (b *Body) Objects() *vault.Objects {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.objects == nil {
		blobs, err := vault.OpenBlobs(b.t.Context(), filepath.Join(folder(b.t), "blobs"))
		check(b.t, err)
		b.t.Cleanup(func() { check(b.t, blobs.Close()) })
		b.objects = &vault.Objects{Keys: b.Keys, Blobs: blobs, Now: b.Now, Audit: vault.AuditIn(b.Record)}
	}
	return b.objects
}

// Reveal opens what people confided, as the pages of a served body do.
func (b *Body) Reveal(ctx context.Context, who ui.Who, about, purpose string, values ...act.Private) ([]string, error) {
	return b.Objects().Reveal(ctx, vault.Access{By: who.Actor, Role: who.Role, Purpose: purpose}, about, values...)
}

// Files are the papers of the body's cases; [casefile.Files.Exhibits] is what pages do with them.
func (b *Body) Files() *casefile.Files {
	return &casefile.Files{Record: b.Record, Objects: b.Objects(), Log: b.Log, LeafAt: b.LeafAt, Body: b.Body, Now: b.Now, LogKey: b.LogKey}
}

// As has all requests to a handler come from somebody who signed in.
func As(who ui.Who, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(ui.WithIdentity(r.Context(), who)))
	})
}

// Post sends a form to a handler, the way a browser does.
func Post(t testing.TB, h http.Handler, address string, form url.Values) *Document {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "text/html,*/*;q=0.8")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return Send(t, h, r)
}

// Form returns what would be sent if the button with these words were pressed: what stands in the fields of the
// page, the hidden ones too.
func (d *Document) Form(button string) url.Values {
	d.t.Helper()
	form := url.Values{}
	forms := find([]*html.Node{d.root}, []string{"main", "form"})
	for _, n := range find(forms, []string{"input"}) {
		name, _ := attribute(n, "name")
		value, _ := attribute(n, "value")
		kind, _ := attribute(n, "type")
		_, checked := attribute(n, "checked")
		if kind != "radio" && kind != "checkbox" || checked {
			form.Add(name, value)
		}
	}
	for _, n := range find(forms, []string{"textarea"}) {
		name, _ := attribute(n, "name")
		form.Add(name, strings.TrimPrefix(textOf(n), "\n"))
	}
	for _, n := range find(forms, []string{"select"}) {
		name, _ := attribute(n, "name")
		for i, option := range find([]*html.Node{n}, []string{"option"}) {
			value, _ := attribute(option, "value")
			if _, chosen := attribute(option, "selected"); i == 0 || chosen {
				form.Set(name, value)
			}
		}
	}
	pressed := false
	for _, n := range find(forms, []string{"button"}) {
		if strings.TrimSpace(textOf(n)) == button {
			name, _ := attribute(n, "name")
			value, _ := attribute(n, "value")
			if name != "" {
				form.Add(name, value)
			}
			pressed = true
		}
	}
	if !pressed {
		d.t.Errorf("%s: no button says %q", d.what, button)
	}
	return form
}
