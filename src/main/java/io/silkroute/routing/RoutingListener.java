package io.silkroute.routing;

import io.silkroute.breaker.CircuitBreaker.State;
import io.silkroute.kernel.FailureCause;
import io.silkroute.kernel.NodeId;
import java.time.Duration;

/**
 * Told of what changes in the table and in the condition of nodes. It is called by whatever thread made the change, the
 * request path included, so it must be quick and must not throw.
 */
public interface RoutingListener {

    /** A new table holds. Called for one table after the other. */
    default void published(RoutingTable table) {}

    /** A breaker changed its state. */
    default void breakerChanged(NodeId node, State from, State to) {}

    /** A node rests, for a throttled request or a rejected key. */
    default void rested(NodeId node, FailureCause cause, Duration duration) {}
}
