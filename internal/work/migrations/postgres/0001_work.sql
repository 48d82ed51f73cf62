-- +goose Up
CREATE TABLE work_since (
	name     text PRIMARY KEY,   -- of a follower or a round
	position bigint NOT NULL,   -- end of the record when it began to be at work
	at       bigint NOT NULL    -- when that was, µs since 1970
);
CREATE TABLE work_mail (
	id       text PRIMARY KEY,   -- what makes the letter this letter: its kind, to whom, about what
	kind     text NOT NULL,
	person   text NOT NULL,      -- to whom, e.g. person/0042-1; no address is kept
	member   text NOT NULL,      -- the member it is about, '' for none
	first    bigint NOT NULL,   -- when it was first tried, µs since 1970
	at       bigint NOT NULL,   -- when this came of it
	attempts bigint NOT NULL,
	state    text NOT NULL,      -- sending, retrying, sent, folder, bounced, failed or dropped
	says     text NOT NULL       -- what went wrong, in words of ours
);
CREATE INDEX work_mail_at ON work_mail (at);
CREATE INDEX work_mail_person ON work_mail (person, at);
CREATE INDEX work_mail_state ON work_mail (state, at);
CREATE TABLE work_endpoint (
	id       text PRIMARY KEY,
	url      text NOT NULL,
	types    text NOT NULL,      -- of events, with a blank between; '' for all
	owner    text NOT NULL,      -- who registered it
	created  bigint NOT NULL,   -- µs since 1970
	position bigint NOT NULL,   -- end of the record then: what is before is not delivered
	public   text NOT NULL,      -- whpk_… by which it knows our signatures
	secrets  bytea NOT NULL,      -- sealed under the key of "webhooks"
	disabled bigint NOT NULL,   -- since when nothing is sent, 0 while it is
	says     text NOT NULL       -- why
);

-- +goose Down
DROP TABLE work_endpoint;
DROP TABLE work_mail;
DROP TABLE work_since;
