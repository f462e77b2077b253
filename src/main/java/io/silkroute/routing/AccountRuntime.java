package io.silkroute.routing;

import io.silkroute.kernel.NodeId;
import java.util.Optional;

/**
 * The living state of an account: which node its traffic goes to. It is kept by account id and survives changes of the
 * configuration. Thread-safe; written behind the requests and read by each of them.
 */
public final class AccountRuntime {

    private volatile Optional<NodeId> active = Optional.empty();

    /** The node that requests try first; empty while none was chosen, when they go by preference alone. */
    public Optional<NodeId> active() {
        return active;
    }

    /** Sends the next requests to another node first. */
    public void activate(Optional<NodeId> node) {
        active = node;
    }
}
