package io.silkroute.routing;

import io.silkroute.breaker.Permit;
import io.silkroute.kernel.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Finds the node for the next attempt. Where traffic is divided, the nodes that have a share and that the request has not tried
 * take turns. Otherwise, and when none of these is ready, the active node goes first, then it goes by preference, among those
 * that the request has tried least. Stateless, and so thread-safe.
 */
public final class NodeSelector {

    /** Says of a node that the request will not go there again. */
    public static final int NEVER = Integer.MAX_VALUE;

    /**
     * A node and the leave to use it.
     *
     * @param node the node
     * @param permit to be ended through {@link NodeRuntime#end}
     */
    public record Selection(Node node, Permit permit) {}

    private NodeSelector() {}

    /** A node that {@link #acquire} might take now, without taking it; which one, turns aside. */
    public static Optional<Node> peek(Account account, ToIntFunction<Node> tries) {
        NodeId active = account.runtime().active().orElse(null);
        Node best = null;
        long lowest = Long.MAX_VALUE;
        for (Node node : account.nodes()) {
            int tried = tries.applyAsInt(node);
            if (tried != NEVER && node.usable()) {
                long rank = rank(node, tried, node.spec().id().equals(active));
                if (rank < lowest) {
                    best = node;
                    lowest = rank;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /**
     * Takes a place on the best node.
     *
     * @param account whose nodes
     * @param tries how often the request was sent to a node, or {@link #NEVER}
     * @return empty when no node is usable
     */
    public static Optional<Selection> acquire(Account account, ToIntFunction<Node> tries) {
        Optional<Selection> inTurn = acquireInTurn(account, tries);
        return inTurn.isPresent() ? inTurn : acquireBest(account, tries);
    }

    private static Optional<Selection> acquireInTurn(Account account, ToIntFunction<Node> tries) {
        int[] weights =
                TrafficShares.weights(account, node -> tries.applyAsInt(node) == 0 && TrafficShares.ready(node));
        if (weights.length == 0) {
            return Optional.empty();
        }
        List<Node> nodes = account.nodes();
        while (true) {
            int next = account.runtime()
                    .turns()
                    .next(weights, i -> nodes.get(i).spec().id());
            if (next < 0) {
                return Optional.empty();
            }
            Optional<Selection> selection = take(nodes.get(next));
            if (selection.isPresent()) {
                return selection;
            }
            // It was filled, or its breaker opened, since we looked: the turn passes.
            weights[next] = 0;
        }
    }

    private static Optional<Selection> take(Node node) {
        return node.runtime().tryAcquire(node.spec().maxConcurrency()).map(permit -> new Selection(node, permit));
    }

    private static Optional<Selection> acquireBest(Account account, ToIntFunction<Node> tries) {
        // Another request may take the last place of a node between the look and the grip; the look then finds it full.
        Optional<Node> best = peek(account, tries);
        while (best.isPresent()) {
            Optional<Selection> selection = take(best.get());
            if (selection.isPresent()) {
                return selection;
            }
            best = peek(account, tries);
        }
        return Optional.empty();
    }

    /**
     * The lowest goes first: a node that the request tried less often; then one that serves before one that has yet to prove
     * itself in half-open, which is left to background probes as long as there is another; then the active one; then one that
     * did not fail its last probe. Among equals the order of preference decides.
     */
    private static long rank(Node node, int tried, boolean active) {
        NodeRuntime runtime = node.runtime();
        return tried * 8L + (runtime.halfOpen() ? 4 : 0) + (active ? 0 : 2) + (runtime.suspect() ? 1 : 0);
    }
}
