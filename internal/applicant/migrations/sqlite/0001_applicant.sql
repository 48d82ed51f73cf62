-- +goose Up
-- What people type before they ask for anything. Times are µs since 1970, UTC.
CREATE TABLE application_draft (
	person  TEXT PRIMARY KEY,          -- as their stream is named, e.g. person/0007
	sealed  BLOB    NOT NULL,          -- JSON under their key
	updated INTEGER NOT NULL
);
CREATE INDEX application_draft_updated ON application_draft (updated);
CREATE TABLE application_signup (
	id      TEXT PRIMARY KEY,
	sealed  BLOB    NOT NULL,          -- name and address, JSON under the key of all who sign up
	hash    BLOB    NOT NULL,          -- SHA-256 of the secret in the newest letter; empty before there is one
	expires INTEGER NOT NULL           -- of that letter's link, or of the wish for a letter
);
CREATE INDEX application_signup_hash ON application_signup (hash);
-- +goose Down
DROP TABLE application_signup;
DROP TABLE application_draft;
