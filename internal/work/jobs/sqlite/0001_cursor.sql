-- +goose Up
CREATE TABLE work_cursor (
	name TEXT PRIMARY KEY,  -- of a follower or a round
	at   INTEGER NOT NULL   -- position up to which events are taken, or time in µs since 1970
);
CREATE TABLE work_delivery (
	id        TEXT PRIMARY KEY,   -- of the message, the same however often it is sent
	endpoint  TEXT NOT NULL,
	type      TEXT NOT NULL,
	position  INTEGER NOT NULL,   -- of the event that it tells of
	first     INTEGER NOT NULL,   -- when it was first tried, µs since 1970
	last      INTEGER NOT NULL,   -- when it was last tried
	attempts  INTEGER NOT NULL,
	state     TEXT NOT NULL,      -- delivered, retrying or failed
	status    INTEGER NOT NULL,   -- HTTP status of the last answer, 0 for none
	took      INTEGER NOT NULL,   -- µs until the last answer
	says      TEXT NOT NULL       -- what went wrong, in words of ours
);
CREATE INDEX work_delivery_endpoint ON work_delivery (endpoint, last);
CREATE INDEX work_delivery_last ON work_delivery (last);

-- +goose Down
DROP TABLE work_delivery;
DROP TABLE work_cursor;
