-- +goose Up
ALTER TABLE work_mail ADD COLUMN about TEXT NOT NULL DEFAULT ''; -- what occasioned it, so that it can be asked for again; '' for those of before
CREATE TABLE work_mail_opened (
	letter TEXT NOT NULL,     -- id of one that lay in the folder
	at     INTEGER NOT NULL,  -- when somebody read it, µs since 1970
	actor  TEXT NOT NULL,     -- who, e.g. person/0006
	role   TEXT NOT NULL,
	PRIMARY KEY (letter, at, actor)
);

-- +goose Down
DROP TABLE work_mail_opened;
ALTER TABLE work_mail DROP COLUMN about;
