-- +goose Up
-- An address under which a calendar program reads what one member owes, on behalf of one person. Of its secret only
-- its SHA-256 is kept.
CREATE TABLE account_feed (
	hash     bytea PRIMARY KEY,
	person   text NOT NULL,
	member   text NOT NULL,               -- number
	made     bigint NOT NULL,            -- µs since 1970, UTC
	position bigint NOT NULL,            -- of the record then
	UNIQUE (person, member)
);

-- +goose Down
DROP TABLE account_feed;
