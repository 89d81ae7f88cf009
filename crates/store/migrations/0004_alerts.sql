-- What is wrong now and has been told, once for each cause. The id names the cause.
CREATE TABLE alert_causes (
    id {id} NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    created_at {int} NOT NULL
) {strict};

-- What is still to be told, by which way. It outlives a restart.
CREATE TABLE alert_deliveries (
    id {id} NOT NULL PRIMARY KEY,
    channel TEXT NOT NULL,
    payload_json TEXT NOT NULL,
    attempts {int} NOT NULL,
    next_at {int} NOT NULL,
    created_at {int} NOT NULL
) {strict};
CREATE INDEX alert_deliveries_due ON alert_deliveries (next_at, id);
