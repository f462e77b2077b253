package io.silkroute.routing;

import io.silkroute.kernel.NodeId;
import java.util.Optional;

/**
 * What the store says of an account's active node. Immutable.
 *
 * @param node the node that was active when this was stored
 * @param byOperator whether an operator wanted it so, rather than the gateway itself
 * @param version grows by one with each that is stored, so that a stale one is known as such
 */
public record Activation(Optional<NodeId> node, boolean byOperator, long version) {

    /** Nothing was stored yet. */
    public static final Activation NONE = new Activation(Optional.empty(), false, 0);
}
