-- +goose Up
-- Whether the address of somebody was changed after they came: nobody has shown yet that mail to it reaches them.
-- Of changes before this column was made, a rebuild tells.
ALTER TABLE person ADD COLUMN moved BIGINT NOT NULL DEFAULT 0; -- 1 for yes

-- +goose Down
ALTER TABLE person DROP COLUMN moved;
