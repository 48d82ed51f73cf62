-- +goose Up
-- Courses, with the time in which their completions count.
CREATE TABLE course (
  number TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  title_key TEXT NOT NULL,  -- by which they are listed
  provider TEXT NOT NULL,   -- number; '' for the body's own
  topics TEXT NOT NULL,     -- JSON list
  delivery TEXT NOT NULL,
  kind TEXT NOT NULL,
  minutes BIGINT NOT NULL,
  credits BIGINT NOT NULL,  -- hundredths; 0 if they follow from the minutes
  stage TEXT NOT NULL,
  from_day TEXT NOT NULL,   -- of the approval given last; '' for none
  until_day TEXT NOT NULL   -- its last day; '9999-12-31' for no end
) WITHOUT ROWID;
CREATE INDEX course_by_title ON course (stage, title_key, number);
CREATE INDEX course_by_provider ON course (provider, number);

-- Who gives courses beside the body. The contact is erased with the person.
CREATE TABLE course_provider (
  number TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  site TEXT NOT NULL,
  about TEXT NOT NULL,
  person TEXT NOT NULL,     -- whose words the contact is
  contact TEXT NOT NULL,
  stage TEXT NOT NULL,
  applied BIGINT NOT NULL,
  from_day TEXT NOT NULL,
  until_day TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX course_provider_by_name ON course_provider (stage, name, number);

-- What people say that they completed. Title and organiser are erased with the person.
CREATE TABLE credit_claim (
  person TEXT NOT NULL,
  number BIGINT NOT NULL,
  title TEXT NOT NULL,
  organiser TEXT NOT NULL,
  on_day TEXT NOT NULL,
  for_day TEXT NOT NULL,
  minutes BIGINT NOT NULL,
  credits BIGINT NOT NULL,
  topics TEXT NOT NULL,     -- JSON list
  delivery TEXT NOT NULL,
  kind TEXT NOT NULL,
  evidence TEXT NOT NULL,   -- JSON list of objects
  account BIGINT NOT NULL,  -- 1 if there is one
  stage TEXT NOT NULL,
  claimed BIGINT NOT NULL,
  decided BIGINT NOT NULL,  -- 0 while it waits
  PRIMARY KEY (person, number)
) WITHOUT ROWID;
CREATE INDEX credit_claim_by_stage ON credit_claim (stage, claimed, person, number);

-- Samples, and who is in them.
CREATE TABLE audit (
  number TEXT PRIMARY KEY,
  commitment TEXT NOT NULL,
  committed BIGINT NOT NULL,
  drawn BIGINT NOT NULL,    -- 0 until then
  seed TEXT NOT NULL,
  rate BIGINT NOT NULL,
  people BIGINT NOT NULL,
  people_sha256 TEXT NOT NULL,
  asked BIGINT NOT NULL,
  answer_by TEXT NOT NULL   -- '' for no day
) WITHOUT ROWID;
CREATE TABLE audit_person (
  person TEXT NOT NULL,
  audit TEXT NOT NULL,
  PRIMARY KEY (person, audit)
) WITHOUT ROWID;
CREATE INDEX audit_person_by_audit ON audit_person (audit, person);

-- +goose Down
DROP TABLE audit_person;
DROP TABLE audit;
DROP TABLE credit_claim;
DROP TABLE course_provider;
DROP TABLE course;
