-- +goose Up
-- Rosters that somebody uploaded, until they are taken in or their hour is over. What is in them is sealed under a
-- key of their own, which is destroyed with the row.
CREATE TABLE roster_upload (
  id TEXT COLLATE "C" PRIMARY KEY,
  actor TEXT COLLATE "C" NOT NULL,
  made BIGINT NOT NULL,        -- µs since 1970, UTC
  expires BIGINT NOT NULL,
  stage TEXT NOT NULL,
  runner TEXT NOT NULL,        -- whoever works on it: a random word, '' for nobody
  beat BIGINT NOT NULL,        -- when the runner last said that it goes on
  done BIGINT NOT NULL,        -- rows
  about BYTEA NOT NULL,         -- sealed JSON: the file's name, how many rows it has, what its columns are
  content BYTEA NOT NULL,       -- sealed: the file
  outcome BYTEA NOT NULL        -- sealed JSON; empty until there is one
);
CREATE INDEX roster_upload_by_actor ON roster_upload (actor, made);
CREATE INDEX roster_upload_by_end ON roster_upload (expires);

-- +goose Down
DROP TABLE roster_upload;
