-- +goose Up
-- What this place is, decided once. A folder of another role is never opened by mistake.
CREATE TABLE stamp (
	id   int PRIMARY KEY CHECK (id = 1),
	role TEXT    NOT NULL, -- 'body' or 'desk'
	web  TEXT    NOT NULL, -- host name under which it speaks; names its log and its keys
	demo bigint NOT NULL, -- 1: the clock may be moved forward
	shift bigint NOT NULL, -- µs by which a demo's clock is ahead
	log_key     TEXT NOT NULL, -- the public halves of the keys it signs with, as vkeys
	receipt_key TEXT NOT NULL
);

-- +goose Down
DROP TABLE stamp;
