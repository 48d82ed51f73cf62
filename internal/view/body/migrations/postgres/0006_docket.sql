-- +goose Up
-- Cases, for those who may know of them. Nothing that was confided in one stands here.
CREATE TABLE docket (
  id TEXT COLLATE "C" PRIMARY KEY,
  stage TEXT COLLATE "C" NOT NULL,
  open BIGINT NOT NULL,        -- 1 while something is yet to come of it
  member TEXT COLLATE "C" NOT NULL,        -- number of the respondent
  told BIGINT NOT NULL,        -- 1 once the respondent knows of it
  manager TEXT COLLATE "C" NOT NULL,       -- number of a person, '' for none
  anonymous BIGINT NOT NULL,   -- 1 if the complainant gave no name
  held BIGINT NOT NULL,        -- 1 while its file is held
  lodged_at BIGINT NOT NULL,
  over_at BIGINT NOT NULL,     -- 0 until it is final or closed
  published_at BIGINT NOT NULL, -- 0 until its order is in force
  kept_until BIGINT NOT NULL,  -- largest integer: nobody can say yet
  outcome TEXT NOT NULL,
  sanction TEXT NOT NULL,
  into_case TEXT COLLATE "C" NOT NULL,     -- id of the case in which it goes on, ''
  paused_at BIGINT NOT NULL,   -- 0 while its clocks run
  runs_at BIGINT NOT NULL,     -- when its waiting for a party ends by itself; largest integer: it does not
  due_at BIGINT NOT NULL,      -- the first day that somebody must keep; largest integer: there is none
  due_term TEXT NOT NULL,      -- which that is
  act TEXT NOT NULL,           -- what it awaits of the body's own people, '' for nothing
  what TEXT NOT NULL,
  since_at BIGINT NOT NULL,
  act_due BIGINT NOT NULL      -- largest integer: no day is set
);
CREATE INDEX docket_by_due ON docket (due_at, id);
CREATE INDEX docket_by_age ON docket (lodged_at, id);
CREATE INDEX docket_open_by_due ON docket (open, due_at, id);
CREATE INDEX docket_open_by_age ON docket (open, lodged_at, id);
CREATE INDEX docket_stage_by_due ON docket (stage, due_at, id, open);
CREATE INDEX docket_stage_by_age ON docket (stage, lodged_at, id, open);
-- What the list is narrowed by besides stands in the index, so that no row is looked at in vain.
CREATE INDEX docket_manager_by_due ON docket (manager, due_at, id, open, stage);
CREATE INDEX docket_manager_by_age ON docket (manager, lodged_at, id, open, stage);
CREATE INDEX docket_runs ON docket (runs_at, id);
CREATE INDEX docket_kept ON docket (kept_until, id);
CREATE INDEX docket_into ON docket (into_case, id);

-- Which members a case is about: the respondent, and who answers for it by now.
CREATE TABLE docket_member (
  member TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  told BIGINT NOT NULL,
  PRIMARY KEY (member, id)
);
CREATE INDEX docket_member_of ON docket_member (id, member);

-- Who has, or had, a part in a case for the body.
CREATE TABLE docket_part (
  person TEXT COLLATE "C" NOT NULL,        -- number
  id TEXT COLLATE "C" NOT NULL,
  part TEXT COLLATE "C" NOT NULL,
  now BIGINT NOT NULL,         -- 0 for a part that is over
  PRIMARY KEY (person, id, part)
);
CREATE INDEX docket_part_of ON docket_part (id, person, part);

-- The terms of a case, those that are over included, and the day of its hearing.
CREATE TABLE docket_term (
  id TEXT COLLATE "C" NOT NULL,
  n BIGINT NOT NULL,           -- in the order in which they began
  term TEXT NOT NULL,
  bodys BIGINT NOT NULL,       -- 1 if it binds the body
  from_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  done_at BIGINT NOT NULL,     -- 0 while it runs
  paused BIGINT NOT NULL,      -- 1 while it stands still
  alarm_at BIGINT NOT NULL,    -- when who must act is reminded, 0 for a term that is over
  PRIMARY KEY (id, n)
);
CREATE INDEX docket_term_by_time ON docket_term (done_at, due_at, id, n);
CREATE INDEX docket_term_begun ON docket_term (bodys, from_at, id, n);

-- Companies that are no members and are said to claim to be.
CREATE TABLE false_claim (
  id TEXT COLLATE "C" PRIMARY KEY,
  stage TEXT COLLATE "C" NOT NULL,
  company TEXT NOT NULL,
  address TEXT NOT NULL,       -- of the page that displayed the mark
  captured TEXT NOT NULL,      -- a day
  former TEXT NOT NULL,        -- number of the member that it was, ''
  text TEXT NOT NULL,          -- as it is published, '' until it is listed
  answered BIGINT NOT NULL,
  reported_at BIGINT NOT NULL,
  answer_by BIGINT NOT NULL,   -- largest integer: no letter was served
  listed_at BIGINT NOT NULL,   -- 0 until it is
  removal_at BIGINT NOT NULL   -- by when it is to be off the list; largest integer: it is not cured
);
CREATE INDEX false_claim_by_stage ON false_claim (stage, reported_at, id);

-- +goose Down
DROP TABLE false_claim;
DROP TABLE docket_term;
DROP TABLE docket_part;
DROP TABLE docket_member;
DROP TABLE docket;
