-- +goose Up
CREATE TABLE work_since (
	name     TEXT PRIMARY KEY,   -- of a follower or a round
	position INTEGER NOT NULL,   -- end of the record when it began to be at work
	at       INTEGER NOT NULL    -- when that was, µs since 1970
);
CREATE TABLE work_mail (
	id       TEXT PRIMARY KEY,   -- what makes the letter this letter: its kind, to whom, about what
	kind     TEXT NOT NULL,
	person   TEXT NOT NULL,      -- to whom, e.g. person/0042-1; no address is kept
	member   TEXT NOT NULL,      -- the member it is about, '' for none
	first    INTEGER NOT NULL,   -- when it was first tried, µs since 1970
	at       INTEGER NOT NULL,   -- when this came of it
	attempts INTEGER NOT NULL,
	state    TEXT NOT NULL,      -- sending, retrying, sent, folder, bounced, failed or dropped
	says     TEXT NOT NULL       -- what went wrong, in words of ours
);
CREATE INDEX work_mail_at ON work_mail (at);
CREATE INDEX work_mail_person ON work_mail (person, at);
CREATE INDEX work_mail_state ON work_mail (state, at);
CREATE TABLE work_endpoint (
	id       TEXT PRIMARY KEY,
	url      TEXT NOT NULL,
	types    TEXT NOT NULL,      -- of events, with a blank between; '' for all
	owner    TEXT NOT NULL,      -- who registered it
	created  INTEGER NOT NULL,   -- µs since 1970
	position INTEGER NOT NULL,   -- end of the record then: what is before is not delivered
	public   TEXT NOT NULL,      -- whpk_… by which it knows our signatures
	secrets  BLOB NOT NULL,      -- sealed under the key of "webhooks"
	disabled INTEGER NOT NULL,   -- since when nothing is sent, 0 while it is
	says     TEXT NOT NULL       -- why
);

-- +goose Down
DROP TABLE work_endpoint;
DROP TABLE work_mail;
DROP TABLE work_since;
