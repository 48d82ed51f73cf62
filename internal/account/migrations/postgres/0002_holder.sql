-- +goose Up
-- Who holds a token is one person, whichever of theirs they use: the first token of that name stands for them.
ALTER TABLE account_token ADD COLUMN holder TEXT NOT NULL DEFAULT '';
UPDATE account_token SET holder = (
	SELECT t.id FROM account_token t WHERE lower(t.name) = lower(account_token.name) ORDER BY t.created, t.id LIMIT 1
);

-- +goose Down
ALTER TABLE account_token DROP COLUMN holder;
