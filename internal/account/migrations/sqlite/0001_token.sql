-- +goose Up
CREATE TABLE account_token (
	id      TEXT PRIMARY KEY,             -- public; its acts are those of token/ID
	hash    BLOB    NOT NULL UNIQUE,      -- SHA-256 of the token
	name    TEXT    NOT NULL,             -- who holds it
	role    TEXT    NOT NULL,
	member  TEXT    NOT NULL,             -- number of the member it acts for, '' for none
	created INTEGER NOT NULL,             -- µs since 1970, UTC
	expires INTEGER NOT NULL,             -- µs since 1970, UTC
	revoked INTEGER NOT NULL DEFAULT 0    -- µs since 1970, UTC; 0: it was not
);

-- +goose Down
DROP TABLE account_token;
