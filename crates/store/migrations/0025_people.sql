-- How owners and staff sign in. Apart from users, so that no list of people can carry a hash along; operators have a table of
-- their own. verified_at: when it was proved that the address is the person's.
CREATE TABLE person_accounts (
    user_id {id} NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    password_hash TEXT,
    language TEXT NOT NULL,
    verified_at {int},
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    CONSTRAINT person_accounts_words CHECK (language IN ('EN', 'SW'))
) {strict};

-- By what name a provider knows a person. An address may change hands; this pair does not.
CREATE TABLE identities (
    id {id} NOT NULL PRIMARY KEY,
    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider TEXT NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    created_at {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX identities_of_provider ON identities (issuer, subject);
CREATE INDEX identities_of_user ON identities (user_id);

-- Browsers that are signed in to the portal. The id is a hash of the cookie's token. tenant_id: which of the person's tenants
-- is meant. looking: the operator who sees the tenant in this person's place, with the version of that account.
CREATE TABLE portal_sessions (
    id {id} NOT NULL PRIMARY KEY,
    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    tenant_id {id} REFERENCES tenants (id) ON DELETE SET NULL,
    via TEXT NOT NULL,
    looking TEXT,
    looking_version TEXT,
    new_password {int} NOT NULL,
    created_at {int} NOT NULL,
    seen_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    CONSTRAINT portal_sessions_words CHECK (via IN ('PROVIDER', 'LINK', 'PASSWORD', 'LOOK'))
) {strict};
CREATE INDEX portal_sessions_of_user ON portal_sessions (user_id);
CREATE INDEX portal_sessions_of_tenant ON portal_sessions (tenant_id);
CREATE INDEX portal_sessions_expired ON portal_sessions (expires_at);

-- Links that can be used once. The id is a hash of the token. proves: whether whoever has it has shown that the address is
-- theirs, or an operator vouches for it. pair: the other link of a change of address, which needs both.
CREATE TABLE portal_links (
    id {id} NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    tenant_id {id} REFERENCES tenants (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    proves {int} NOT NULL,
    pair {id},
    made_by TEXT NOT NULL,
    made_by_version TEXT,
    created_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    used_at {int},
    CONSTRAINT portal_links_words CHECK (kind IN ('SIGN_IN', 'INVITATION', 'RESET', 'CHANGE_EMAIL', 'LOOK'))
) {strict};
CREATE INDEX portal_links_of_user ON portal_links (user_id, created_at);
CREATE INDEX portal_links_of_tenant ON portal_links (tenant_id);
CREATE INDEX portal_links_of_pair ON portal_links (pair);
CREATE INDEX portal_links_expired ON portal_links (expires_at);
