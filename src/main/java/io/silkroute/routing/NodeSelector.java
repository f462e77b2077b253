package io.silkroute.routing;

import io.silkroute.breaker.Permit;
import io.silkroute.kernel.NodeId;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Finds the node for the next attempt: the active node first, then by preference, among those that the request has tried
 * least. Stateless, and so thread-safe.
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

    /** The node that {@link #acquire} would take now, without taking it. */
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
        // Another request may take the last place of a node between the look and the grip; the look then finds it full.
        Optional<Node> best = peek(account, tries);
        while (best.isPresent()) {
            Node node = best.get();
            Optional<Permit> permit = node.runtime().tryAcquire(node.spec().maxConcurrency());
            if (permit.isPresent()) {
                return Optional.of(new Selection(node, permit.get()));
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
