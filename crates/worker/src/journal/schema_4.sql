-- Bookings, orders, tickets and blocked hours, each as it now is.
CREATE TABLE records (
    -- As people say it: B-1004. Never given twice, see numbers.
    reference TEXT PRIMARY KEY,
    -- Whose; NULL for nobody's, such as a walk-in.
    contact BLOB REFERENCES contacts (id),
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    open INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    -- replies::Record as JSON.
    body TEXT NOT NULL,
    -- Number of its last change, from 1, over all records.
    sequence INTEGER NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;
CREATE INDEX records_by_contact ON records (contact, changed_at);

-- Five minutes of somebody's time that an open booking takes: no two bookings have the same.
CREATE TABLE cells (
    lane TEXT NOT NULL,
    -- Steps of five minutes since 1970.
    at INTEGER NOT NULL,
    reference TEXT NOT NULL REFERENCES records (reference),
    PRIMARY KEY (lane, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX cells_by_reference ON cells (reference);

-- From when to when open bookings, and blocks that count, take time. Seconds since 1970. A block's lane may be NULL:
-- everybody's.
CREATE TABLE spans (
    reference TEXT PRIMARY KEY REFERENCES records (reference),
    lane TEXT,
    at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    blocks INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX spans_by_end ON spans (until);

-- Products with a stock: which count this is, how many there were and how many were sold since, in hundredths.
CREATE TABLE stock (
    code TEXT PRIMARY KEY,
    counted INTEGER NOT NULL,
    count INTEGER NOT NULL,
    sold INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The number that the next record of a kind gets.
CREATE TABLE numbers (
    kind TEXT PRIMARY KEY,
    next INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What is to happen at a time. A key that was done stays, so that it is never done again.
CREATE TABLE due (
    contact BLOB NOT NULL REFERENCES contacts (id),
    key TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- replies::Timer as JSON.
    timer TEXT NOT NULL,
    -- When it was done.
    done INTEGER,
    PRIMARY KEY (contact, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX due_open ON due (at) WHERE done IS NULL;

-- Chats that a person has, as their conversations say.
CREATE TABLE hand_offs (
    contact BLOB PRIMARY KEY REFERENCES contacts (id),
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The last business profile and pack that came down; at most one row each.
CREATE TABLE profile (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL,
    json TEXT NOT NULL
) STRICT;
CREATE TABLE pack (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    hash TEXT NOT NULL,
    -- Its files by path, as one JSON object of texts; NULL: this installation has it no more.
    files TEXT
) STRICT;

-- The highest number ever given to a record's change, and the highest that the control plane has.
ALTER TABLE meta ADD COLUMN last_record INTEGER NOT NULL DEFAULT 0;
ALTER TABLE meta ADD COLUMN acknowledged_records INTEGER NOT NULL DEFAULT 0;
-- Whether the control plane has told the tenant's open records. A journal from before there were any knows all of them.
ALTER TABLE meta ADD COLUMN knows_records INTEGER NOT NULL DEFAULT 1;
-- Whether the owner has switched the bot off from the phone.
ALTER TABLE meta ADD COLUMN switched_off INTEGER NOT NULL DEFAULT 0;
-- Grow with each change of hand_offs and due.
ALTER TABLE meta ADD COLUMN hand_off_changes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE meta ADD COLUMN due_changes INTEGER NOT NULL DEFAULT 0;

-- Whether the phone had chatted with them before they wrote to the bot.
ALTER TABLE contacts ADD COLUMN known INTEGER NOT NULL DEFAULT 0;
-- Whether they were forgotten but for records that are still open.
ALTER TABLE contacts ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;
-- Whether it says that the business is away, which is said although the tenant is suspended.
ALTER TABLE outbox ADD COLUMN away INTEGER NOT NULL DEFAULT 0;
-- The place in the inbox of the message that it quotes, where several were waiting.
ALTER TABLE outbox ADD COLUMN quotes INTEGER;
