-- +goose Up
CREATE TABLE heartbeat (
	id   bigint PRIMARY KEY, -- 1
	beat bigint NOT NULL     -- grows whenever somebody asks whether something can be recorded
);
INSERT INTO heartbeat VALUES (1, 0);

-- +goose Down
DROP TABLE heartbeat;
