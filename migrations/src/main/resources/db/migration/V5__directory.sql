-- The directory: everybody by name, page by page. Bytes compare, whatever the language of the database, since a page's end is compared in
-- programs too. The index does not contain what changes at the end of every session, so that update stays heap-only.
create index users_by_name on users (name collate "C", id collate "C");
