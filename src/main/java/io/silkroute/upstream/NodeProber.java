package io.silkroute.upstream;

import io.silkroute.routing.NodeSpec;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Asks nodes whether they are there, over the very client that forwards requests. Implementations are thread-safe; what they
 * return completes on any thread, and never fails.
 */
public interface NodeProber {

    /** One probe of a node, which costs its operator nothing; gives up after {@code timeout}. */
    CompletionStage<ProbeResult> probe(NodeSpec node, Duration timeout);

    /**
     * Opens a connection to the node for every event loop that has none idle, without sending anything, so that the next
     * request finds one wherever it comes in. Gives how many loops have one now.
     */
    CompletionStage<Integer> connectEverywhere(NodeSpec node);
}
