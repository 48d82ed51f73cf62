-- +goose Up
ALTER TABLE work_delivery ADD COLUMN next bigint NOT NULL DEFAULT 0; -- when it is tried again, µs since 1970, 0 if it is not

-- +goose Down
ALTER TABLE work_delivery DROP COLUMN next;
