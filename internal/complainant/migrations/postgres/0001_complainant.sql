-- +goose Up
-- What people type before they complain, and how they come back. Times are µs since 1970, UTC.
CREATE TABLE complaint_draft (
	hash    TEXT PRIMARY KEY,          -- of the code, as the record keeps it of a receipt
	sealed  BYTEA   NOT NULL,          -- JSON under a key that is made of the code
	updated BIGINT NOT NULL
);
CREATE INDEX complaint_draft_updated ON complaint_draft (updated);
CREATE TABLE complaint_session (
	hash    TEXT PRIMARY KEY,          -- of the secret that the browser has
	sealed  BYTEA   NOT NULL,          -- JSON under a key that is made of that secret
	expires BIGINT NOT NULL
);
CREATE INDEX complaint_session_expires ON complaint_session (expires);
CREATE TABLE complaint_case (
	hash     TEXT    NOT NULL,         -- of the receipt code
	number   TEXT    NOT NULL,         -- of the case
	position BIGINT NOT NULL,         -- of the event by which it was lodged
	PRIMARY KEY (hash, number)
);
CREATE INDEX complaint_case_number ON complaint_case (number);
-- +goose Down
DROP TABLE complaint_case;
DROP TABLE complaint_session;
DROP TABLE complaint_draft;
