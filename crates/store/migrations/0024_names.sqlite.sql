-- Tenants from A, in the order in which both engines put them: by bytes, letter case of ASCII letters aside.
CREATE INDEX tenants_by_name ON tenants (LOWER(name), id);
