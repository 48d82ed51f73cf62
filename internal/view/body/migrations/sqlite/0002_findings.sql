-- +goose Up
-- There is a finding for each provision; of older notices, one for all. The paid day was never filled.
ALTER TABLE notice ADD COLUMN findings TEXT NOT NULL DEFAULT '[]'; -- JSON list
ALTER TABLE member DROP COLUMN paid_through;

-- +goose Down
ALTER TABLE member ADD COLUMN paid_through TEXT NOT NULL DEFAULT '';
ALTER TABLE notice DROP COLUMN findings;
