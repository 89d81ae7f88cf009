-- The newest of a group are found by an index of their own, however many others there are: a list of a group would look at
-- every newer tenant of other groups otherwise. And those that are suspended or held are found without looking at all.
CREATE INDEX tenants_newest_of_status ON tenants (status, created_at, id) WHERE suspended_at IS NULL;
CREATE INDEX tenants_newest_suspended ON tenants (created_at, id) WHERE suspended_at IS NOT NULL;
CREATE INDEX tenants_held ON tenants (held_number) WHERE held_number IS NOT NULL;
