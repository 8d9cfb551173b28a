-- Presence for people with SQL.

create view user_presence (user_id, username, last_seen, is_online) as
select u.id,
       u.name,
       u.last_seen_at,
       exists (select from sessions s where s.user_id = u.id and s.closed_at is null)
from users u;

comment on view user_presence is
    'What the journal knows of everybody: seconds behind the live state, and for people, not for programs.';
comment on column user_presence.last_seen is
    'End of the last session; null: never seen. While the user is online, of an earlier one.';
comment on column user_presence.is_online is
    'The user has an open session.';
