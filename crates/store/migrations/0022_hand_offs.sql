-- Chats in which a customer waits for a person, at the last heartbeat.
ALTER TABLE worker_processes ADD COLUMN hand_offs {int};
