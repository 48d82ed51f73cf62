-- +goose Up
-- Where the record was moved to by "shingle move", '' while it is here. What was moved away is served no more.
ALTER TABLE stamp ADD COLUMN moved TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE stamp DROP COLUMN moved;
