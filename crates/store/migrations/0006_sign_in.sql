-- The second factor of the admin password, which has no account of a person: one row at most, named admin. Its version
-- grows with every change, which ends the sessions from before; without a secret there is no factor.
CREATE TABLE admin_factors (
    id {id} NOT NULL PRIMARY KEY,
    totp_secret TEXT,
    totp_used_step {int},
    recovery_json TEXT,
    version {int} NOT NULL,
    updated_at {int} NOT NULL
) {strict};

-- Codes tried since the last right one, by account: admin, or a user's id. No code is looked at before next_at.
CREATE TABLE code_tries (
    account {id} NOT NULL PRIMARY KEY,
    tries {int} NOT NULL,
    next_at {int} NOT NULL,
    last_at {int} NOT NULL
) {strict};
