-- +goose Up
CREATE TABLE event (
	position  bigint PRIMARY KEY, -- from 1, without gaps
	stream    text    NOT NULL,
	version   bigint NOT NULL,    -- from 1, without gaps
	kind      text    NOT NULL,
	recorded  bigint NOT NULL,    -- µs since 1970, UTC
	effective bigint NOT NULL,    -- µs since 1970, UTC
	actor     text    NOT NULL,
	role      text    NOT NULL,
	subjects  text    NOT NULL,    -- JSON list of streams, its own first
	payload   text    NOT NULL,    -- JSON, private values sealed
	chain     bytea    NOT NULL,    -- SHA-256(chain before ‖ canonical row)
	UNIQUE (stream, version)
);
CREATE TABLE subject (subject text NOT NULL, position bigint NOT NULL, PRIMARY KEY (subject, position));
CREATE TABLE claim (kind text NOT NULL, name text NOT NULL, stream text NOT NULL, PRIMARY KEY (kind, name));
CREATE TABLE series (name text PRIMARY KEY, last bigint NOT NULL);
CREATE TABLE request (
	actor text NOT NULL, name text NOT NULL, -- the idempotency key, per actor
	hash bytea NOT NULL, stream text NOT NULL, first bigint NOT NULL, last bigint NOT NULL,
	PRIMARY KEY (actor, name)
);
CREATE TABLE head (id int PRIMARY KEY CHECK (id = 1), position bigint NOT NULL, recorded bigint NOT NULL, chain bytea NOT NULL);
INSERT INTO head (id, position, recorded, chain) VALUES (1, 0, 0, decode(repeat('00', 32), 'hex'));
CREATE TABLE kind (name text PRIMARY KEY); -- the kinds of events there are: a program that does not know one does not open it

-- +goose Down
DROP TABLE kind; DROP TABLE head; DROP TABLE request; DROP TABLE series; DROP TABLE claim; DROP TABLE subject; DROP TABLE event;
