package io.silkroute.switchover;

import io.silkroute.breaker.BreakerSettings;
import io.silkroute.breaker.Permit;
import io.silkroute.kernel.AccountId;
import io.silkroute.kernel.FailureCause;
import io.silkroute.kernel.NodeId;
import io.silkroute.kernel.Outcome;
import io.silkroute.routing.Account;
import io.silkroute.routing.AccountSpec;
import io.silkroute.routing.Activation;
import io.silkroute.routing.Node;
import io.silkroute.routing.NodeSelector;
import io.silkroute.routing.NodeSelector.Selection;
import io.silkroute.routing.NodeSpec;
import io.silkroute.routing.Routing;
import io.silkroute.testing.ManualScheduler;
import io.silkroute.testing.ManualTicker;
import io.silkroute.testing.Specs;
import io.silkroute.traffic.RampPlan;
import io.silkroute.upstream.NodeProber;
import io.silkroute.upstream.ProbeResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One account, its nodes, and a switchover that watches them, on time that is moved by hand. */
final class World {

    static final Duration COOLDOWN = Duration.ofSeconds(30);
    static final Duration HEALTH_INTERVAL = Duration.ofSeconds(30);
    static final Duration STABLE = Duration.ofSeconds(15);
    static final int HALF_OPEN_PROBES = 3;
    static final Duration STAGE = Duration.ofSeconds(30);
    static final int SAMPLES = 10;
    private static final int CONSECUTIVE_FAILS = 5;

    final ManualTicker ticker = new ManualTicker();
    final ManualScheduler scheduler = new ManualScheduler(ticker);
    final Routing routing = new Routing(
            new BreakerSettings(
                    Duration.ofSeconds(60),
                    20,
                    0.5,
                    CONSECUTIVE_FAILS,
                    COOLDOWN,
                    COOLDOWN.multipliedBy(10),
                    HALF_OPEN_PROBES),
            false,
            ticker,
            Clock.systemUTC());
    final Prober prober = new Prober();
    final Turns turns = new Turns();

    /** What the listener was told, as text. */
    final List<String> log = new ArrayList<>();

    /** What was stored, as text. */
    final List<String> stored = new ArrayList<>();

    Activation activation = Activation.NONE;
    private Optional<World> shared = Optional.empty();
    boolean storeAway;

    /** While set, what is stored is on its way. */
    CompletableFuture<Void> storing = CompletableFuture.completedFuture(null);

    private final Map<String, NodeSpec> specs = new LinkedHashMap<>();
    private Switchover switchover;

    World() {
        this(true, Optional.empty());
    }

    /** One with gradual switches of three stages. */
    static World gradual() {
        return new World(true, Optional.of(RampPlan.of(3)));
    }

    static World withoutWarmup() {
        return new World(false, Optional.empty());
    }

    /** Another replica on the same store. */
    static World withStoreOf(World other) {
        World world = new World();
        world.shared = Optional.of(other);
        return world;
    }

    private World(boolean warmupEnabled, Optional<RampPlan> plan) {
        SwitchoverSettings settings = new SwitchoverSettings(
                warmupEnabled,
                2,
                Duration.ofSeconds(5),
                HEALTH_INTERVAL,
                STABLE,
                new GradualSettings(plan, STAGE, SAMPLES, 0.5));
        switchover = new Switchover(settings, prober, turns, this::store, scheduler, ticker, new Listener());
        routing.listen(switchover);
    }

    // --- the configuration ------------------------------------------------------------------------------------------

    World with(String name, int weight) {
        specs.put(name, Specs.node(name, weight, false));
        return this;
    }

    World without(String name) {
        specs.remove(name);
        return this;
    }

    World disabled(String name) {
        specs.put(name, Specs.node(name, specs.get(name).weight(), true));
        return this;
    }

    World enabled(String name) {
        specs.put(name, Specs.node(name, specs.get(name).weight(), false));
        return this;
    }

    /** Publishes the configuration and lets everything happen that happens at once. */
    World publish() {
        shared.ifPresent(other -> activation = other.activation);
        routing.publish(List.of(new AccountSpec(
                Specs.ACCOUNT, "a", Optional.empty(), activation, List.copyOf(specs.values()), Instant.EPOCH)));
        scheduler.run();
        return this;
    }

    /** As if an operator, or another replica, stored it. */
    World storedElsewhere(String name, boolean byOperator) {
        activation = new Activation(Optional.of(new NodeId(name)), byOperator, activation.version() + 1);
        return publish();
    }

    CompletableFuture<Optional<String>> activated(String name) {
        CompletableFuture<Optional<String>> done =
                switchover.activated(Specs.ACCOUNT, new NodeId(name)).toCompletableFuture();
        scheduler.run();
        return done;
    }

    CompletableFuture<Void> settled() {
        CompletableFuture<Void> done = switchover.settled(Specs.ACCOUNT).toCompletableFuture();
        scheduler.run();
        return done;
    }

    // --- what happens -----------------------------------------------------------------------------------------------

    World passes(Duration time) {
        scheduler.advance(time);
        return this;
    }

