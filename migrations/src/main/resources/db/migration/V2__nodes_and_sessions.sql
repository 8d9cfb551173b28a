-- History: which servers ran, and every session that was ever told hello.

create table nodes (
    id         text        primary key,
    started_at timestamptz not null,
    alive_at   timestamptz not null,
    ended_at   timestamptz
);

comment on table nodes is
    'One row for each start of a server.';
comment on column nodes.id is
    'New at every start, so that a restarted server does not inherit its predecessor''s sessions.';
comment on column nodes.alive_at is
    'The server''s last sign of life here.';
comment on column nodes.ended_at is
    'When it drained and left, or was found lost; null: running, as far as is known.';

create table sessions (
    session_id           uuid        not null,
    opened_at            timestamptz not null,
    user_id              text        not null,
    device               text        not null,
    node_id              text        not null,
    attempt              integer     not null,
    node_epoch           bigint      not null,
    phase                smallint    not null,
    last_sign_of_life_at timestamptz not null,
    closed_at            timestamptz,
    close_reason         text,

    primary key (session_id, opened_at),
    constraint sessions_phase_is_known check (phase between 1 and 3)
) partition by range (opened_at);

-- Few rows at any time: which sessions does this node hold open?
create index sessions_open_by_node on sessions (node_id) where closed_at is null;
create index sessions_by_user on sessions (user_id, opened_at desc);

comment on table sessions is
    'One row for each session, written at its open and again at its end; partitioned by month (UTC) of opened_at. Old months are dropped whole.';
comment on column sessions.opened_at is
    'When the session first opened; a resume does not change it. Part of the key because the table is partitioned by it.';
comment on column sessions.user_id is
    'No foreign key on purpose: writing history must never fail, not even for a user deleted meanwhile.';
comment on column sessions.device is
    'The kind of device, as the client named it.';
comment on column sessions.node_id is
    'The server that owns the session, or owned it last.';
comment on column sessions.attempt is
    'Counts opens and resumes of the session. A row changes only for a greater (attempt, node_epoch, phase).';
comment on column sessions.node_epoch is
    'The epoch in which the owner wrote this row.';
comment on column sessions.phase is
    '1 open, 2 closed because its node was lost, 3 closed by its owner. The owner''s word outranks a finisher''s.';
comment on column sessions.last_sign_of_life_at is
    'The last message received from the client; at the end this is the user''s last seen.';
comment on column sessions.closed_at is
    'Null: open.';
comment on column sessions.close_reason is
    'A close reason of the API, or NODE_LOST; null: open.';

create table sessions_default partition of sessions default;

comment on table sessions_default is
    'An alarm, not a store: a row here means that nobody created the partition of its month in time.';

create function presence_ensure_session_partitions(starting timestamptz, months integer)
    returns integer
    language plpgsql
as $$
declare
    -- Months are cut in UTC, whatever the time zone of the connection.
    first_month constant timestamp := date_trunc('month', starting at time zone 'UTC');
    lower_bound timestamptz;
    upper_bound timestamptz;
    partition   text;
    created     integer := 0;
begin
    -- Two servers may ask at the same moment; the second one then finds all done.
    perform pg_advisory_xact_lock(hashtext('presence_ensure_session_partitions'));

    for i in 0 .. months - 1 loop
        lower_bound := (first_month + make_interval(months => i)) at time zone 'UTC';
        upper_bound := (first_month + make_interval(months => i + 1)) at time zone 'UTC';
        partition := 'sessions_' || to_char(lower_bound at time zone 'UTC', 'YYYY_MM');
        continue when to_regclass(partition) is not null;

        -- Rows that came too early wait in the default partition and move first, since a partition
        -- cannot be attached for rows that lie elsewhere.
        execute format('create table %I (like sessions including defaults including constraints)', partition);
        execute format(
            'with moved as (delete from sessions_default where opened_at >= %L and opened_at < %L returning *) '
            'insert into %I select * from moved', lower_bound, upper_bound, partition);
        execute format(
            'alter table sessions attach partition %I for values from (%L) to (%L)',
            partition, lower_bound, upper_bound);
        created := created + 1;
    end loop;
    return created;
end
$$;

comment on function presence_ensure_session_partitions(timestamptz, integer) is
    'Creates the monthly partitions of sessions that are missing, from the month of "starting" on, and returns how many. Harmless to call again.';

-- This month and the next three; the servers keep asking for more.
select presence_ensure_session_partitions(now(), 4);
