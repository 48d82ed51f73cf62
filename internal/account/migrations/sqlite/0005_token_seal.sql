-- +goose Up
-- A token is in no event, so no chain covers it: its row is sealed by itself, in base64. '' if it was made before rows were.
ALTER TABLE account_token ADD COLUMN seal TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE account_token DROP COLUMN seal;
