-- +goose Up
-- An address under which a calendar program reads what one member owes, on behalf of one person. Of its secret only
-- its SHA-256 is kept.
CREATE TABLE account_feed (
	hash     BLOB PRIMARY KEY,
	person   TEXT NOT NULL,
	member   TEXT NOT NULL,               -- number
	made     INTEGER NOT NULL,            -- µs since 1970, UTC
	position INTEGER NOT NULL,            -- of the record then
	UNIQUE (person, member)
);

-- +goose Down
DROP TABLE account_feed;
