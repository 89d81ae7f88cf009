-- A declared number is one tenant's. Numbers that several tenants had declared before this stay as they are, unclaimed,
-- until one of them is changed.
ALTER TABLE tenants ADD COLUMN number_claim TEXT;
UPDATE tenants SET number_claim = phone_number WHERE phone_number IN
    (SELECT phone_number FROM tenants WHERE phone_number IS NOT NULL GROUP BY phone_number HAVING COUNT(*) = 1);
CREATE UNIQUE INDEX tenants_number_claim ON tenants (number_claim);
