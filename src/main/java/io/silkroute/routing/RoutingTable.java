package io.silkroute.routing;

import io.silkroute.kernel.AccountId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** An immutable snapshot of all accounts, found by the hash of their key or by their id. */
public final class RoutingTable {

    /** A table without accounts. */
    public static final RoutingTable EMPTY = new RoutingTable(Map.of(), Map.of());

    private final Map<ProxyKeyHash, AccountId> keys;
    private final Map<AccountId, Account> accounts;

    private RoutingTable(Map<ProxyKeyHash, AccountId> keys, Map<AccountId, Account> accounts) {
        this.keys = keys;
        this.accounts = accounts;
    }

    static RoutingTable of(Collection<Account> accounts, Map<ProxyKeyHash, AccountId> keys) {
        return new RoutingTable(
                Map.copyOf(keys), accounts.stream().collect(Collectors.toUnmodifiableMap(Account::id, a -> a)));
    }

    /** The account that a caller's key belongs to. */
    public Optional<Account> byKey(ProxyKeyHash hash) {
        AccountId id = keys.get(hash);
        return id == null ? Optional.empty() : byId(id);
    }

    /** The account of that id. */
    public Optional<Account> byId(AccountId id) {
        return Optional.ofNullable(accounts.get(id));
    }

    /** All accounts, in no order. */
    public Collection<Account> accounts() {
        return accounts.values();
    }
}
