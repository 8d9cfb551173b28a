-- People, and who knows whom.

create table users (
    id              text        primary key,
    name            text        not null,
    last_seen_at    timestamptz,
    availability    text        not null default 'AVAILABLE',
    availability_at timestamptz not null default 'epoch',

    constraint users_id_is_a_user_id check (id ~ '^[A-Za-z0-9._~:@+-]{1,64}$'),
    constraint users_availability_is_known check (availability in ('AVAILABLE', 'BUSY'))
)
-- last_seen_at changes at the end of every session: room in the page and no index on it keep that
-- update heap-only.
with (fillfactor = 80);

comment on table users is
    'Everybody who may have a presence.';
comment on column users.id is
    'The subject of the user''s token: 1 to 64 characters of [A-Za-z0-9._~:@+-].';
comment on column users.name is
    'What other people see.';
comment on column users.last_seen_at is
    'Last sign of life of the last session that ended; null: never seen. Only ever grows. No index on purpose.';
comment on column users.availability is
    'The user''s wish, which holds for all devices: AVAILABLE or BUSY.';
comment on column users.availability_at is
    'When the wish was made, by the servers'' clock. The newer wish wins.';

create table contacts (
    owner_id   text not null references users (id) on delete cascade,
    contact_id text not null references users (id) on delete cascade,

    primary key (owner_id, contact_id),
    constraint contacts_are_other_people check (owner_id <> contact_id)
);

-- Who lists this user? Also what the cascade from contact_id needs.
create index contacts_by_contact on contacts (contact_id, owner_id);

comment on table contacts is
    'Directed: the owner lists the contact. Two users see each other''s presence when both list the other.';
comment on column contacts.owner_id is
    'Whose list this is.';
comment on column contacts.contact_id is
    'Who is on it.';
