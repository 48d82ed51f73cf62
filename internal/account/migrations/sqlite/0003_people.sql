-- +goose Up
-- People are named as their streams in the record are, e.g. person/0007. Times are µs since 1970, UTC. Of a secret
-- only its SHA-256 is kept.
CREATE TABLE account_handle (
	person TEXT PRIMARY KEY,
	handle BLOB NOT NULL UNIQUE            -- what their passkeys know them by; it says nothing about them
);
CREATE TABLE account_passkey (
	id         TEXT PRIMARY KEY,           -- of the credential, base64url
	person     TEXT    NOT NULL,
	label      TEXT    NOT NULL,
	credential TEXT    NOT NULL,           -- the whole credential record, JSON
	made       INTEGER NOT NULL,
	used       INTEGER NOT NULL DEFAULT 0  -- 0: never since it was made
);
CREATE INDEX account_passkey_person ON account_passkey (person);
CREATE TABLE account_recovery (
	hash   BLOB PRIMARY KEY,
	person TEXT    NOT NULL,
	made   INTEGER NOT NULL,
	used   INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX account_recovery_person ON account_recovery (person);
CREATE TABLE account_invitation (
	hash    BLOB PRIMARY KEY,
	person  TEXT    NOT NULL,
	made    INTEGER NOT NULL,
	expires INTEGER NOT NULL
);
CREATE INDEX account_invitation_person ON account_invitation (person);
CREATE TABLE account_link (
	hash    BLOB PRIMARY KEY,
	person  TEXT    NOT NULL,
	expires INTEGER NOT NULL
);
CREATE INDEX account_link_person ON account_link (person);
CREATE TABLE account_identity (
	issuer  TEXT NOT NULL,
	subject TEXT NOT NULL,
	person  TEXT NOT NULL,
	made    INTEGER NOT NULL,
	PRIMARY KEY (issuer, subject)
);
CREATE INDEX account_identity_person ON account_identity (person);
CREATE TABLE account_session (
	id       TEXT PRIMARY KEY,             -- public
	hash     BLOB    NOT NULL UNIQUE,
	person   TEXT    NOT NULL,
	role     TEXT    NOT NULL,
	member   TEXT    NOT NULL,             -- number of the member acted for, '' for none
	how      TEXT    NOT NULL,             -- they signed in
	device   TEXT    NOT NULL,
	position INTEGER NOT NULL,             -- of the record when the role was taken up
	opened   INTEGER NOT NULL,
	seen     INTEGER NOT NULL,
	proven   INTEGER NOT NULL,             -- by a passkey; 0: not in this session
	idle     INTEGER NOT NULL,             -- µs without a request after which it ends; 0: never
	ends     INTEGER NOT NULL
);
CREATE INDEX account_session_person ON account_session (person);
CREATE INDEX account_session_ends ON account_session (ends);
CREATE TABLE account_ceremony (
	hash    BLOB PRIMARY KEY,
	purpose TEXT    NOT NULL,
	person  TEXT    NOT NULL,              -- '' where that is not known before
	data    TEXT    NOT NULL,              -- JSON
	expires INTEGER NOT NULL
);
CREATE INDEX account_ceremony_expires ON account_ceremony (expires);
CREATE TABLE account_attempt (
	hash    BLOB PRIMARY KEY,              -- of what is limited and who is counted
	began   INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	count   INTEGER NOT NULL
);
CREATE INDEX account_attempt_expires ON account_attempt (expires);

-- +goose Down
DROP TABLE account_attempt;
DROP TABLE account_ceremony;
DROP TABLE account_session;
DROP TABLE account_identity;
DROP TABLE account_link;
DROP TABLE account_invitation;
DROP TABLE account_recovery;
DROP TABLE account_passkey;
DROP TABLE account_handle;
