package io.silkroute.switchover;

import io.silkroute.breaker.CircuitBreaker.State;
import io.silkroute.kernel.NodeId;
import io.silkroute.kernel.Ticker;
import io.silkroute.routing.Account;
import io.silkroute.routing.Node;
import io.silkroute.switchover.ActiveState.Active;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Says where an account's traffic should go, from the present condition of its nodes alone: asked again after any event, it
 * gives the same answer or a better one, so no event has to be remembered. Touched by tasks of one scheduler only.
 */
final class SwitchPlanner {

    private final Map<NodeId, NodeHealth> health;
    private final Duration stable;
    private final GradualSettings gradual;
    private final Ticker ticker;

    /**
     * @param health of every node of the table
     * @param stable how long a preferred node must have been healthy
     * @param gradual how traffic goes over
     * @param ticker the clock
     */
    SwitchPlanner(Map<NodeId, NodeHealth> health, Duration stable, GradualSettings gradual, Ticker ticker) {
        this.health = health;
        this.stable = stable;
        this.gradual = gradual;
        this.ticker = ticker;
    }

    /** The switch to make; empty when traffic is where it should be. */
    Optional<Plan> plan(Account account, Optional<Active> active) {
        Optional<Node> serving = active.flatMap(a -> account.node(a.node()));
        if (serving.isPresent() && serves(serving.get())) {
            return planned(account, active.get(), serving.get());
        }
        return emergency(account, active, serving);
    }

    /** How long until a node may have been healthy for long enough; empty when none is on its way. */
    Optional<Duration> nextLook(Account account, Active active) {
        return preferred(account, active)
                .map(node -> untilStable(node, active))
                .flatMap(Optional::stream)
                .filter(left -> !left.isZero())
                .min(Duration::compareTo);
    }

    /** Whether a node is on its way back: better than the active one, healthy, but not for long enough yet. */
    boolean onTrial(Account account, Active active, Node node) {
        return preferred(account, active).anyMatch(node::equals)
                && untilStable(node, active).isPresent();
    }

    /** Whether there is an active node and it is well. */
    boolean serves(Account account, Optional<Active> active) {
        return active.flatMap(a -> account.node(a.node()))
                .filter(SwitchPlanner::serves)
                .isPresent();
    }

    /** Whether a node may be switched to, as far as is known before its pre-warm. */
    boolean isFit(Node node) {
        return serves(node) && promising(node);
    }

    /** A node did badly on a part of the traffic: it has to be well for a while before it is tried again. */
    void rolledBack(NodeId node) {
        Optional.ofNullable(health.get(node)).ifPresent(NodeHealth::rolledBack);
    }

    /** Something else was preferred to a node that was being switched to: it is not new any more. */
    void superseded(NodeId node) {
        Optional.ofNullable(health.get(node)).ifPresent(NodeHealth::settled);
    }

    /** Traffic stays with the active node: what appeared and is no better than it has no claim any more. */
    void weighed(Account account, Active active) {
        int weight = account.node(active.node()).orElseThrow().spec().weight();
        account.nodes().stream()
                .filter(node -> node.spec().weight() >= weight)
                .forEach(node -> health.get(node.spec().id()).settled());
    }

    private Optional<Plan> planned(Account account, Active active, Node serving) {
        List<Node> ready = preferred(account, active)
                .filter(node -> appeared(node).isPresent()
                        || untilStable(node, active).filter(Duration::isZero).isPresent())
                .toList();
        return ready.isEmpty()
                ? Optional.empty()
                : Optional.of(new Plan(appeared(ready.get(0)).orElse(SwitchReason.FAILBACK), ready, Optional.empty()));
    }

    private Optional<Plan> emergency(Account account, Optional<Active> active, Optional<Node> serving) {
        List<Node> others = account.nodes().stream()
                .filter(node -> !node.equals(serving.orElse(null)))
                .filter(SwitchPlanner::serves)
                .toList();
        List<Node> candidates = others.stream().filter(this::isFit).toList();
        Optional<Node> leastBad = others.stream().findFirst().or(() -> anyEnabled(account, serving));
        return candidates.stream()
                .findFirst()
                .or(() -> leastBad)
                .map(first -> new Plan(reason(active, serving, first), candidates, leastBad));
    }

    /** When no breaker is closed, traffic stays, unless it has no node to stay on. */
    private static Optional<Node> anyEnabled(Account account, Optional<Node> serving) {
        return serving.filter(node -> !node.spec().disabled()).isPresent()
                ? Optional.empty()
                : account.nodes().stream()
                        .filter(node -> !node.spec().disabled())
                        .findFirst();
    }

    private SwitchReason reason(Optional<Active> active, Optional<Node> serving, Node next) {
        if (active.isEmpty()) {
            return health.get(next.spec().id()).origin();
        }
        if (serving.isEmpty()) {
            return SwitchReason.NODE_DELETED;
        }
        return serving.get().spec().disabled() ? SwitchReason.NODE_DISABLED : SwitchReason.BREAKER_OPEN;
    }

    private Stream<Node> preferred(Account account, Active active) {
        Optional<Node> serving = account.node(active.node());
        Predicate<Node> better = node -> serving.isPresent()
                && node.spec().weight() < serving.get().spec().weight();
        return account.nodes().stream().filter(better).filter(this::isFit).filter(gradual::accepts);
    }

    /** Empty when it does not count as a recovery. */
    private Optional<Duration> untilStable(Node node, Active active) {
        OptionalLong since = health.get(node.spec().id()).healthySince();
        if (since.isEmpty() || active.byOperator() && since.getAsLong() - active.sinceNanos() <= 0) {
            return Optional.empty();
        }
        // Counted from the last switch at the soonest: who followed another replica away from a node that seems well
        // from here
        // does not turn back at once.
        long lasting = Math.min(ticker.nanos() - since.getAsLong(), ticker.nanos() - active.sinceNanos());
        Duration left = stable.minusNanos(lasting);
        return Optional.of(left.isNegative() ? Duration.ZERO : left);
    }

    private Optional<SwitchReason> appeared(Node node) {
        return health.get(node.spec().id()).appeared();
    }

    private static boolean serves(Node node) {
        return !node.spec().disabled() && node.runtime().breakerState() == State.CLOSED;
    }

    private boolean promising(Node node) {
        return !health.get(node.spec().id()).doubtful() && !node.runtime().resting();
    }
}