    /** Requests fail on a node until its breaker opens. */
    World breaks(String name) {
        for (int i = 0; i < CONSECUTIVE_FAILS; i++) {
            fails(name);
        }
        scheduler.run();
        return this;
    }

    void fails(String name) {
        ends(name, new Outcome.Failed(FailureCause.RESET, "reset"));
    }

    void succeeds(String name) {
        ends(name, Outcome.SUCCEEDED);
    }

    private void ends(String name, Outcome outcome) {
        Permit permit = node(name).runtime().tryAcquire(Optional.empty()).orElseThrow();
        node(name).runtime().end(permit, outcome);
        account().runtime().ended(node(name), outcome);
    }

    /** Which nodes so many requests go to. */
    Map<String, Integer> chosen(int requests) {
        Map<String, Integer> chosen = new HashMap<>();
        for (int i = 0; i < requests; i++) {
            Selection selection = NodeSelector.acquire(account(), node -> 0).orElseThrow();
            selection.node().runtime().end(selection.permit(), Outcome.CANCELLED);
            chosen.merge(selection.node().name(), 1, Integer::sum);
        }
        return chosen;
    }

    // --- what is ----------------------------------------------------------------------------------------------------

    Account account() {
        return routing.table().byId(Specs.ACCOUNT).orElseThrow();
    }

    Node node(String name) {
        return account().node(new NodeId(name)).orElseThrow();
    }

    Optional<String> active() {
        return account().active().map(Node::name);
    }

    private CompletionStage<Long> store(AccountId account, NodeId node, boolean byOperator) {
        if (storeAway) {
            return CompletableFuture.failedFuture(new IllegalStateException("the store is away"));
        }
        stored.add(node.value() + (byOperator ? " by operator" : ""));
        World store = shared.orElse(this);
        store.activation = new Activation(Optional.of(node), byOperator, store.activation.version() + 1);
        long version = store.activation.version();
        return storing.thenApply(done -> version);
    }

    private final class Listener implements SwitchoverListener {
        @Override
        public void switched(Account account, Optional<Node> from, Node to, SwitchReason reason, boolean proven) {
            log.add(from.map(Node::name).orElse("-") + ">" + to.name() + " " + reason.wireName()
                    + (proven ? "" : " unproven"));
        }

        @Override
        public void shifted(Account account, Node from, Node to, int stage, int share) {
            log.add(from.name() + ">" + to.name() + " stage " + stage + ": " + share + "%");
        }

        @Override
        public void rolledBack(Account account, Node from, Node to, String why) {
            log.add(to.name() + "<" + from.name() + " rolled back: " + why);
        }

        @Override
        public void notSwitched(Account account, Node candidate, SwitchReason reason, String why) {
            log.add("not " + candidate.name() + " " + reason.wireName() + ": " + why);
        }
    }

    /** Another replica asked a node. */
    World heard(String name, boolean ok) {
        switchover.heard(new NodeId(name), ok, Duration.ofMillis(3));
        scheduler.run();
        return this;
    }

    /** It is our turn unless a test says otherwise. */
    static final class Turns implements ProbeTurns {
        boolean ours = true;
        int taken;
        final List<Boolean> told = new ArrayList<>();

        @Override
        public CompletionStage<Optional<Turn>> take(NodeId node) {
            if (!ours) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            taken++;
            return CompletableFuture.completedFuture(Optional.of((ok, latency) -> told.add(ok)));
        }
    }

    /** Nodes are well unless a test says otherwise. */
    static final class Prober implements NodeProber {
        private final Map<String, Boolean> well = new HashMap<>();
        private final Map<String, Integer> probes = new HashMap<>();
        private final Map<String, List<CompletableFuture<ProbeResult>>> hanging = new HashMap<>();
        final List<String> connected = new ArrayList<>();
        boolean keptAlive = true;

        void well(String name, boolean is) {
            well.put(name, is);
        }

        void hangs(String name) {
            hanging.put(name, new ArrayList<>());
        }

        /** Ends the probes that hang, and hangs no more. */
        void answers(String name, boolean ok) {
            well.put(name, ok);
            hanging.remove(name).forEach(probe -> probe.complete(result(ok)));
        }

        int probes(String name) {
            return probes.getOrDefault(name, 0);
        }

        @Override
        public CompletionStage<ProbeResult> probe(NodeSpec node, Duration timeout) {
            probes.merge(node.name(), 1, Integer::sum);
            if (hanging.containsKey(node.name())) {
                CompletableFuture<ProbeResult> probe = new CompletableFuture<>();
                hanging.get(node.name()).add(probe);
                return probe;
            }
            return CompletableFuture.completedFuture(result(well.getOrDefault(node.name(), true)));
        }

        @Override
        public CompletionStage<Integer> connectEverywhere(NodeSpec node) {
            connected.add(node.name());
            return CompletableFuture.completedFuture(1);
        }

        private ProbeResult result(boolean ok) {
            return new ProbeResult(ok, ok ? "status 200" : "status 500", Duration.ofMillis(3), keptAlive);
        }
    }
}
