-- What became of the last alerts, one row for each alert and way: the result of its last try. A row about a tenant goes
-- with it.
CREATE TABLE alert_results (
    id {id} NOT NULL PRIMARY KEY,
    about {id} REFERENCES tenants (id) ON DELETE CASCADE,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    result TEXT NOT NULL,
    detail TEXT,
    tries {int} NOT NULL,
    created_at {int} NOT NULL
) {strict};
CREATE INDEX alert_results_newest ON alert_results (created_at, id);
CREATE INDEX alert_results_about ON alert_results (about);
