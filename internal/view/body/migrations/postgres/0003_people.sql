-- +goose Up
-- People, and what they are where. What is personal to them is here in plain text, and nowhere else in this
-- database: it is overwritten when they are forgotten.
CREATE TABLE person (
  id TEXT COLLATE "C" PRIMARY KEY,
  name TEXT NOT NULL,              -- '' once forgotten
  email TEXT NOT NULL,             -- likewise
  invited_until BIGINT NOT NULL,
  joined BIGINT NOT NULL,          -- 0 if not yet
  forgotten BIGINT NOT NULL        -- 0 if not
);
CREATE INDEX person_by_invitation ON person (joined, forgotten, invited_until, id);
CREATE INDEX person_by_forgetting ON person (forgotten, id);

-- Each role that a person has or had, once for a member; offices are at the member ''.
CREATE TABLE person_role (
  person TEXT COLLATE "C" NOT NULL,
  role TEXT COLLATE "C" NOT NULL,
  member TEXT COLLATE "C" NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,        -- excluded; largest integer: no end
  changed BIGINT NOT NULL,         -- position of the newest event that signs people out of it, 0 for none
  PRIMARY KEY (person, role, member)
);
CREATE INDEX person_role_by_member ON person_role (member, role, person);

-- Whose words a member's contact is.
ALTER TABLE member_contact ADD COLUMN person TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE member_contact SET person = number || '-1' WHERE name <> '' OR email <> '';
CREATE INDEX member_contact_by_person ON member_contact (person);

-- +goose Down
DROP INDEX member_contact_by_person;
ALTER TABLE member_contact DROP COLUMN person;
DROP TABLE person_role;
DROP TABLE person;
