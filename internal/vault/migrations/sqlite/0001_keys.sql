-- +goose Up
CREATE TABLE keyring (
	id        INTEGER PRIMARY KEY CHECK (id = 1),
	canary    TEXT    NOT NULL, -- a known text under the root key: opens only with the right one
	forgotten INTEGER NOT NULL  -- how often a key was destroyed
);
CREATE TABLE owner_key (
	owner   TEXT PRIMARY KEY, -- e.g. person/0042-1
	wrapped TEXT              -- base64 under the root key, one after the other; NULL once destroyed
);
CREATE TABLE signing_key (
	purpose TEXT PRIMARY KEY, -- log, receipt
	wrapped TEXT NOT NULL     -- base64 of the Ed25519 seed under the root key
);

-- +goose Down
DROP TABLE signing_key; DROP TABLE owner_key; DROP TABLE keyring;
