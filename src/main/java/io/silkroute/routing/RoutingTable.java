package io.silkroute.routing;

import io.silkroute.kernel.AccountId;
import io.silkroute.kernel.NodeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** An immutable snapshot of all accounts, found by the hash of their key or by their id. */
public final class RoutingTable {

    /** A table without accounts. */
    public static final RoutingTable EMPTY = new RoutingTable(Map.of(), Map.of(), Map.of());

    private final Map<ProxyKeyHash, AccountId> keys;
    private final Map<AccountId, Account> accounts;
    private final Map<NodeId, Account> owners;

    private RoutingTable(
            Map<ProxyKeyHash, AccountId> keys, Map<AccountId, Account> accounts, Map<NodeId, Account> owners) {
        this.keys = keys;
        this.accounts = accounts;
        this.owners = owners;
    }

    static RoutingTable of(Collection<Account> accounts, Map<ProxyKeyHash, AccountId> keys) {
        Map<NodeId, Account> owners = new HashMap<>();
        accounts.forEach(account ->
                account.nodes().forEach(node -> owners.put(node.spec().id(), account)));
        return new RoutingTable(
                Map.copyOf(keys),
                accounts.stream().collect(Collectors.toUnmodifiableMap(Account::id, a -> a)),
                Map.copyOf(owners));
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

    /** The account that a node belongs to. */
    public Optional<Account> owner(NodeId node) {
        return Optional.ofNullable(owners.get(node));
    }

    /** The node of that id, whosever it is. */
    public Optional<Node> node(NodeId node) {
        return owner(node).flatMap(account -> account.node(node));
    }

    /** All accounts, in no order. */
    public Collection<Account> accounts() {
        return accounts.values();
    }
}
