-- How far messages of ours have come of which the log has told, one row each: what the bot said, what people typed, and what
-- was written on another device of the account. Nothing here refers to a contact, so that a reader of the schema before may
-- forget one; it leaves ids behind that say nothing, and that go with their age.
CREATE TABLE deliveries (
    wa_id TEXT PRIMARY KEY,
    -- The row of the log by which the control plane knows the message. Ids are in the order of their age.
    log_id TEXT NOT NULL,
    -- domain::Delivery.
    state TEXT NOT NULL,
    reason TEXT,
    -- Number of its last change; NULL: the control plane has it.
    sequence INTEGER
) STRICT, WITHOUT ROWID;
-- A message that has only begun is not in it.
CREATE INDEX deliveries_to_tell ON deliveries (sequence) WHERE sequence IS NOT NULL;
-- The highest number ever given to a change of these.
ALTER TABLE meta ADD COLUMN last_delivery INTEGER NOT NULL DEFAULT 0;
-- Who wrote a row of the log: domain::Writer.
ALTER TABLE logs ADD COLUMN writer TEXT;
-- Whether the contact wants no messages from this one on.
ALTER TABLE logs ADD COLUMN opted_out INTEGER NOT NULL DEFAULT 0;
