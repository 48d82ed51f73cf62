package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"time"

	"shingle/internal/act"
	"shingle/internal/record"
)

// Paper is a letter that lay in the folder, as its reader would see it without pictures and markup.
type Paper struct {
	Outcome
	From, To, Subject string
	Date              time.Time
	Text              string
}

// Opening says that somebody read a letter which lay in the folder.
type Opening struct {
	At          time.Time
	Actor, Role string
}

// Unfold opens a letter that lies in the folder and notes who read it. It fails with [fs.ErrNotExist] where there is
// none, or it was removed. What cannot be noted is not shown.
func (m *Mailer) Unfold(ctx context.Context, id, actor, role string) (p Paper, err error) {
	raw, err := m.Open(id)
	if err != nil {
		return p, err
	}
	o, err := m.find(ctx, id)
	if err != nil {
		return p, err
	}
	if o.State != Folder {
		return p, fs.ErrNotExist
	}
	err = m.Record.Upkeep(ctx, func(tx record.Tx, _ act.World) error {
		tx.Exec("INSERT INTO work_mail_opened (letter, at, actor, role) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", id, m.Now().UnixMicro(), actor, role)
		return nil
	})
	if err != nil {
		return p, fmt.Errorf("that a letter is opened cannot be noted now, and it is not shown: %w", err)
	}
	p, err = read(raw)
	p.Outcome = o
	return p, err
}

// read reads a letter as [Mailer.lay] wrote it. Errors hold nothing of it.
func read(raw []byte) (p Paper, err error) {
	unreadable := errors.New("the letter in the folder cannot be read as one; it lies there unchanged")
	msg, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return p, unreadable
	}
	words := new(mime.WordDecoder)
	for header, into := range map[string]*string{"From": &p.From, "To": &p.To, "Subject": &p.Subject} {
		if *into, err = words.DecodeHeader(msg.Header.Get(header)); err != nil {
			return p, unreadable
		}
	}
	if p.Date, err = msg.Header.Date(); err != nil {
		return p, unreadable
	}
	_, how, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil {
		return p, unreadable
	}
	for parts := multipart.NewReader(msg.Body, how["boundary"]); ; {
		part, err := parts.NextPart() // which undoes quoted-printable
		if err != nil {
			return p, unreadable
		}
		if kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type")); err != nil || kind != "text/plain" {
			continue
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return p, unreadable
		}
		p.Text = string(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
		return p, nil
	}
}

// Openings returns who read a letter in the folder, the newest first.
func (m *Mailer) Openings(ctx context.Context, id string) (all []Opening, err error) {
	rows, err := m.Record.Engine.Reader().QueryContext(ctx, "SELECT at, actor, role FROM work_mail_opened WHERE letter = $1 ORDER BY at DESC, actor LIMIT 100", id)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var at int64
		var o Opening
		if err := rows.Scan(&at, &o.Actor, &o.Role); err != nil {
			return nil, err
		}
		o.At = time.UnixMicro(at).UTC()
		all = append(all, o)
	}
	return all, rows.Err()
}
