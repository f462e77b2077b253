package io.silkroute.upstream;

import io.silkroute.routing.NodeSpec;

/** Sends requests to nodes. Implementations are thread-safe; the calls they hand out belong to one event loop. */
public interface UpstreamClient {

    /**
     * Starts one attempt. To be called on an event loop, on which everything about the call then happens.
     *
     * @param node where to
     * @param request what to send
     * @param limits how far it may go
     * @return the running call
     */
    UpstreamCall start(NodeSpec node, UpstreamRequest request, AttemptLimits limits);
}
