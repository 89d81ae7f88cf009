-- A contact's lines have been asked for in the order of their places since 0010. Of those by time nobody has asked since, and
-- each line that is written would write a page of them.
DROP INDEX message_logs_of_contact;
