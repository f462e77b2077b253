-- An account without a key lets no caller in; 'default' gets its key from an operator (rotate-key).
create table account (
    id             text        primary key,
    name           text        not null unique,
    key_hash       bytea       unique check (octet_length(key_hash) = 32),
    chosen_node_id text,
    created_at     timestamptz not null,
    updated_at     timestamptz not null
);

create table node (
    id              text        primary key,
    account_id      text        not null references account (id) on delete cascade,
    name            text        not null,
    base_url        text        not null,
    weight          integer     not null check (weight >= 0),
    traffic_weight  integer     not null check (traffic_weight between 0 and 100),
    auth_scheme     text        not null check (auth_scheme in ('x-api-key', 'bearer', 'none')),
    api_key         bytea,
    max_concurrency integer     check (max_concurrency >= 1),
    disabled        boolean     not null,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    unique (account_id, name)
);

alter table account
    add foreign key (chosen_node_id) references node (id) on delete set null;

insert into account (id, name, created_at, updated_at) values ('default', 'default', now(), now());
