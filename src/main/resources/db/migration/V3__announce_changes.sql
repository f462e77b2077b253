-- Every replica listens. A statement, whoever makes it, announces itself with its commit; what is announced twice within one
-- transaction is heard once.
create function announce_change() returns trigger language plpgsql as $$
begin
    perform pg_notify('silkroute_change', '');
    return null;
end
$$;

create trigger announce_change after insert or update or delete on account
    for each statement execute function announce_change();
create trigger announce_change after insert or update or delete on node
    for each statement execute function announce_change();
