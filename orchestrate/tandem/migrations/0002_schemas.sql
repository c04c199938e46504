-- Raw schemas: the loader's, readable by the transformer, tables made later included.
create schema if not exists amazon_sp authorization tandem_loader;
create schema if not exists amazon_ads authorization tandem_loader;
create schema if not exists shopify authorization tandem_loader;
grant usage on schema amazon_sp, amazon_ads, shopify to tandem_transformer;
alter default privileges for role tandem_loader in schema amazon_sp
grant select on tables to tandem_transformer;
alter default privileges for role tandem_loader in schema amazon_ads
grant select on tables to tandem_transformer;
alter default privileges for role tandem_loader in schema shopify
grant select on tables to tandem_transformer;

-- The models' schemas: the transformer's; of these the reader sees the marts.
create schema if not exists seeds authorization tandem_transformer;
create schema if not exists staging authorization tandem_transformer;
create schema if not exists intermediate authorization tandem_transformer;
create schema if not exists marts authorization tandem_transformer;
create schema if not exists history authorization tandem_transformer;
grant usage on schema marts to tandem_reader;
alter default privileges for role tandem_transformer in schema marts
grant select on tables to tandem_reader;

-- dbt makes a schema per developer, and `create schema if not exists` wants this right even
-- where the schema is there.
do $$
begin
    execute format('grant create on database %I to tandem_transformer', current_database());
end
$$;

-- Meltano's own tables (runs, state) are the owner's.
create schema if not exists meltano;
