-- The servers' own role may neither create nor own tables: the months' partitions are made with the rights of whoever applies the
-- migrations. Such a function looks only where it was told to, and is nobody's to call who was not granted it.
do $$
begin
    execute format(
        'alter function presence_ensure_session_partitions(timestamptz, integer) security definer set search_path = %I, pg_temp',
        current_schema());
end
$$;

revoke execute on function presence_ensure_session_partitions(timestamptz, integer) from public;
