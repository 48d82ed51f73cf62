-- +goose Up
-- What the office lists by. Duties of one kind, the earliest first.
CREATE INDEX duty_by_kind ON duty (kind, due_at, member, subject);

-- Orders about members, those that wait for a second officer included.
CREATE TABLE member_order (
  id TEXT PRIMARY KEY,
  member TEXT NOT NULL,
  sanction TEXT NOT NULL,
  stage TEXT NOT NULL,
  interim BIGINT NOT NULL,     -- 1 for yes
  stayed BIGINT NOT NULL,      -- 1 while a court has stayed it
  quashed BIGINT NOT NULL,     -- 1 once it was set aside
  provisions TEXT NOT NULL,    -- JSON list
  proposed_at BIGINT NOT NULL, -- 0 for an interim order
  from_at BIGINT NOT NULL,     -- 0 until it is in force
  until_at BIGINT NOT NULL     -- largest integer: it ends by nothing but an act
) WITHOUT ROWID;
CREATE INDEX member_order_by_stage ON member_order (stage, until_at, id);
CREATE INDEX member_order_by_member ON member_order (member, id);

-- The text that each member signed last; '-' for none.
INSERT INTO member_facet (kind, value, sort_key, member)
  SELECT 'version', CASE WHEN code_version = '' THEN '-' ELSE code_version END, sort_key, number FROM member;
INSERT INTO facet (kind, value, label, n)
  SELECT 'version', value, value, count(*) FROM member_facet WHERE kind = 'version' GROUP BY value;

-- +goose Down
DELETE FROM facet WHERE kind = 'version';
DELETE FROM member_facet WHERE kind = 'version';
DROP TABLE member_order;
DROP INDEX duty_by_kind;
