-- +goose Up
-- A token is in no event, so no chain covers it: its row is sealed by itself. '' if it was made before rows were.
ALTER TABLE account_token ADD COLUMN seal BLOB NOT NULL DEFAULT x'';

-- +goose Down
ALTER TABLE account_token DROP COLUMN seal;
