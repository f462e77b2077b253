package io.silkroute.routing;

/**
 * A node of the table: its configuration, which changes with the table, and its living state, which outlives it.
 *
 * @param spec the configuration
 * @param runtime breaker, rest and counters
 */
public record Node(NodeSpec spec, NodeRuntime runtime) {

    /** The name as callers and operators see it. */
    public String name() {
        return spec.name();
    }

    /** Whether a request may be sent to the node now. */
    public boolean usable() {
        return !spec.disabled() && runtime.available(spec.maxConcurrency());
    }

    /** What the admin API shows as {@code status}. */
    public NodeStatus status() {
        return spec.disabled() ? NodeStatus.DISABLED : runtime.status();
    }
}
