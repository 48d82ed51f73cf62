-- +goose Up
CREATE TABLE object (
	id       text COLLATE "C" PRIMARY KEY, -- random; its blob is named after it
	owner    text COLLATE "C" NOT NULL,    -- whose key seals the identity
	label    text   NOT NULL,              -- how it is to be handled; nothing confidential
	size     bigint NOT NULL,              -- bytes in the clear
	stored   bigint NOT NULL,              -- bytes of the blob
	sha256   text   NOT NULL,              -- of the blob, in hex
	identity text   NOT NULL,              -- base64 of the age identity under the owner's key, bound to all of the above
	made     bigint NOT NULL               -- when, µs UTC
);
CREATE INDEX object_owner ON object (owner);
CREATE TABLE blobs (
	id   int  PRIMARY KEY CHECK (id = 1),
	mark text NOT NULL -- what the file shingle-blobs beside the blobs says
);

-- +goose Down
DROP TABLE blobs; DROP TABLE object;
