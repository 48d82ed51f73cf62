-- +goose Up
CREATE TABLE work_cursor (
	name text PRIMARY KEY,  -- of a follower or a round
	at   bigint NOT NULL   -- position up to which events are taken, or time in µs since 1970
);
CREATE TABLE work_delivery (
	id        text PRIMARY KEY,   -- of the message, the same however often it is sent
	endpoint  text NOT NULL,
	type      text NOT NULL,
	position  bigint NOT NULL,   -- of the event that it tells of
	first     bigint NOT NULL,   -- when it was first tried, µs since 1970
	last      bigint NOT NULL,   -- when it was last tried
	attempts  bigint NOT NULL,
	state     text NOT NULL,      -- delivered, retrying or failed
	status    bigint NOT NULL,   -- HTTP status of the last answer, 0 for none
	took      bigint NOT NULL,   -- µs until the last answer
	says      text NOT NULL       -- what went wrong, in words of ours
);
CREATE INDEX work_delivery_endpoint ON work_delivery (endpoint, last);
CREATE INDEX work_delivery_last ON work_delivery (last);

-- +goose Down
DROP TABLE work_delivery;
DROP TABLE work_cursor;
