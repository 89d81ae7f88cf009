-- The message whose replies are this one's outcome too, where one turn of a contact took several messages. NULL: its own.
ALTER TABLE inbox ADD COLUMN turn INTEGER;
-- Not to be answered before: the content of a message that cannot be read may still come.
ALTER TABLE inbox ADD COLUMN due_at INTEGER;
-- The id of the message that announced the album of which this is a part.
ALTER TABLE inbox ADD COLUMN album TEXT;
-- The linked number to which it was written.
ALTER TABLE inbox ADD COLUMN account TEXT;
-- The id of the message that this one corrects or takes back.
ALTER TABLE inbox ADD COLUMN about TEXT;
-- When the message was written, by its sender's clock and WhatsApp's, where that is not when it came.
ALTER TABLE logs ADD COLUMN sent_at INTEGER;
ALTER TABLE logs ADD COLUMN about TEXT;
-- Whether the text of the message that this row is about is to be removed.
ALTER TABLE logs ADD COLUMN removes INTEGER NOT NULL DEFAULT 0;
