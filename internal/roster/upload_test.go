package roster_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"shingle/internal/act"
	"shingle/internal/pgtest"
	"shingle/internal/roster"
	"shingle/internal/web/webtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

var by = roster.By{Actor: "person/0001", Holder: "person/0001", Role: "registrar"}

func uploadsOf(t *testing.T, store webtest.Store) (*webtest.Body, *roster.Uploads) {
	t.Helper()
	b := webtest.Start(t, store, "Body", time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC))
	b.AdoptExample("2026.1", act.On(2026, 3, 1))
	u := &roster.Uploads{Record: b.Record, Keys: b.Keys, Now: b.Now, Names: b.Register.Names, Logger: slog.New(slog.NewTextHandler(t.Output(), nil))}
	t.Cleanup(u.Close)
	return b, u
}

const small = "number,name,domains,contact_name,admitted\n0900,Canary Systems,canary.example,Wilhelmina Quartermaine,2020-01-01\n0901,,x,,2020-01-01\n"

// stored returns all that the database holds of uploads, as bytes.
func stored(t *testing.T, b *webtest.Body) []byte {
	t.Helper()
	rows, err := b.Register.DB.Query("SELECT about, content, outcome FROM roster_upload")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []byte
	for rows.Next() {
		var about, content, outcome []byte
		if err := rows.Scan(&about, &content, &outcome); err != nil {
			t.Fatal(err)
		}
		all = bytes.Join([][]byte{all, about, content, outcome}, nil)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAnUploadIsKeptSealedAndNotLongerThanAnHour(t *testing.T) {
	for name, store := range map[string]webtest.Store{"SQLite": webtest.SQLite, "PostgreSQL": webtest.PostgreSQL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, u := uploadsOf(t, store)
			ctx := t.Context()
			id, err := u.Keep(ctx, by.Actor, "members.csv", []byte(small))
			if err != nil {
				t.Fatal(err)
			}
			f, err := u.Get(ctx, by.Actor, id)
			if err != nil || f.Stage != roster.Uploaded || f.About.Name != "members.csv" || f.Expires.Sub(b.Now()) != time.Hour {
				t.Fatalf("%+v, %v", f, err)
			}
			if _, err := u.Get(ctx, "person/0002", id); !errors.Is(err, roster.ErrNoUpload) {
				t.Errorf("somebody else's: %v", err)
			}
			if g, err := u.Glance(ctx, f, 1); err != nil || len(g.Rows) != 1 || g.Ours["contact_name"] != "contact_name" {
				t.Errorf("%+v, %v", g, err)
			}
			if err := u.Preview(ctx, by, f, nil); err != nil {
				t.Fatal(err)
			}
			u.Wait(ctx, id)
			if f, err = u.Get(ctx, by.Actor, id); err != nil || f.Stage != roster.Previewed || f.Outcome.Report.Added != 1 || len(f.Outcome.Rejects) != 1 || f.About.Rows != 2 {
				t.Fatalf("%+v, %v", f, err)
			}
			if all := stored(t, b); bytes.Contains(all, []byte("anary")) || bytes.Contains(all, []byte("Wilhelmina")) || bytes.Contains(all, []byte("members")) {
				t.Error("the database can be read by whoever has no keys")
			}
			if err := u.Import(ctx, by, f); err != nil {
				t.Fatal(err)
			}
			u.Wait(ctx, id)
			if f, err = u.Get(ctx, by.Actor, id); err != nil || f.Stage != roster.Imported || f.Outcome.Report.Added != 1 {
				t.Fatalf("%+v, %v", f, err)
			}
			if _, err := u.Glance(ctx, f, 1); !errors.Is(err, roster.ErrNoUpload) {
				t.Errorf("the file is still there: %v", err)
			}
			b.Pass(time.Hour)
			if _, err := u.Get(ctx, by.Actor, id); !errors.Is(err, roster.ErrNoUpload) {
				t.Errorf("after an hour: %v", err)
			}
			if err := u.Sweep(ctx); err != nil || len(stored(t, b)) != 0 {
				t.Errorf("after the sweep: %d bytes, %v", len(stored(t, b)), err)
			}
			if _, err := b.Keys.Seal("upload/"+id, "x"); !errors.Is(err, act.ErrForgotten) {
				t.Errorf("its key is still there: %v", err)
			}
		})
	}
}

