-- Where each server can be reached by the others, should Redis not know any more.

alter table nodes add column address text;

comment on column nodes.address is
    'Its internal port, host:port; null where it has none, or has not said that it is alive.';
