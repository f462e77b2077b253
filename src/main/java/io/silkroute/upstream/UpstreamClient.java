package io.silkroute.upstream;

import io.silkroute.routing.NodeSpec;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Sends requests to nodes. Implementations are thread-safe; the calls they hand out belong to one event loop. */
public interface UpstreamClient {

    /**
     * Starts one attempt. To be called on an event loop, on which everything about the call then happens.
     *
     * @param node where to
     * @param request what to send
     * @param timeout for the whole attempt up to its commit, above zero
     * @param last whether no other node could follow, so that nothing is gained by holding a stream until its content; asked
     *     at most once, when the response turns out to be a stream
     * @return the running call
     */
    UpstreamCall start(NodeSpec node, UpstreamRequest request, Duration timeout, BooleanSupplier last);
}
