package io.silkroute.switchover;

import io.silkroute.breaker.CircuitBreaker.State;
import io.silkroute.routing.Node;
import io.silkroute.routing.NodeSpec;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Since when a node is well, and whether it is new to its part: what makes it a candidate for traffic that another node
 * serves well enough. Touched by tasks of one scheduler only.
 */
final class NodeHealth {

    private NodeSpec spec;
    private SwitchReason origin;
    private OptionalLong healthySince;
    private Optional<SwitchReason> appeared;
    private boolean doubtful;

    /**
     * @param node as it is in the table
     * @param added whether it was added just now, and so is a candidate at once; not when it was there at the start
     * @param now the ticker
     */
    NodeHealth(Node node, boolean added, long now) {
        this.spec = node.spec();
        this.origin = added ? SwitchReason.NODE_ADDED : SwitchReason.STARTED;
        this.appeared = added ? Optional.of(origin) : Optional.empty();
        this.healthySince = node.runtime().breakerState() == State.CLOSED ? OptionalLong.of(now) : OptionalLong.empty();
    }

    /** The table changed. */
    void configured(Node node, long now) {
        NodeSpec before = spec;
        spec = node.spec();
        if (before.disabled() && !spec.disabled()) {
            origin = SwitchReason.NODE_ENABLED;
            appeared = Optional.of(origin);
            healthySince = OptionalLong.of(now);
        }
    }

    /** The order of preference changed, which can make any node of the account a better one. */
    void reordered() {
        if (appeared.isEmpty()) {
            appeared = Optional.of(SwitchReason.WEIGHT_CHANGED);
        }
    }

    /** Whether the table has another weight for it now. */
    boolean weighsOtherThan(Node node) {
        return spec.weight() != node.spec().weight();
    }

    /** Its breaker changed. */
    void breakerChanged(State to, long now) {
        if (to == State.CLOSED) {
            healthySince = OptionalLong.of(now);
        } else {
            failed();
        }
    }

    /** It was probed. */
    void probed(boolean ok, Node node, long now) {
        doubtful = !ok;
        if (!ok) {
            failed();
        } else if (healthySince.isEmpty() && node.runtime().breakerState() == State.CLOSED) {
            healthySince = OptionalLong.of(now);
        }
    }

    /**
     * Whether its last probe failed. Requests do not clear this: a node whose health path fails though it serves would be
     * pre-warmed over and over.
     */
    boolean doubtful() {
        return doubtful;
    }

    /** It did badly on a part of the traffic. */
    void rolledBack() {
        failed();
    }

    /** It was weighed against the active node and found no better: it is not new any more. */
    void settled() {
        appeared = Optional.empty();
    }

    /** How it came here: the reason for a switch from nothing to it. */
    SwitchReason origin() {
        return origin;
    }

    /** Why it may take traffic at once, if it may. */
    Optional<SwitchReason> appeared() {
        return appeared;
    }

    /** The ticker when it became healthy; empty while it is not. */
    OptionalLong healthySince() {
        return healthySince;
    }

    private void failed() {
        healthySince = OptionalLong.empty();
        appeared = Optional.empty();
    }
}
