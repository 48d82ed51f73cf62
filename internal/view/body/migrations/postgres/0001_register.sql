-- +goose Up
-- The register as it is read. All of it follows from the record and can be rebuilt from it.
-- Times are microseconds since 1970 UTC; "no end" is the largest integer.
CREATE TABLE body (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL,
  short TEXT NOT NULL,
  zone TEXT NOT NULL,
  web TEXT NOT NULL,
  founded BIGINT NOT NULL,
  opened BIGINT NOT NULL,      -- when the register was opened, 0 while it is not
  go_live TEXT NOT NULL,       -- calendar date, '' while it is not
  epoch BIGINT NOT NULL,       -- position of the newest event that concerns every member
  members BIGINT NOT NULL
);

CREATE TABLE code_version (
  version TEXT COLLATE "C" PRIMARY KEY,
  title TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  text TEXT NOT NULL,
  effective BIGINT NOT NULL,
  transition_until BIGINT NOT NULL,
  adopted BIGINT NOT NULL,
  position BIGINT NOT NULL
);

CREATE TABLE member (
  number TEXT COLLATE "C" PRIMARY KEY,
  name TEXT NOT NULL,
  sort_key TEXT COLLATE "C" NOT NULL,
  trading_names TEXT NOT NULL, -- JSON lists
  domains TEXT NOT NULL,
  services TEXT NOT NULL,
  address TEXT NOT NULL,
  place TEXT NOT NULL,
  country TEXT NOT NULL,
  admitted BIGINT NOT NULL,
  code_version TEXT NOT NULL,  -- '' if none was signed
  code_sha256 TEXT NOT NULL,
  subscribed BIGINT NOT NULL,
  paid_through TEXT NOT NULL,  -- calendar date, ''; not public
  successor TEXT NOT NULL,     -- number of the member it merged into
  stated_status TEXT COLLATE "C" NOT NULL, -- what the public log says of it, '' before its first statement
  stated_kind TEXT NOT NULL,
  stated_since BIGINT NOT NULL,
  stated_at BIGINT NOT NULL,
  stated_position BIGINT NOT NULL
);
CREATE INDEX member_by_name ON member (sort_key, number);
CREATE INDEX member_by_admission ON member (admitted, number);

-- Who speaks for a member: erased with the person, and seen by the office only.
CREATE TABLE member_contact (
  number TEXT COLLATE "C" PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL
);

CREATE TABLE member_domain (
  domain TEXT COLLATE "C" PRIMARY KEY,
  member TEXT COLLATE "C" NOT NULL,
  proven_at BIGINT NOT NULL,   -- 0 if never
  how TEXT NOT NULL
);
CREATE INDEX member_domain_by_member ON member_domain (member);

-- Names and trading names, folded: for "exactly this one".
CREATE TABLE member_name (
  name_key TEXT COLLATE "C" NOT NULL,
  member TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (name_key, member)
);
CREATE INDEX member_name_by_member ON member_name (member);

-- The folded words of names, trading names and domains.
CREATE TABLE member_word (
  word TEXT COLLATE "C" NOT NULL,
  member TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (word, member)
);
CREATE INDEX member_word_by_member ON member_word (member, word);

-- What a list is narrowed by, in name order within a value: 'place', 'country', 'service' and 'status'
-- (what the public log says).
CREATE TABLE member_facet (
  kind TEXT COLLATE "C" NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  sort_key TEXT COLLATE "C" NOT NULL,
  member TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (kind, value, sort_key, member)
);
CREATE INDEX member_facet_by_member ON member_facet (member, kind, value);

-- How many members a value of a facet has.
CREATE TABLE facet (
  kind TEXT COLLATE "C" NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  label TEXT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (kind, value)
);

-- Public standing over time, past and to come if nothing happens.
CREATE TABLE standing_span (
  member TEXT COLLATE "C" NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  status TEXT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (member, from_at)
);

-- When a member's public answer changes by time alone, and as of which epoch its spans were drawn.
CREATE TABLE standing_due (
  member TEXT COLLATE "C" PRIMARY KEY,
  at BIGINT NOT NULL,
  epoch BIGINT NOT NULL
);
CREATE INDEX standing_due_at ON standing_due (at, member);
CREATE INDEX standing_due_epoch ON standing_due (epoch, member);

CREATE TABLE notice (
  id TEXT COLLATE "C" PRIMARY KEY,
  member TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,          -- the member's name then
  order_id TEXT NOT NULL,
  class TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  finding TEXT NOT NULL,
  provisions TEXT NOT NULL,    -- JSON list
  decided TEXT NOT NULL,       -- calendar date
  effective BIGINT NOT NULL,
  appeal TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  corrects TEXT COLLATE "C" NOT NULL,      -- id of the notice it corrects, ''
  published BIGINT NOT NULL,
  expires BIGINT NOT NULL,     -- largest integer: never
  position BIGINT NOT NULL
);
CREATE INDEX notice_by_time ON notice (published, id);
CREATE INDEX notice_by_member ON notice (member, published, id);
CREATE INDEX notice_by_correction ON notice (corrects);

-- +goose Down
DROP TABLE notice;
DROP TABLE standing_due;
DROP TABLE standing_span;
DROP TABLE facet;
DROP TABLE member_facet;
DROP TABLE member_word;
DROP TABLE member_name;
DROP TABLE member_domain;
DROP TABLE member_contact;
DROP TABLE member;
DROP TABLE code_version;
DROP TABLE body;
