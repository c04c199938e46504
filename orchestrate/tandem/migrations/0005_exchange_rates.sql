-- What no store owns: reference data from outside, written by the control plane.
create schema reference;
grant usage on schema reference to tandem_transformer;

create table reference.ecb_exchange_rates (
    currency_code text not null,
    date date not null, -- noqa: RF04
    rate numeric not null check (rate > 0),
    read_at timestamptz not null default now(),
    primary key (currency_code, date)
);
comment on table reference.ecb_exchange_rates is
'Euro reference rates of the European Central Bank, one row per currency and day of publication.';
comment on column reference.ecb_exchange_rates.rate is 'Units of the currency for one euro.';
comment on column reference.ecb_exchange_rates.read_at is 'When this value was first read.';
grant select on reference.ecb_exchange_rates to tandem_transformer;

create table reference.readings (
    source_name text primary key,
    package_version text,
    last_date date,
    read_at timestamptz not null default now()
);
comment on table reference.readings is 'When each source of reference data was last read whole.';
comment on column reference.readings.package_version is
'Null of what is read online.';
comment on column reference.readings.last_date is 'The newest day that it had.';
grant select on reference.readings to tandem_transformer;
