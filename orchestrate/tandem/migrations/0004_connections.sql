-- Stores and their connections, as far as they are no secret.
create table ops.stores (
    store_id text primary key check (store_id ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    store_name text not null,
    primary_marketplace_id text,
    primary_marketplace_reason text,
    reporting_currency_code text check (reporting_currency_code ~ '^[A-Z]{3}$'),
    created_at timestamptz not null default now()
);
comment on table ops.stores is 'One row per merchant.';
comment on column ops.stores.primary_marketplace_id is
'The store''s own choice, or the only sensible one found at connecting; null while it is open.';
comment on column ops.stores.primary_marketplace_reason is
'Why it is that one, in words.';
comment on column ops.stores.reporting_currency_code is
'The store''s choice; null leaves it to the models (the shop''s, else the marketplace''s).';

create table ops.connections (
    store_id text not null references ops.stores,
    api text not null check (api in ('amazon_sp', 'amazon_ads', 'shopify')),
    region text not null check (region in ('na', 'eu', 'fe', 'global')),
    state text not null check (
        state in (
            'connected', 'needs_reauth', 'no_ads_profile', 'partial', 'error',
            'disconnected', 'deleted'
        )
    ),
    reason text,
    remedy text,
    credential_source text not null check (credential_source in ('stored', 'environment')),
    app_kind text not null default 'private' check (app_kind in ('private', 'public')),
    account_id text,
    account_name text,
    profile_ids text[] not null default '{}',
    missing_roles text[] not null default '{}',
    connected_at timestamptz not null default now(),
    authorised_at timestamptz,
    expires_at timestamptz,
    last_attempt_at timestamptz,
    last_success_at timestamptz,
    disconnected_at timestamptz,
    deleted_at timestamptz,
    updated_at timestamptz not null default now(),
    primary key (store_id, api, region),
    check ((api = 'shopify') = (region = 'global'))
);
comment on table ops.connections is
'One row per authorisation of a store: an API in a region (global for Shopify).';
comment on column ops.connections.state is
'The last known one. That a sync is under way is told by ops.connection_states.';
comment on column ops.connections.reason is 'What is wrong, in words; null when nothing is.';
comment on column ops.connections.remedy is 'What to do about it; null when nothing is wrong.';
comment on column ops.connections.credential_source is
'stored: encrypted in ops.credentials; environment: read from .env at each run.';
comment on column ops.connections.account_id is
'The selling partner id, the entity id of the advertising account, or the shop''s domain.';
comment on column ops.connections.profile_ids is
'The advertising profiles that are read; empty: every advertiser''s, or no Ads connection.';
comment on column ops.connections.missing_roles is
'Roles of the Selling Partner API, permissions of the shop, that were found missing.';
comment on column ops.connections.authorised_at is
'When the merchant authorised it; null where a token was given without saying.';
comment on column ops.connections.expires_at is
'When the authorisation is expected to end. Only a warning: Amazon''s own word decides.';

-- Secrets, encrypted (see tandem.vault): the owner's alone, no role may read them.
create table ops.credentials (
    store_id text not null,
    api text not null,
    region text not null,
    ciphertext bytea not null,
    updated_at timestamptz not null default now(),
    primary key (store_id, api, region),
    foreign key (store_id, api, region) references ops.connections on delete cascade
);
comment on table ops.credentials is
'One encrypted secret per connection. Nobody but the owner of the database may read this.';

create table ops.oauth_states (
    state_hash text primary key,
    store_id text not null,
    api text not null,
    region text not null,
    redirect_uri text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz
);
comment on table ops.oauth_states is
'Consents under way: only the hash of each state is kept, and each is taken once.';

-- What a sync does, stream by stream.
alter table ops.sync_runs add column sync_id uuid;
alter table ops.sync_runs add column rows_read bigint;
alter table ops.sync_runs add column rows_loaded bigint;
alter table ops.sync_runs add column expected_seconds integer;
comment on column ops.sync_runs.sync_id is 'Shared by the taps of one sync of a store.';
comment on column ops.sync_runs.expected_seconds is
'How long it should take by Amazon''s limits and latencies, or by the last run of its kind.';

create table ops.sync_progress (
    sync_run_id bigint not null references ops.sync_runs on delete cascade,
    stream_name text not null,
    store_id text not null,
    api text not null,
    state text not null check (state in ('planned', 'running', 'done', 'failed')),
    windows_planned integer not null default 0,
    windows_done integer not null default 0,
    rows_read bigint not null default 0,
    rows_loaded bigint not null default 0,
    awaiting text,
    updated_at timestamptz not null default now(),
    primary key (sync_run_id, stream_name)
);
comment on table ops.sync_progress is
'Progress of a run, per stream: what is planned, under way, done, and what is waited for.';
comment on column ops.sync_progress.awaiting is
'What is waited for and why, in words; null when nothing is.';

create table ops.refreshes (
    refresh_id bigint generated always as identity primary key,
    store_id text not null,
    requested_at timestamptz not null default now(),
    requested_by text not null
);
comment on table ops.refreshes is
'Refreshes on demand that were granted: one in 15 minutes per store.';
create index refreshes_by_store on ops.refreshes (store_id, requested_at desc);

create table ops.model_builds (
    build_id bigint generated always as identity primary key,
    environment text not null,
    as_of timestamptz,
    started_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    status text not null default 'running' check (status in ('running', 'done', 'failed')),
    reason text
);
comment on table ops.model_builds is
'Builds of the models. A sync that loaded before one began need not ask for another.';

create table ops.deletions (
    deletion_id bigint generated always as identity primary key,
    store_id text not null,
    api text not null,
    region text not null,
    requested_by text not null,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    counts jsonb
);
comment on table ops.deletions is
'Histories that were deleted, with the number of rows by table.';

-- Locks of syncs: two keys, the first the same for all of them, the second the store's.
create function ops.sync_is_running(asked_store_id text) returns boolean
language sql stable
as $$
    select exists (
        select from pg_locks
        where locktype = 'advisory' and granted and objsubid = 2
            and database = (select oid from pg_database where datname = current_database())
            and classid::bigint = hashtext('tandem sync')::bigint & 4294967295
            and objid::bigint = hashtext(asked_store_id)::bigint & 4294967295
    )
$$;
comment on function ops.sync_is_running is
'Whether a sync of the store is under way: its lock dies with its holder.';

create view ops.connection_states as
select
    connections.store_id,
    stores.store_name,
    stores.primary_marketplace_id,
    connections.api,
    connections.region,
    connections.reason,
    connections.remedy,
    connections.credential_source,
    connections.app_kind,
    connections.account_id,
    connections.account_name,
    connections.profile_ids,
    connections.missing_roles,
    connections.connected_at,
    connections.authorised_at,
    connections.expires_at,
    connections.last_attempt_at,
    connections.last_success_at,
    connections.disconnected_at,
    connections.deleted_at,
    case
        when
            connections.state not in ('disconnected', 'deleted')
            and ops.sync_is_running(connections.store_id)
            and exists (
                select 1 from ops.sync_runs
                where
                    sync_runs.store_id = connections.store_id
                    and sync_runs.tap = 'tap-' || replace(connections.api, '_', '-')
                    and sync_runs.status = 'running'
            )
            then 'syncing'
        else connections.state
    end as state,
    (
        select max(refreshes.requested_at) + interval '15 minutes'
        from ops.refreshes
        where refreshes.store_id = connections.store_id
    ) as next_refresh_at
from ops.connections
inner join ops.stores on connections.store_id = stores.store_id;
comment on view ops.connection_states is
'Connections with their present state, `syncing` included, and the store''s next refresh.';

grant select on ops.stores, ops.connections, ops.sync_runs, ops.sync_progress, ops.refreshes,
ops.model_builds, ops.deletions, ops.connection_states to tandem_transformer;
