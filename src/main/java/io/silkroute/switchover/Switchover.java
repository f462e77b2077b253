package io.silkroute.switchover;

import io.silkroute.breaker.CircuitBreaker.State;
import io.silkroute.kernel.AccountId;
import io.silkroute.kernel.NodeId;
import io.silkroute.kernel.Scheduler;
import io.silkroute.kernel.Ticker;
import io.silkroute.routing.Account;
import io.silkroute.routing.Node;
import io.silkroute.routing.RoutingListener;
import io.silkroute.routing.RoutingTable;
import io.silkroute.upstream.NodeProber;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Keeps the traffic of every account on the right node, behind the requests: they read which node is active and never wait
 * for a switch. All that is decided here is decided by tasks of one scheduler, one after another.
 *
 * <p>Thread-safe. It must listen to the routing from before its first table.
 */
public final class Switchover implements RoutingListener {

    private final Scheduler scheduler;
    private final Ticker ticker;
    private final ActivationStore store;
    private final Map<NodeId, NodeHealth> health = new HashMap<>();
    private final Map<AccountId, AccountSwitch> accounts = new HashMap<>();
    private final HealthProbe probe;
    private final AccountSwitch.Tools tools;
    private RoutingTable table = RoutingTable.EMPTY;
    private boolean started;

    /**
     * @param settings how nodes are tried out
     * @param prober asks nodes
     * @param turns whose turn it is to ask, among replicas
     * @param store where active nodes are kept
     * @param scheduler runs everything here
     * @param ticker the clock
     * @param listener told of what is done
     */
    public Switchover(
            SwitchoverSettings settings,
            NodeProber prober,
            ProbeTurns turns,
            ActivationStore store,
            Scheduler scheduler,
            Ticker ticker,
            SwitchoverListener listener) {
        this.scheduler = scheduler;
        this.ticker = ticker;
        this.store = store;
        SwitchPlanner planner = new SwitchPlanner(health, settings.failbackStable(), settings.gradual(), ticker);
        Prewarmer prewarmer = new Prewarmer(prober, settings, scheduler, this::probed, listener);
        this.tools = new AccountSwitch.Tools(planner, prewarmer, settings, scheduler, ticker, listener);
        this.probe = new HealthProbe(
                prober,
                turns,
                settings,
                scheduler,
                () -> table,
                (account, node) -> active(account)
                        .filter(a -> planner.onTrial(account, a, node))
                        .isPresent(),
                this::healthProbed,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    /** Completes when what was published before this call has taken effect and no switch of the account is being prepared. */
    public CompletionStage<Void> settled(AccountId account) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        scheduler.execute(() -> Optional.ofNullable(accounts.get(account))
                .map(AccountSwitch::settled)
                .orElseGet(() -> CompletableFuture.completedFuture(null))
                .thenAccept(done::complete));
        return done;
    }

    /** As {@link #settled}, after an operator named a node: gives why it was not activated, or nothing when it was. */
    public CompletionStage<Optional<String>> activated(AccountId account, NodeId node) {
        CompletableFuture<Optional<String>> done = new CompletableFuture<>();
        scheduler.execute(() -> Optional.ofNullable(accounts.get(account))
                .map(known -> known.activated(node))
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.of("its account is gone")))
                .thenAccept(done::complete));
        return done;
    }

    /** Asks a node at once how it is: something was heard of it. */
    public void probe(NodeId node) {
        scheduler.execute(() -> probe.now(node));
    }

    /** Another replica asked a node: that counts like a probe of ours, as far as the node has yet to prove itself here. */
    public void heard(NodeId node, boolean ok, Duration latency) {
        scheduler.execute(() -> probe.heard(node, ok, latency));
    }

    @Override
    public void published(RoutingTable next) {
        scheduler.execute(() -> configured(next));
    }

    @Override
    public void breakerChanged(NodeId node, State from, State to) {
        scheduler.execute(() -> changed(node, to));
    }

    private void configured(RoutingTable next) {
        table = next;
        health.keySet().removeIf(id -> next.owner(id).isEmpty());
        next.accounts().forEach(this::examine);
        accounts.entrySet().removeIf(entry -> {
            boolean gone = next.byId(entry.getKey()).isEmpty();
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
        probe.configured(next);
        List<NodeId> joining = joining(next);
        next.accounts().forEach(this::apply);
        started = true;
        joining.forEach(this::warm);
    }

    /** Nodes that get a share of traffic without ever being switched to. */
    private List<NodeId> joining(RoutingTable next) {
        return next.accounts().stream()
                .filter(account ->
                        account.runtime().shaped() && tools.settings().warmupEnabled())
                .flatMap(account -> account.nodes().stream())
                .filter(node -> !node.spec().disabled())
                .map(node -> node.spec().id())
                .filter(id -> !started || health.get(id).appeared().isPresent())
                .toList();
    }

    private void warm(NodeId id) {
        Account account = table.owner(id).orElseThrow();
        Node node = account.node(id).orElseThrow();
        if (!node.runtime().warming()) {
            tools.prewarmer().warm(account, node, passed -> reconcile(account));
        }
    }

    private void examine(Account account) {
        List<Node> nodes = account.nodes();
        boolean reordered = nodes.stream()
                .anyMatch(node -> Optional.ofNullable(health.get(node.spec().id()))
                        .filter(known -> known.weighsOtherThan(node))
                        .isPresent());
        long now = ticker.nanos();
        nodes.forEach(node -> health.computeIfAbsent(node.spec().id(), id -> new NodeHealth(node, started, now))
                .configured(node, now));
        if (reordered) {
            nodes.forEach(node -> health.get(node.spec().id()).reordered());
        }
    }

    private void apply(Account account) {
        AccountSwitch known = accounts.get(account.id());
        if (known != null) {
            known.configured(account);
        } else {
            AccountSwitch fresh =
                    new AccountSwitch(account, new StoredActivation(account.id(), store, scheduler), tools);
            accounts.put(account.id(), fresh);
            fresh.resume();
        }
    }

    private void changed(NodeId id, State to) {
        table.owner(id).ifPresent(account -> {
            health.get(id).breakerChanged(to, ticker.nanos());
            probe.breakerChanged(id, to);
            accounts.get(account.id()).reconcile();
        });
    }

    /** By a health probe, or by a pre-warm as a whole. */
    private void probed(Node node, boolean ok) {
        Optional.ofNullable(health.get(node.spec().id())).ifPresent(known -> known.probed(ok, node, ticker.nanos()));
    }

    private void healthProbed(Account account, Node node, boolean ok) {
        probed(node, ok);
        reconcile(account);
    }

    /** Unless the account is gone meanwhile. */
    private void reconcile(Account account) {
        Optional.ofNullable(accounts.get(account.id())).ifPresent(AccountSwitch::reconcile);
    }

    private Optional<ActiveState.Active> active(Account account) {
        return Optional.ofNullable(accounts.get(account.id())).flatMap(AccountSwitch::active);
    }
}
