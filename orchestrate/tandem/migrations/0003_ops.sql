-- The control plane's tables. The taps keep their journal of reports here too and make its table
-- themselves (amazon_client.extraction.journal), as the loader.
grant usage, create on schema ops to tandem_loader;
grant usage on schema ops to tandem_transformer;
alter default privileges for role tandem_loader in schema ops
grant select on tables to tandem_transformer;

create table ops.sync_runs (
    sync_run_id bigint generated always as identity primary key,
    environment text not null,
    store_id text not null,
    tap text not null,
    cadence text not null check (cadence in ('first_sync', 'hourly', 'daily', 'weekly')),
    as_of timestamptz,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    status text not null default 'running' check (status in ('running', 'done', 'failed')),
    reason text
);
comment on table ops.sync_runs is
'One row per tap of a sync: what it was for, how it ended, and why when it failed.';
comment on column ops.sync_runs.as_of is
'The instant the run was told to take for now; null when it went by the clock.';
create index sync_runs_by_store on ops.sync_runs (store_id, tap, started_at desc);
grant select on ops.sync_runs to tandem_transformer;
