-- How far each server's changes have been written down.

create table journal_cursor (
    node_id    text        primary key,
    epoch      bigint      not null,
    seq        bigint      not null,
    updated_at timestamptz not null
);

comment on table journal_cursor is
    'For each node the last change whose rows are stored. Written in the transaction that stores them, so a row is neither lost nor written twice.';
comment on column journal_cursor.epoch is
    'The node''s epoch; seq counts anew in each.';
comment on column journal_cursor.seq is
    'Sequence number of the last change stored.';
