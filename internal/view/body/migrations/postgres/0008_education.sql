-- +goose Up
-- Courses, with the time in which their completions count.
CREATE TABLE course (
  number TEXT COLLATE "C" PRIMARY KEY,
  title TEXT COLLATE "C" NOT NULL,
  title_key TEXT COLLATE "C" NOT NULL,  -- by which they are listed
  provider TEXT COLLATE "C" NOT NULL,   -- number; '' for the body's own
  topics TEXT COLLATE "C" NOT NULL,     -- JSON list
  delivery TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  minutes BIGINT NOT NULL,
  credits BIGINT NOT NULL,  -- hundredths; 0 if they follow from the minutes
  stage TEXT COLLATE "C" NOT NULL,
  from_day TEXT COLLATE "C" NOT NULL,   -- of the approval given last; '' for none
  until_day TEXT COLLATE "C" NOT NULL   -- its last day; '9999-12-31' for no end
);
CREATE INDEX course_by_title ON course (stage, title_key, number);
CREATE INDEX course_by_provider ON course (provider, number);

-- Who gives courses beside the body. The contact is erased with the person.
CREATE TABLE course_provider (
  number TEXT COLLATE "C" PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  site TEXT COLLATE "C" NOT NULL,
  about TEXT COLLATE "C" NOT NULL,
  person TEXT COLLATE "C" NOT NULL,     -- whose words the contact is
  contact TEXT COLLATE "C" NOT NULL,
  stage TEXT COLLATE "C" NOT NULL,
  applied BIGINT NOT NULL,
  from_day TEXT COLLATE "C" NOT NULL,
  until_day TEXT COLLATE "C" NOT NULL
);
CREATE INDEX course_provider_by_name ON course_provider (stage, name, number);

-- What people say that they completed. Title and organiser are erased with the person.
CREATE TABLE credit_claim (
  person TEXT COLLATE "C" NOT NULL,
  number BIGINT NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  organiser TEXT COLLATE "C" NOT NULL,
  on_day TEXT COLLATE "C" NOT NULL,
  for_day TEXT COLLATE "C" NOT NULL,
  minutes BIGINT NOT NULL,
  credits BIGINT NOT NULL,
  topics TEXT COLLATE "C" NOT NULL,     -- JSON list
  delivery TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  evidence TEXT COLLATE "C" NOT NULL,   -- JSON list of objects
  account BIGINT NOT NULL,  -- 1 if there is one
  stage TEXT COLLATE "C" NOT NULL,
  claimed BIGINT NOT NULL,
  decided BIGINT NOT NULL,  -- 0 while it waits
  PRIMARY KEY (person, number)
);
CREATE INDEX credit_claim_by_stage ON credit_claim (stage, claimed, person, number);

-- Samples, and who is in them.
CREATE TABLE audit (
  number TEXT COLLATE "C" PRIMARY KEY,
  commitment TEXT COLLATE "C" NOT NULL,
  committed BIGINT NOT NULL,
  drawn BIGINT NOT NULL,    -- 0 until then
  seed TEXT COLLATE "C" NOT NULL,
  rate BIGINT NOT NULL,
  people BIGINT NOT NULL,
  people_sha256 TEXT COLLATE "C" NOT NULL,
  asked BIGINT NOT NULL,
  answer_by TEXT COLLATE "C" NOT NULL   -- '' for no day
);
CREATE TABLE audit_person (
  person TEXT COLLATE "C" NOT NULL,
  audit TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (person, audit)
);
CREATE INDEX audit_person_by_audit ON audit_person (audit, person);

-- +goose Down
DROP TABLE audit_person;
DROP TABLE audit;
DROP TABLE credit_claim;
DROP TABLE course_provider;
DROP TABLE course;
