-- +goose Up
-- Who cosigns the public log, one "URL VKEY" a line: every process that signs asks them first.
ALTER TABLE stamp ADD COLUMN witnesses TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE stamp DROP COLUMN witnesses;
