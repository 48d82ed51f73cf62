-- +goose Up
-- Tries are counted where those of people who sign in are.
DROP TABLE alert_try;

-- +goose Down
CREATE TABLE alert_try (
  who     bytea PRIMARY KEY,
  n       bigint NOT NULL,
  expires bigint NOT NULL
);
CREATE INDEX alert_try_expires ON alert_try (expires);
