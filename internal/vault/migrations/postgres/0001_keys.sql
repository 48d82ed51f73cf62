-- +goose Up
CREATE TABLE keyring (
	id        int    PRIMARY KEY CHECK (id = 1),
	canary    text   NOT NULL, -- a known text under the root key: opens only with the right one
	forgotten bigint NOT NULL  -- how often a key was destroyed
);
CREATE TABLE owner_key (
	owner   text COLLATE "C" PRIMARY KEY, -- e.g. person/0042-1; ordered by bytes, as Go does
	wrapped text                          -- base64 under the root key, one after the other; NULL once destroyed
);
CREATE TABLE signing_key (
	purpose text PRIMARY KEY, -- log, receipt
	wrapped text NOT NULL     -- base64 of the Ed25519 seed under the root key
);

-- +goose Down
DROP TABLE signing_key; DROP TABLE owner_key; DROP TABLE keyring;
