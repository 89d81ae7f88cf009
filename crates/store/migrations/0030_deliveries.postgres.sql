-- How far a message of ours has come, why it never arrives where it does not, and who wrote it. Empty for what customers wrote,
-- and for what was written before anybody was told.
ALTER TABLE message_logs ADD COLUMN delivery TEXT;
ALTER TABLE message_logs ADD COLUMN delivery_reason TEXT;
ALTER TABLE message_logs ADD COLUMN writer TEXT;
-- Whether the customer wants no messages from this one on, which was answered with that.
ALTER TABLE message_logs ADD COLUMN opted_out {int};
ALTER TABLE message_logs ADD CONSTRAINT message_logs_words_delivery CHECK
(delivery IN ('WAITING', 'FAILED', 'SENT', 'DELIVERED', 'READ', 'PLAYED') AND writer IN ('BOT', 'TIMER', 'PERSON', 'PHONE'));
