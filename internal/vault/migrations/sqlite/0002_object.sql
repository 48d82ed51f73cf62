-- +goose Up
CREATE TABLE object (
	id       TEXT PRIMARY KEY, -- random; its blob is named after it
	owner    TEXT    NOT NULL, -- whose key seals the identity
	label    TEXT    NOT NULL, -- how it is to be handled; nothing confidential
	size     INTEGER NOT NULL, -- bytes in the clear
	stored   INTEGER NOT NULL, -- bytes of the blob
	sha256   TEXT    NOT NULL, -- of the blob, in hex
	identity TEXT    NOT NULL, -- base64 of the age identity under the owner's key, bound to all of the above
	made     INTEGER NOT NULL  -- when, µs UTC
);
CREATE INDEX object_owner ON object (owner);
CREATE TABLE blobs (
	id   INTEGER PRIMARY KEY CHECK (id = 1),
	mark TEXT    NOT NULL -- what the file shingle-blobs beside the blobs says
);

-- +goose Down
DROP TABLE blobs; DROP TABLE object;
