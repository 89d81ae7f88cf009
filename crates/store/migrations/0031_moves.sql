-- A tenant that was moved to another installation: since when, by which of that installation's move keys, and whether its bot was
-- wanted to run until then. It never runs here again.
ALTER TABLE tenants ADD COLUMN moved_at {int};
ALTER TABLE tenants ADD COLUMN moved_by TEXT;
ALTER TABLE tenants ADD COLUMN moved_run {int};
