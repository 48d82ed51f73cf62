-- +goose Up
-- The public log: leaves and Merkle nodes, written in the record's own transaction.
CREATE TABLE leaf (
	idx      BIGINT PRIMARY KEY, -- place in the log, from 0, without gaps
	position BIGINT NOT NULL,    -- place in the record of the event that the leaf tells
	body     BYTEA  NOT NULL     -- the statement, RFC 8785 JSON
);

-- From an event to its leaf.
CREATE INDEX leaf_position ON leaf (position);

CREATE TABLE log_node (
	idx  BIGINT PRIMARY KEY, -- stored hash index, as golang.org/x/mod/sumdb/tlog counts
	hash BYTEA NOT NULL      -- 32 bytes
);

-- One row once there is a leaf: the size and root that may be signed.
CREATE TABLE log_head (
	id   INTEGER PRIMARY KEY CHECK (id = 1),
	size BIGINT NOT NULL,
	root BYTEA  NOT NULL
);

-- Checkpoints handed to witnesses.
CREATE TABLE checkpoint (
	size     BIGINT  PRIMARY KEY,
	note     TEXT    NOT NULL, -- C2SP tlog-checkpoint with all signatures so far
	cosigned INTEGER NOT NULL, -- how many witnesses signed it
	at       BIGINT  NOT NULL  -- when it was stored, microseconds since 1970 UTC
);

-- +goose Down
DROP TABLE checkpoint; DROP TABLE log_head; DROP TABLE log_node; DROP TABLE leaf;
