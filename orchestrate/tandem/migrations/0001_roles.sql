-- The three roles of the project. None can log in: whoever owns the database takes them on.
--   tandem_loader       writes the raw schemas (taps' journal, target)
--   tandem_transformer  reads the raw schemas, writes the models' schemas (dbt)
--   tandem_reader       reads the marts, nothing else (dashboard, BI tools)
-- Roles belong to the whole server, so another database of it may have made them already.
do $$
declare
    role_name text;
begin
    foreach role_name in array array['tandem_loader', 'tandem_transformer', 'tandem_reader'] loop
        if not exists (select from pg_roles where rolname = role_name) then
            begin
                execute format('create role %I nologin', role_name);
            exception
                when duplicate_object or unique_violation then null;
            end;
        end if;
        execute format('grant %I to current_user', role_name);
    end loop;
end
$$;
