-- +goose Up
-- What a member owes, by when: what is not done yet. Its words follow from its kind and its times.
CREATE TABLE duty (
  member TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,       -- a version, a period, a domain, an order; '' where the kind says it all
  rule TEXT NOT NULL,
  from_at BIGINT NOT NULL,     -- before which it cannot be done, 0 for none
  due_at BIGINT NOT NULL,      -- largest integer: no day is set
  lapse_at BIGINT NOT NULL,    -- largest integer: nothing follows
  PRIMARY KEY (member, kind, subject)
);
CREATE INDEX duty_by_time ON duty (due_at, member, kind, subject);

-- When time alone makes a member's duties others.
ALTER TABLE standing_due ADD COLUMN duties_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX standing_due_duties ON standing_due (duties_at, member);

-- What waits for the body's own people: one thing at a time of each stream.
CREATE TABLE waiting (
  subject TEXT COLLATE "C" PRIMARY KEY,    -- a stream
  kind TEXT COLLATE "C" NOT NULL,
  member TEXT COLLATE "C" NOT NULL,
  what TEXT NOT NULL,
  act TEXT NOT NULL,
  since_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,      -- largest integer: no day is set
  until_at BIGINT NOT NULL     -- largest integer: until somebody does something
);
CREATE INDEX waiting_by_time ON waiting (kind, due_at, since_at, subject);

-- Companies that ask to be let in: they are no members yet.
CREATE TABLE application (
  number TEXT COLLATE "C" PRIMARY KEY,
  name TEXT NOT NULL,
  place TEXT NOT NULL,
  country TEXT NOT NULL,
  domains TEXT NOT NULL,       -- JSON lists
  services TEXT NOT NULL,
  successor_of TEXT NOT NULL,  -- number of a former member that the same people run, ''
  applied BIGINT NOT NULL,
  passed TEXT NOT NULL,        -- JSON lists of checks
  failed TEXT NOT NULL,
  missing TEXT NOT NULL
);
CREATE INDEX application_by_time ON application (applied, number);

-- +goose Down
DROP TABLE application;
DROP TABLE waiting;
DROP INDEX standing_due_duties;
ALTER TABLE standing_due DROP COLUMN duties_at;
DROP TABLE duty;
