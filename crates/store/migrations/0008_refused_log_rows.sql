-- Rows of a worker's log that the database refuses for good, counted since the tenant was made; the log goes on without
-- them.
ALTER TABLE worker_processes ADD COLUMN refused_log_rows {int} NOT NULL DEFAULT 0;
