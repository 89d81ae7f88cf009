-- The schema, where it is newer than the oldest reader that may open this file: that one stands in user_version.
ALTER TABLE meta ADD COLUMN schema INTEGER NOT NULL DEFAULT 5;
-- The two last marks that were put into the session's database: any other is an older copy's. A text that no session has
-- where none may be opened that was there before.
ALTER TABLE meta ADD COLUMN session_before TEXT;
ALTER TABLE meta ADD COLUMN session_now TEXT;
