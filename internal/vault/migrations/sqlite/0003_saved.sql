-- +goose Up
-- What the newest backup of the keys holds; saved is when it was made, microseconds since 1970 UTC, 0 for never.
ALTER TABLE keyring ADD COLUMN saved        INTEGER NOT NULL DEFAULT 0;
ALTER TABLE keyring ADD COLUMN saved_owners INTEGER NOT NULL DEFAULT 0;
ALTER TABLE keyring ADD COLUMN saved_keys   INTEGER NOT NULL DEFAULT 0;
ALTER TABLE keyring ADD COLUMN saved_forgot INTEGER NOT NULL DEFAULT 0; -- how often a key had been destroyed by then
ALTER TABLE keyring ADD COLUMN saved_objects INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE keyring DROP COLUMN saved_objects;
ALTER TABLE keyring DROP COLUMN saved_forgot;
ALTER TABLE keyring DROP COLUMN saved_keys;
ALTER TABLE keyring DROP COLUMN saved_owners;
ALTER TABLE keyring DROP COLUMN saved;
