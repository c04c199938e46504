-- Hung on the raw tables of an API while one of its connections is ended (tandem.read_only).
create function ops.refuse_ended_connections() returns trigger
language plpgsql security definer set search_path = ops, pg_temp as $$
declare
    found text;
begin
    if current_setting('tandem.deleting', true) = 'on' then
        return null;
    end if;
    select connections.store_id || ' ' || connections.region into found
    from changed
    inner join ops.connections
        on connections.store_id = changed.store_id
        and connections.api = tg_argv[0]
        and connections.state in ('disconnected', 'deleted')
        and (
            connections.region = 'global'
            or connections.region = to_jsonb(changed) ->> 'region'
        )
    limit 1;
    if found is not null then
        raise exception
            'The connection % of % is disconnected: its history is read-only. Connect it again.',
            tg_argv[0], found
            using errcode = 'read_only_sql_transaction';
    end if;
    return null;
end
$$;
