-- +goose Up
-- Who asked to be told when a member's standing changes. Nobody's address is here in plain text. Times are µs since 1970.
CREATE TABLE alert (
  id         text PRIMARY KEY,
  member     text NOT NULL,     -- number
  address    bytea NOT NULL,     -- keyed digest of member and mail address
  sealed     bytea NOT NULL,     -- the address, under the key of subscriber/ID; empty once ended
  state      text NOT NULL,     -- asked, confirmed or ended
  created    bigint NOT NULL,
  confirmed  bigint NOT NULL,     -- 0 until it is
  link       bytea NOT NULL,     -- hash of the secret that confirms it; empty for none
  link_until bigint NOT NULL,     -- excluded
  ends_by    bytea NOT NULL      -- hash of the secret that ends it; empty once ended
);
CREATE INDEX alert_member ON alert (member, state);
CREATE INDEX alert_address ON alert (address);
CREATE INDEX alert_state ON alert (state, created);
CREATE INDEX alert_link ON alert (link);
CREATE INDEX alert_ends_by ON alert (ends_by);

-- How often it was asked from somewhere, and for an address.
CREATE TABLE alert_try (
  who     bytea PRIMARY KEY,     -- keyed digest
  n       bigint NOT NULL,
  expires bigint NOT NULL
);
CREATE INDEX alert_try_expires ON alert_try (expires);

-- +goose Down
DROP TABLE alert_try;
DROP TABLE alert;
