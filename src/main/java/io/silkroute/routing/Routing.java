package io.silkroute.routing;

import io.silkroute.breaker.BreakerSettings;
import io.silkroute.kernel.AccountId;
import io.silkroute.kernel.NodeId;
import io.silkroute.kernel.Ticker;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Holds the present {@link RoutingTable} and swaps it whole. Nodes that stay keep their {@link NodeRuntime}, so a change of
 * the configuration forgets no breaker, rest or counter.
 *
 * <p>Thread-safe: readers see one table or the next, never a mixture. Publishers are serialised.
 */
public final class Routing {

    private final BreakerSettings breakerSettings;
    private final Ticker ticker;
    private final Clock clock;
    private volatile RoutingTable table = RoutingTable.EMPTY;
    private volatile boolean loaded;
    private Map<NodeId, Node> nodes = Map.of();

    public Routing(BreakerSettings breakerSettings, Ticker ticker, Clock clock) {
        this.breakerSettings = breakerSettings;
        this.ticker = ticker;
        this.clock = clock;
    }

    /** The table now. */
    public RoutingTable table() {
        return table;
    }

    /** Whether a table was published since the start. */
    public boolean loaded() {
        return loaded;
    }

    /** Replaces the table. */
    public synchronized void publish(Collection<AccountSpec> specs) {
        Map<NodeId, Node> next = new HashMap<>();
        Map<AccountId, Account> accounts = new HashMap<>();
        Map<ProxyKeyHash, AccountId> keys = new HashMap<>();
        for (AccountSpec spec : specs) {
            spec.key().ifPresent(key -> keys.put(key, spec.id()));
            spec.nodes().forEach(node -> next.put(node.id(), adopt(node)));
            accounts.put(
                    spec.id(),
                    new Account(
                            spec.id(),
                            spec.name(),
                            spec.nodes().stream().map(n -> next.get(n.id())).toList(),
                            spec.chosen(),
                            spec.createdAt()));
        }
        nodes = next;
        table = RoutingTable.of(accounts.values(), keys);
        loaded = true;
    }

    private Node adopt(NodeSpec spec) {
        Node known = nodes.get(spec.id());
        if (known == null) {
            return new Node(spec, new NodeRuntime(breakerSettings, ticker, clock));
        }
        if (!known.spec().equals(spec)) {
            known.runtime().wake();
        }
        return new Node(spec, known.runtime());
    }
}
