-- +goose Up
-- People are named as their streams in the record are, e.g. person/0007. Times are µs since 1970, UTC. Of a secret
-- only its SHA-256 is kept.
CREATE TABLE account_handle (
	person text PRIMARY KEY,
	handle bytea NOT NULL UNIQUE            -- what their passkeys know them by; it says nothing about them
);
CREATE TABLE account_passkey (
	id         text PRIMARY KEY,           -- of the credential, base64url
	person     text    NOT NULL,
	label      text    NOT NULL,
	credential text    NOT NULL,           -- the whole credential record, JSON
	made       bigint NOT NULL,
	used       bigint NOT NULL DEFAULT 0  -- 0: never since it was made
);
CREATE INDEX account_passkey_person ON account_passkey (person);
CREATE TABLE account_recovery (
	hash   bytea PRIMARY KEY,
	person text    NOT NULL,
	made   bigint NOT NULL,
	used   bigint NOT NULL DEFAULT 0
);
CREATE INDEX account_recovery_person ON account_recovery (person);
CREATE TABLE account_invitation (
	hash    bytea PRIMARY KEY,
	person  text    NOT NULL,
	made    bigint NOT NULL,
	expires bigint NOT NULL
);
CREATE INDEX account_invitation_person ON account_invitation (person);
CREATE TABLE account_link (
	hash    bytea PRIMARY KEY,
	person  text    NOT NULL,
	expires bigint NOT NULL
);
CREATE INDEX account_link_person ON account_link (person);
CREATE TABLE account_identity (
	issuer  text NOT NULL,
	subject text NOT NULL,
	person  text NOT NULL,
	made    bigint NOT NULL,
	PRIMARY KEY (issuer, subject)
);
CREATE INDEX account_identity_person ON account_identity (person);
CREATE TABLE account_session (
	id       text PRIMARY KEY,             -- public
	hash     bytea    NOT NULL UNIQUE,
	person   text    NOT NULL,
	role     text    NOT NULL,
	member   text    NOT NULL,             -- number of the member acted for, '' for none
	how      text    NOT NULL,             -- they signed in
	device   text    NOT NULL,
	position bigint NOT NULL,             -- of the record when the role was taken up
	opened   bigint NOT NULL,
	seen     bigint NOT NULL,
	proven   bigint NOT NULL,             -- by a passkey; 0: not in this session
	idle     bigint NOT NULL,             -- µs without a request after which it ends; 0: never
	ends     bigint NOT NULL
);
CREATE INDEX account_session_person ON account_session (person);
CREATE INDEX account_session_ends ON account_session (ends);
CREATE TABLE account_ceremony (
	hash    bytea PRIMARY KEY,
	purpose text    NOT NULL,
	person  text    NOT NULL,              -- '' where that is not known before
	data    text    NOT NULL,              -- JSON
	expires bigint NOT NULL
);
CREATE INDEX account_ceremony_expires ON account_ceremony (expires);
CREATE TABLE account_attempt (
	hash    bytea PRIMARY KEY,              -- of what is limited and who is counted
	began   bigint NOT NULL,
	expires bigint NOT NULL,
	count   bigint NOT NULL
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
