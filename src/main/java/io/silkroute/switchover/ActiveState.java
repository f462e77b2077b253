package io.silkroute.switchover;

import io.silkroute.kernel.NodeId;
import io.silkroute.routing.Node;
import java.util.Optional;

/** What an account's active node is doing. Immutable. */
sealed interface ActiveState {

    /**
     * A node that traffic goes to.
     *
     * @param node which
     * @param sinceNanos the ticker when it became so
     * @param byOperator whether an operator wanted it so; then only what happens later to other nodes takes traffic away
     */
    record Active(NodeId node, long sinceNanos, boolean byOperator) {}

    /** The node that traffic goes to now, if any. */
    Optional<Active> active();

    /** A candidate was found: it is pre-warmed while traffic goes where it went before. */
    default Preparing prepare(Node candidate, SwitchReason reason) {
        return new Preparing(active(), candidate, reason);
    }

    /** No node is active: none was yet, or the account has none. */
    record Vacant() implements ActiveState {
        @Override
        public Optional<Active> active() {
            return Optional.empty();
        }
    }

    /** Traffic goes to a node, and nothing else is planned. */
    record Serving(Active now) implements ActiveState {
        @Override
        public Optional<Active> active() {
            return Optional.of(now);
        }
    }

    /** A candidate is pre-warmed; traffic goes where it went before. */
    record Preparing(Optional<Active> active, Node candidate, SwitchReason reason) implements ActiveState {

        /** The candidate failed, or is not wanted any more. */
        ActiveState giveUp() {
            return active.<ActiveState>map(Serving::new).orElseGet(Vacant::new);
        }
    }

    /**
     * Traffic goes over to another node, stage by stage; the old one is active until the last.
     *
     * @param now the node that is active
     * @param to the node that is to be
     * @param reason why
     * @param ramp how far it is
     */
    record Shifting(Active now, NodeId to, SwitchReason reason, Ramp ramp) implements ActiveState {
        @Override
        public Optional<Active> active() {
            return Optional.of(now);
        }
    }
}
