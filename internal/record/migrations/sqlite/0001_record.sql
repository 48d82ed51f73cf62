-- +goose Up
CREATE TABLE event (
	position  INTEGER PRIMARY KEY, -- from 1, without gaps
	stream    TEXT    NOT NULL,
	version   INTEGER NOT NULL,    -- from 1, without gaps
	kind      TEXT    NOT NULL,
	recorded  INTEGER NOT NULL,    -- µs since 1970, UTC
	effective INTEGER NOT NULL,    -- µs since 1970, UTC
	actor     TEXT    NOT NULL,
	role      TEXT    NOT NULL,
	subjects  TEXT    NOT NULL,    -- JSON list of streams, its own first
	payload   TEXT    NOT NULL,    -- JSON, private values sealed
	chain     BLOB    NOT NULL,    -- SHA-256(chain before ‖ canonical row)
	UNIQUE (stream, version)
);
CREATE TABLE subject (subject TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (subject, position)) WITHOUT ROWID;
CREATE TABLE claim (kind TEXT NOT NULL, name TEXT NOT NULL, stream TEXT NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID;
CREATE TABLE series (name TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE request (
	actor TEXT NOT NULL, name TEXT NOT NULL, -- the idempotency key, per actor
	hash BLOB NOT NULL, stream TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
	PRIMARY KEY (actor, name)
) WITHOUT ROWID;
CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1), position INTEGER NOT NULL, recorded INTEGER NOT NULL, chain BLOB NOT NULL);
INSERT INTO head (id, position, recorded, chain) VALUES (1, 0, 0, zeroblob(32));
CREATE TABLE kind (name TEXT PRIMARY KEY); -- the kinds of events there are: a program that does not know one does not open it

-- +goose Down
DROP TABLE kind; DROP TABLE head; DROP TABLE request; DROP TABLE series; DROP TABLE claim; DROP TABLE subject; DROP TABLE event;
