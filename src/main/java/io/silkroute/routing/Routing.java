package io.silkroute.routing;

import io.silkroute.breaker.BreakerSettings;
import io.silkroute.breaker.CircuitBreaker.State;
import io.silkroute.kernel.AccountId;
import io.silkroute.kernel.FailureCause;
import io.silkroute.kernel.NodeId;
import io.silkroute.kernel.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Holds the present {@link RoutingTable} and swaps it whole. Nodes that stay keep their {@link NodeRuntime}, so a change of
 * the configuration forgets no breaker, rest or counter.
 *
 * <p>Thread-safe: readers see one table or the next, never a mixture. Publishers are serialised.
 */
public final class Routing {

    private final BreakerSettings breakerSettings;
    private final boolean shaped;
    private final Ticker ticker;
    private final Clock clock;
    private volatile RoutingTable table = RoutingTable.EMPTY;
    private volatile boolean loaded;
    private Map<NodeId, Node> nodes = Map.of();
    private Map<AccountId, AccountRuntime> accounts = Map.of();
    private final List<RoutingListener> listeners = new CopyOnWriteArrayList<>();

    /**
     * @param breakerSettings of every node
     * @param shaped whether nodes of the same weight share traffic ({@code TRAFFIC_SHAPER_ENABLED})
     * @param ticker for durations
     * @param clock for moments to show
     */
    public Routing(BreakerSettings breakerSettings, boolean shaped, Ticker ticker, Clock clock) {
        this.shaped = shaped;
        this.breakerSettings = breakerSettings;
        this.ticker = ticker;
        this.clock = clock;
    }

    /** The table now. */
    public RoutingTable table() {
        return table;
    }

    /** Adds a listener; it hears of what happens from now on. */
    public void listen(RoutingListener listener) {
        listeners.add(listener);
    }

    /** Whether a table was published since the start. */
    public boolean loaded() {
        return loaded;
    }

    /** Replaces the table. */
    public synchronized void publish(Collection<AccountSpec> specs) {
        Map<NodeId, Node> next = new HashMap<>();
        Map<AccountId, Account> built = new HashMap<>();
        Map<AccountId, AccountRuntime> runtimes = new HashMap<>();
        Map<ProxyKeyHash, AccountId> keys = new HashMap<>();
        for (AccountSpec spec : specs) {
            spec.key().ifPresent(key -> keys.put(key, spec.id()));
            spec.nodes().forEach(node -> next.put(node.id(), adopt(node)));
            runtimes.put(spec.id(), accounts.getOrDefault(spec.id(), new AccountRuntime(shaped)));
            built.put(
                    spec.id(),
                    new Account(
                            spec.id(),
                            spec.name(),
                            spec.nodes().stream().map(n -> next.get(n.id())).toList(),
                            spec.activation(),
                            runtimes.get(spec.id()),
                            spec.createdAt()));
        }
        nodes = next;
        accounts = runtimes;
        table = RoutingTable.of(built.values(), keys);
        loaded = true;
        listeners.forEach(listener -> listener.published(table));
    }

    /** What nodes tell, on to everyone who listens. */
    private final RoutingListener broadcast = new RoutingListener() {
        @Override
        public void breakerChanged(NodeId node, State from, State to) {
            listeners.forEach(listener -> listener.breakerChanged(node, from, to));
        }

        @Override
        public void rested(NodeId node, FailureCause cause, Duration duration) {
            listeners.forEach(listener -> listener.rested(node, cause, duration));
        }
    };

    private Node adopt(NodeSpec spec) {
        Node known = nodes.get(spec.id());
        if (known == null) {
            return new Node(spec, new NodeRuntime(spec.id(), breakerSettings, ticker, clock, broadcast));
        }
        if (!known.spec().equals(spec)) {
            known.runtime().wake();
        }
        return new Node(spec, known.runtime());
    }
}
