-- How far a message of ours has come, why it never arrives where it does not, and who wrote it. Empty for what customers wrote,
-- and for what was written before anybody was told.
ALTER TABLE message_logs ADD COLUMN delivery TEXT;
ALTER TABLE message_logs ADD COLUMN delivery_reason TEXT;
ALTER TABLE message_logs ADD COLUMN writer TEXT;
-- Whether the customer wants no messages from this one on, which was answered with that.
ALTER TABLE message_logs ADD COLUMN opted_out {int};
CREATE TRIGGER message_logs_words_delivery_insert BEFORE INSERT ON message_logs
WHEN NEW.delivery NOT IN ('WAITING', 'FAILED', 'SENT', 'DELIVERED', 'READ', 'PLAYED')
    OR NEW.writer NOT IN ('BOT', 'TIMER', 'PERSON', 'PHONE')
BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: message_logs_words_delivery'); END;
CREATE TRIGGER message_logs_words_delivery_update BEFORE UPDATE OF delivery, writer ON message_logs
WHEN NEW.delivery NOT IN ('WAITING', 'FAILED', 'SENT', 'DELIVERED', 'READ', 'PLAYED')
    OR NEW.writer NOT IN ('BOT', 'TIMER', 'PERSON', 'PHONE')
BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: message_logs_words_delivery'); END;