// TestAnImportEndsWithTheOffice takes the office from whoever began to import, when the first rows are in.
func TestAnImportEndsWithTheOffice(t *testing.T) {
	b, u := uploadsOf(t, webtest.SQLite)
	ctx := t.Context()
	var file strings.Builder
	file.WriteString("number,name,admitted\n")
	for i := range 4000 {
		fmt.Fprintf(&file, "%05d,Company,2020-01-01\n", i)
	}
	asked := 0
	u.Holds = func(_ context.Context, who roster.By) (bool, error) {
		if who != by {
			t.Errorf("%+v is asked about", who)
		}
		asked++
		return asked < 2, nil
	}
	id, err := u.Keep(ctx, by.Actor, "members.csv", []byte(file.String()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := u.Get(ctx, by.Actor, id)
	if err == nil {
		err = u.Import(ctx, by, f)
	}
	if err != nil {
		t.Fatal(err)
	}
	u.Wait(ctx, id)
	f, err = u.Get(ctx, by.Actor, id)
	if err != nil || f.Stage == roster.Imported || f.Stage.Running() || !strings.Contains(f.Outcome.Problem, "does not hold the office any more") {
		t.Fatalf("%s %+v, %v", f.Stage, f.Outcome, err)
	}
	body, err := b.Register.Body(ctx)
	if err != nil || body.Members == 0 || body.Members > 2000 {
		t.Errorf("%d members were taken in, %v", body.Members, err)
	}
}

func TestAnImportThatWasCutOffGoesOnElsewhere(t *testing.T) {
	b, u := uploadsOf(t, webtest.SQLite)
	ctx := t.Context()
	file := "number,name,admitted\n"
	for i := range 1200 {
		file += "1" + string(rune('0'+i/1000)) + string(rune('0'+i/100%10)) + string(rune('0'+i/10%10)) + string(rune('0'+i%10)) + ",Company,2020-01-01\n"
	}
	id, err := u.Keep(ctx, by.Actor, "members.csv", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	f, err := u.Get(ctx, by.Actor, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := u.Import(ctx, by, f); err != nil {
		t.Fatal(err)
	}
	u.Close() // the process ends
	if f, err = u.Get(ctx, by.Actor, id); err != nil || f.Stage != roster.Importing {
		t.Fatalf("%+v, %v", f.Stage, err)
	}
	next := &roster.Uploads{Record: b.Record, Keys: b.Keys, Now: b.Now, Logger: u.Logger}
	defer next.Close()
	if err := next.GoOn(ctx, by, f); err != nil {
		t.Fatal(err)
	}
	next.Wait(ctx, id)
	if f, err = next.Get(ctx, by.Actor, id); err != nil || f.Stage != roster.Importing {
		t.Fatalf("whoever works on it may still be there: %s, %v", f.Stage, err)
	}
	b.Pass(time.Minute)
	if err := next.GoOn(ctx, by, f); err != nil {
		t.Fatal(err)
	}
	next.Wait(ctx, id)
	if f, err = next.Get(ctx, by.Actor, id); err != nil || f.Stage != roster.Imported || f.Outcome.Report.Added+f.Outcome.Report.Unchanged != 1200 {
		t.Fatalf("%+v, %v", f, err)
	}
	body, err := b.Register.Body(ctx)
	if err != nil || body.Members != 1200 {
		t.Errorf("%d members, %v", body.Members, err)
	}
}

func TestSomebodyKeepsAFewFilesAtATime(t *testing.T) {
	_, u := uploadsOf(t, webtest.SQLite)
	ctx := t.Context()
	for range roster.MaxUploads {
		if _, err := u.Keep(ctx, by.Actor, "x.csv", []byte(small)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := u.Keep(ctx, by.Actor, "x.csv", []byte(small)); !errors.Is(err, roster.ErrTooMany) {
		t.Fatal(err)
	}
	if _, err := u.Keep(ctx, "person/0002", "x.csv", []byte(small)); err != nil {
		t.Fatal(err)
	}
	mine, err := u.Of(ctx, by.Actor)
	if err != nil || len(mine) != roster.MaxUploads {
		t.Fatal(len(mine), err)
	}
	if err := u.Discard(ctx, mine[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := u.Keep(ctx, by.Actor, "x.csv", []byte(small)); err != nil {
		t.Error(err)
	}
}
