-- How operators sign in. The password is an argon2id hash; its version grows with every change, which ends the
-- sessions of the one before. recovery_json holds hashes of the codes that are left.
CREATE TABLE operator_accounts (
    user_id {id} NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    password_hash TEXT NOT NULL,
    password_version {int} NOT NULL,
    totp_secret TEXT,
    totp_used_step {int},
    recovery_json TEXT,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL
) {strict};

-- Browsers that are signed in. The id is a hash of what the cookie holds.
CREATE TABLE web_sessions (
    id {id} NOT NULL PRIMARY KEY,
    data_json TEXT NOT NULL,
    expires_at {int} NOT NULL
) {strict};
CREATE INDEX web_sessions_expired ON web_sessions (expires_at);

-- Answers that a repeated request gets again. The id is a hash of who asked for what with which key; the status is
-- empty while the first request is under way.
CREATE TABLE idempotency_keys (
    id {id} NOT NULL PRIMARY KEY,
    request_hash TEXT NOT NULL,
    status {int},
    location TEXT,
    body TEXT,
    created_at {int} NOT NULL
) {strict};
CREATE INDEX idempotency_keys_oldest ON idempotency_keys (created_at);
