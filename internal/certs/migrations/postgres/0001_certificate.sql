-- +goose Up
CREATE TABLE certificate_file (
	name     text PRIMARY KEY,  -- as certmagic calls it, e.g. certificates/CA/DOMAIN/DOMAIN.key
	modified bigint NOT NULL,  -- µs since 1970, UTC
	content  bytea NOT NULL      -- sealed under the key of "certificates"
);
CREATE TABLE certificate_lock (
	name   text PRIMARY KEY,
	holder text NOT NULL,       -- a random word
	until  bigint NOT NULL     -- µs since 1970, UTC; then it lapses
);

-- +goose Down
DROP TABLE certificate_lock;
DROP TABLE certificate_file;
