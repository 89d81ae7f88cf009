-- Whether the text of a message is removed everywhere once its writer takes it back.
ALTER TABLE tenant_configs ADD COLUMN remove_deleted {int} NOT NULL DEFAULT 0;
