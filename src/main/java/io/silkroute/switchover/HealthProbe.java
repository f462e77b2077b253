package io.silkroute.switchover;

import io.silkroute.breaker.CircuitBreaker.State;
import io.silkroute.kernel.NodeId;
import io.silkroute.kernel.Scheduler;
import io.silkroute.routing.Account;
import io.silkroute.routing.Node;
import io.silkroute.routing.RoutingTable;
import io.silkroute.upstream.NodeProber;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Asks nodes that serve nobody whether they could: those that stand by, and those whose breaker is not closed. Each node has
 * a rhythm of its own, with jitter, and only so many are asked at a time. Touched by tasks of one scheduler only.
 */
final class HealthProbe {

    /** So that thousands of nodes cost neither us nor a network a burst. */
    private static final int MAX_RUNNING = 16;

    /** Half-open asks for several successes; they are spread a little, so that a node is not judged by one lucky moment. */
    private static final Duration TRIAL_INTERVAL = Duration.ofSeconds(1);

    private static final Duration A_MOMENT = Duration.ofMillis(1);

    /** How often a node is asked while it waits to have been healthy for long enough. */
    private static final int PROBES_BEFORE_FAILBACK = 5;

    /** Told of each result. */
    @FunctionalInterface
    interface Results {
        void probed(Account account, Node node, boolean ok);
    }

    private final NodeProber prober;
    private final ProbeTurns turns;
    private final SwitchoverSettings settings;
    private final Scheduler scheduler;
    private final Supplier<RoutingTable> table;
    private final OnTrial onTrial;
    private final Results results;
    private final DoubleSupplier random;
    private final Map<NodeId, Scheduler.Task> timers = new HashMap<>();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int running;

    /** Whether a node is on its way back to being active. */
    @FunctionalInterface
    interface OnTrial {
        boolean test(Account account, Node node);
    }

    /**
     * @param random uniform in [0, 1), for the jitter
     */
    HealthProbe(
            NodeProber prober,
            ProbeTurns turns,
            SwitchoverSettings settings,
            Scheduler scheduler,
            Supplier<RoutingTable> table,
            OnTrial onTrial,
            Results results,
            DoubleSupplier random) {
        this.prober = prober;
        this.turns = turns;
        this.settings = settings;
        this.scheduler = scheduler;
        this.table = table;
        this.onTrial = onTrial;
        this.results = results;
        this.random = random;
    }

    /** Begins with nodes that are new, somewhere in their first interval; forgets those that are gone. */
    void configured(RoutingTable now) {
        timers.entrySet().removeIf(entry -> {
            boolean gone = now.owner(entry.getKey()).isEmpty();
            if (gone) {
                entry.getValue().cancel();
            }
            return gone;
        });
        now.accounts().stream()
                .flatMap(account -> account.nodes().stream())
                .map(node -> node.spec().id())
                .filter(id -> !timers.containsKey(id))
                .forEach(id -> schedule(id, scaled(settings.healthInterval(), random.getAsDouble())));
    }

    /** What the node is now has another rhythm. A breaker turns half-open when it is looked at: that is no news. */
    void breakerChanged(NodeId id, State to) {
        node(id).ifPresent(node -> {
            if (to != State.HALF_OPEN) {
                schedule(id, interval(id));
            }
        });
    }

    /** Out of turn, whether traffic goes there or not; as soon as there is room among those that run. */
    void now(NodeId id) {
        Optional<Account> account = table.get().owner(id);
        Optional<Node> node =
                account.flatMap(a -> a.node(id)).filter(n -> !n.spec().disabled());
        if (node.isPresent() && hasRoom(() -> now(id))) {
            ask(account.get(), node.get(), ProbeTurns.Turn.UNSHARED);
        }
    }

    /**
     * Another replica asked a node and told what came of it: that counts as if we had asked, as far as the node has yet to prove
     * itself here. One that serves here is judged by its requests.
     */
    void heard(NodeId id, boolean ok, Duration latency) {
        table.get()
                .owner(id)
                .ifPresent(account -> account.node(id)
                        .filter(node -> node.runtime().breakerState() != State.CLOSED)
                        .ifPresent(node -> answered(account, node, ok, latency)));
    }

