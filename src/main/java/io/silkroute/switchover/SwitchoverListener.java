package io.silkroute.switchover;

import io.silkroute.routing.Account;
import io.silkroute.routing.Node;
import io.silkroute.upstream.ProbeResult;
import java.util.List;
import java.util.Optional;

/** Told of what happens behind the requests. Called by the tasks of one scheduler, one after another; must not throw. */
public interface SwitchoverListener {

    /** A probe of a pre-warm ended. */
    default void warmupProbed(Account account, Node node, ProbeResult result) {}

    /**
     * Traffic goes to another node.
     *
     * @param from the node before, if it still exists
     * @param to the node now
     * @param proven whether the node passed its pre-warm; false for the least bad of nodes that all failed it
     */
    default void switched(Account account, Optional<Node> from, Node to, SwitchReason reason, boolean proven) {}

    /** A switch was given up, and traffic stays where it is. */
    default void notSwitched(Account account, Node candidate, SwitchReason reason, String why) {}

    /**
     * A stage of a gradual switch began.
     *
     * @param from the node that is active
     * @param to the node that is to be
     * @param stage counted from 1
     * @param share of {@code to}, in percent
     */
    default void shifted(Account account, Node from, Node to, int stage, int share) {}

    /** A gradual switch ended early, and all traffic goes to the old node again. */
    default void rolledBack(Account account, Node from, Node to, String why) {}

    /** One that tells several. */
    static SwitchoverListener all(List<SwitchoverListener> listeners) {
        List<SwitchoverListener> each = List.copyOf(listeners);
        return new SwitchoverListener() {
            @Override
            public void warmupProbed(Account account, Node node, ProbeResult result) {
                each.forEach(listener -> listener.warmupProbed(account, node, result));
            }

            @Override
            public void switched(Account account, Optional<Node> from, Node to, SwitchReason reason, boolean proven) {
                each.forEach(listener -> listener.switched(account, from, to, reason, proven));
            }

            @Override
            public void notSwitched(Account account, Node candidate, SwitchReason reason, String why) {
                each.forEach(listener -> listener.notSwitched(account, candidate, reason, why));
            }

            @Override
            public void shifted(Account account, Node from, Node to, int stage, int share) {
                each.forEach(listener -> listener.shifted(account, from, to, stage, share));
            }

            @Override
            public void rolledBack(Account account, Node from, Node to, String why) {
                each.forEach(listener -> listener.rolledBack(account, from, to, why));
            }
        };
    }
}
