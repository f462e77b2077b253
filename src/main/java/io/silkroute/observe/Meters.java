package io.silkroute.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.silkroute.breaker.CircuitBreaker.State;
import io.silkroute.failover.FailoverListener;
import io.silkroute.failover.FinishedRequest;
import io.silkroute.failover.QueueExit;
import io.silkroute.failover.RequestQueue;
import io.silkroute.kernel.AccountId;
import io.silkroute.kernel.NodeId;
import io.silkroute.kernel.Outcome;
import io.silkroute.kernel.Ticker;
import io.silkroute.registry.StoreState;
import io.silkroute.routing.Account;
import io.silkroute.routing.Node;
import io.silkroute.routing.RoutingListener;
import io.silkroute.routing.RoutingTable;
import io.silkroute.switchover.SwitchReason;
import io.silkroute.switchover.SwitchoverListener;
import io.silkroute.upstream.BodyMemory;
import io.silkroute.upstream.ProbeResult;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Keeps the meters of every account and node that the table holds, and feeds them. Meters are resolved once per node, so a
 * request costs a look-up and the recording. Thread-safe.
 */
@Singleton
public class Meters implements RoutingListener, FailoverListener, SwitchoverListener {

    private final MeterRegistry registry;
    private final RequestQueue queue;
    private final Ticker ticker;
    private final Counter budgetExhausted;
    private volatile RoutingTable table = RoutingTable.EMPTY;
    private final ConcurrentMap<AccountId, AccountMeters> accounts = new ConcurrentHashMap<>();
    private final ConcurrentMap<NodeId, NodeMeters> nodes = new ConcurrentHashMap<>();

    @Inject
    public Meters(MeterRegistry registry, BodyMemory memory, RequestQueue queue, StoreState store, Ticker ticker) {
        this.queue = queue;
        this.registry = registry;
        this.ticker = ticker;
        this.budgetExhausted = Metric.RETRY_BUDGET_EXHAUSTED.counter(registry, Tags.empty());
        Metric.REPLAY.bytes(registry, memory::used);
        Metric.DATABASE_UP.gauge(registry, Tags.empty(), () -> store.trouble().isEmpty() ? 1 : 0);
    }

    @Override
    public void published(RoutingTable next) {
        table = next;
        // Those that go first: another node may take over a name.
        accounts.entrySet()
                .removeIf(entry -> closed(entry.getValue(), !isCurrent(table, entry.getKey(), entry.getValue())));
        nodes.entrySet()
                .removeIf(entry -> closed(entry.getValue(), !isCurrent(table, entry.getKey(), entry.getValue())));
        for (Account account : table.accounts()) {
            accounts.computeIfAbsent(
                    account.id(),
                    id -> new AccountMeters(
                            registry,
                            account.name(),
                            account.runtime(),
                            () -> queue.depth(id),
                            () -> usable(id),
                            ticker));
            for (Node node : account.nodes()) {
                nodes.computeIfAbsent(
                        node.spec().id(),
                        id -> new NodeMeters(registry, account.name(), node.name(), node.runtime(), () -> share(id)));
            }
        }
    }

    private Number usable(AccountId id) {
        return table.byId(id)
                .map(account -> account.nodes().stream().filter(Node::usable).count())
                .orElse(0L);
    }

    private Number share(NodeId id) {
        return table.owner(id)
                .flatMap(account -> account.node(id).map(account::trafficShare))
                .orElse(0);
    }

    private static boolean isCurrent(RoutingTable table, AccountId id, AccountMeters meters) {
        return table.byId(id).filter(account -> meters.named(account.name())).isPresent();
    }

    private static boolean isCurrent(RoutingTable table, NodeId id, NodeMeters meters) {
        return table.owner(id)
                .filter(account -> account.node(id)
                        .filter(node -> meters.named(account.name(), node.name()))
                        .isPresent())
                .isPresent();
    }

    private static boolean closed(MeterGroup meters, boolean close) {
        if (close) {
            meters.close();
        }
        return close;
    }

    @Override
    public void breakerChanged(NodeId node, State from, State to) {
        of(node).ifPresent(meters -> meters.transition(to));
    }

    @Override
    public void answered(Account account, Node node, Duration took) {
        of(node.spec().id()).ifPresent(meters -> meters.answered(took));
    }

    @Override
    public void attemptEnded(Account account, Node node, Outcome outcome, int ordinal) {
        of(node.spec().id()).ifPresent(meters -> meters.ended(outcome, ordinal));
    }

    @Override
    public void committed(Account account, Duration took) {
        of(account).ifPresent(meters -> meters.committed(took));
    }

    @Override
    public void requestEnded(FinishedRequest request) {
        of(request.account()).ifPresent(meters -> meters.requestEnded(request));
        request.node()
                .flatMap(node -> of(node.spec().id()))
                .ifPresent(meters -> meters.requestEnded(request.outcome()));
    }

    @Override
    public void waited(Account account, QueueExit exit, Duration took) {
        of(account).ifPresent(meters -> meters.waited(exit, took));
    }

    @Override
    public void budgetExhausted() {
        budgetExhausted.increment();
    }

    @Override
    public void warmupProbed(Account account, Node node, ProbeResult result) {
        of(node.spec().id()).ifPresent(meters -> meters.probed(result));
    }

    @Override
    public void switched(Account account, Optional<Node> from, Node to, SwitchReason reason, boolean proven) {
        of(account).ifPresent(meters -> meters.switched(reason));
    }

    @Override
    public void rolledBack(Account account, Node from, Node to, String why) {
        of(account).ifPresent(AccountMeters::rolledBack);
    }

    private Optional<AccountMeters> of(Account account) {
        return Optional.ofNullable(accounts.get(account.id()));
    }

    private Optional<NodeMeters> of(NodeId node) {
        return Optional.ofNullable(nodes.get(node));
    }
}