    private boolean hasRoom(Runnable later) {
        boolean room = running < MAX_RUNNING;
        if (!room) {
            waiting.add(later);
        }
        return room;
    }

    private void due(NodeId id) {
        if (!hasRoom(() -> due(id))) {
            return;
        }
        Optional<Account> account = table.get().owner(id);
        Optional<Node> node = account.flatMap(a -> a.node(id));
        if (node.isEmpty()) {
            timers.remove(id);
        } else if (!isIdle(account.get(), node.get())) {
            schedule(id, interval(id));
        } else if (node.get().runtime().halfOpen()) {
            askInTurn(account.get(), node.get());
        } else {
            ask(account.get(), node.get(), ProbeTurns.Turn.UNSHARED);
        }
    }

    /** One replica at a time asks a node that has to prove itself. */
    private void askInTurn(Account account, Node node) {
        running++;
        turns.take(node.spec().id())
                .thenAccept(turn -> scheduler.execute(() -> {
                    running--;
                    if (turn.isPresent()) {
                        ask(account, node, turn.get());
                    } else {
                        schedule(node.spec().id(), interval(node.spec().id()));
                        letNextOneGo();
                    }
                }));
    }

    /** Whether no traffic tells how the node fares, and nothing keeps us from asking. */
    private static boolean isIdle(Account account, Node node) {
        boolean active =
                account.runtime().active().filter(node.spec().id()::equals).isPresent();
        boolean serves = active && node.runtime().breakerState() == State.CLOSED;
        return !serves && !node.spec().disabled() && !node.runtime().resting();
    }

    private void ask(Account account, Node node, ProbeTurns.Turn turn) {
        running++;
        NodeId id = node.spec().id();
        prober.probe(node.spec(), settings.warmupTimeout())
                .thenAccept(result -> scheduler.execute(() -> {
                    running--;
                    turn.end(result.ok(), result.latency());
                    if (node(id).isPresent()) {
                        answered(account, node, result.ok(), result.latency());
                    }
                    letNextOneGo();
                }));
    }

    private void answered(Account account, Node node, boolean ok, Duration latency) {
        node.runtime().probed(ok, latency);
        results.probed(account, node, ok);
        schedule(node.spec().id(), interval(node.spec().id()));
    }

    private void letNextOneGo() {
        Optional.ofNullable(waiting.poll()).ifPresent(Runnable::run);
    }

    private Duration interval(NodeId id) {
        Duration usual = settings.healthInterval();
        Optional<Account> account = table.get().owner(id);
        Optional<Node> node = account.flatMap(a -> a.node(id));
        if (node.isEmpty()) {
            return usual;
        }
        if (node.get().runtime().breakerState() == State.OPEN) {
            // At the end of the cooldown at the latest: a node is asked before it gets requests again.
            return shorter(usual, node.get().runtime().unavailableFor().plus(A_MOMENT));
        }
        boolean promising = !node.get().runtime().suspect();
        if (node.get().runtime().halfOpen() && promising) {
            return shorter(usual, TRIAL_INTERVAL);
        }
        return onTrial.test(account.get(), node.get())
                ? shorter(usual, settings.failbackStable().dividedBy(PROBES_BEFORE_FAILBACK))
                : usual;
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** In place of what was planned for the node before. */
    private void schedule(NodeId id, Duration delay) {
        Scheduler.Task before = timers.put(id, scheduler.after(delay.plus(jitter(delay)), () -> due(id)));
        if (before != null) {
            before.cancel();
        }
    }

    private Duration jitter(Duration of) {
        return scaled(of, random.getAsDouble() / 10);
    }

    private static Duration scaled(Duration of, double factor) {
        return Duration.ofNanos((long) (of.toNanos() * factor));
    }

    private Optional<Node> node(NodeId id) {
        return table.get().node(id);
    }
}
