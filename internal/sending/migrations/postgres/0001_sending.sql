-- +goose Up
-- How far the newest thing that is sent to many has come. What was sent is in the record.
CREATE TABLE sending (
  id INTEGER PRIMARY KEY,      -- 1
  run TEXT COLLATE "C" NOT NULL,           -- a random word for each sending
  what TEXT COLLATE "C" NOT NULL,
  began BIGINT NOT NULL,       -- µs since 1970, UTC
  beat BIGINT NOT NULL,        -- when whoever sends last said that it goes on
  ended BIGINT NOT NULL,       -- 0 until then
  stop BIGINT NOT NULL,        -- 1 once somebody asked that it stop
  total BIGINT NOT NULL,
  done BIGINT NOT NULL,
  skipped BIGINT NOT NULL,
  refused BIGINT NOT NULL,
  failures BYTEA NOT NULL,      -- JSON: members' numbers and rules
  stopped TEXT COLLATE "C" NOT NULL        -- why it ended early, '' for not at all
);

-- +goose Down
DROP TABLE sending;
