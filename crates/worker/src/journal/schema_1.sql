-- One row: what the journal knows of itself and its tenant.
CREATE TABLE meta (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    journal_id TEXT NOT NULL,
    -- The highest generation of the worker that has opened it.
    generation INTEGER NOT NULL,
    -- The highest number ever given to a log row, forgotten ones included.
    last_sequence INTEGER NOT NULL,
    -- domain::BotSettings as JSON, from the last word of the control plane.
    settings TEXT,
    -- Under which account the device was last linked.
    account_number TEXT,
    account_lid TEXT
) STRICT;

-- A person, whatever names WhatsApp has for them.
CREATE TABLE contacts (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    lid TEXT UNIQUE,
    number TEXT UNIQUE,
    push_name TEXT,
    -- When they last wrote to the business itself, which is what allows it to write to them.
    wrote_at INTEGER,
    CHECK (lid IS NOT NULL OR number IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- Every message that was acknowledged to WhatsApp. outcome is NULL until it is fixed, once and for good.
CREATE TABLE inbox (
    seq INTEGER PRIMARY KEY,
    contact BLOB NOT NULL REFERENCES contacts (id),
    wa_id TEXT NOT NULL,
    -- 'text', or what else it is, like 'image'.
    kind TEXT NOT NULL,
    text TEXT,
    sent_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    -- 'replied', or the name of the reason for silence.
    outcome TEXT,
    UNIQUE (contact, wa_id)
) STRICT;
CREATE INDEX inbox_waiting ON inbox (contact, seq) WHERE outcome IS NULL;
CREATE INDEX inbox_by_id ON inbox (wa_id);

-- Every message of ours, in order within its chat. Its id and text never change.
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY,
    contact BLOB NOT NULL REFERENCES contacts (id),
    wa_id TEXT NOT NULL UNIQUE,
    -- The message it answers.
    cause INTEGER REFERENCES inbox (seq),
    -- The request of a person who typed it.
    request TEXT UNIQUE,
    text TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'acked', 'failed')),
    reason TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_open ON outbox (contact, seq) WHERE state IN ('pending', 'sent');
CREATE INDEX outbox_by_contact ON outbox (contact, seq);
CREATE INDEX outbox_by_cause ON outbox (cause);

-- What the bot remembers of a contact. version grows with every change, so that none is lost.
CREATE TABLE conversations (
    contact BLOB PRIMARY KEY REFERENCES contacts (id),
    version INTEGER NOT NULL,
    -- replies::Conversation as JSON.
    state TEXT NOT NULL,
    -- How much the contact has written lately, as JSON.
    traffic TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Conversation log rows that the control plane has not acknowledged.
CREATE TABLE logs (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    direction TEXT NOT NULL,
    contact TEXT NOT NULL,
    text TEXT NOT NULL,
    wa_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    silence TEXT
) STRICT;
