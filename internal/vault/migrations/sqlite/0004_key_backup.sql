-- +goose Up
-- The backups of the keys: each still opens what belongs to people who were forgotten since it was made.
CREATE TABLE key_backup (
	made    INTEGER NOT NULL, -- µs UTC
	expires INTEGER NOT NULL, -- when it will have been destroyed, µs UTC; 0 if nobody said
	PRIMARY KEY (made, expires)
);
INSERT INTO key_backup SELECT saved, 0 FROM keyring WHERE saved > 0;

-- +goose Down
DROP TABLE key_backup;
