-- The active node is the gateway's to store, not only an operator's choice. The version grows with each change, so that a
-- replica tells news from an echo.
alter table account rename column chosen_node_id to active_node_id;
alter table account add column active_by_operator boolean not null default true;
alter table account add column active_version bigint not null default 0;
update account set active_version = 1 where active_node_id is not null;
alter table account alter column active_by_operator set default false;
