-- +goose Up
CREATE TABLE account_token (
	id      text PRIMARY KEY,          -- public; its acts are those of token/ID
	hash    bytea  NOT NULL UNIQUE,    -- SHA-256 of the token
	name    text   NOT NULL,           -- who holds it
	role    text   NOT NULL,
	member  text   NOT NULL,           -- number of the member it acts for, '' for none
	created bigint NOT NULL,           -- µs since 1970, UTC
	expires bigint NOT NULL,           -- µs since 1970, UTC
	revoked bigint NOT NULL DEFAULT 0  -- µs since 1970, UTC; 0: it was not
);

-- +goose Down
DROP TABLE account_token;
