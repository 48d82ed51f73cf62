-- +goose Up
CREATE TABLE certificate_file (
	name     TEXT PRIMARY KEY,  -- as certmagic calls it, e.g. certificates/CA/DOMAIN/DOMAIN.key
	modified INTEGER NOT NULL,  -- µs since 1970, UTC
	content  BLOB NOT NULL      -- sealed under the key of "certificates"
);
CREATE TABLE certificate_lock (
	name   TEXT PRIMARY KEY,
	holder TEXT NOT NULL,       -- a random word
	until  INTEGER NOT NULL     -- µs since 1970, UTC; then it lapses
);

-- +goose Down
DROP TABLE certificate_lock;
DROP TABLE certificate_file;
