package io.silkroute.routing;

import io.silkroute.breaker.Permit;
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
        Node best = null;
        int fewest = NEVER;
        for (Node node : account.nodes()) {
            int tried = tries.applyAsInt(node);
            if (tried != NEVER && node.usable() && (tried < fewest || tried == fewest && isChosen(account, node))) {
                best = node;
                fewest = tried;
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

    private static boolean isChosen(Account account, Node node) {
        return account.chosen().isPresent()
                && account.chosen().get().equals(node.spec().id());
    }
}
