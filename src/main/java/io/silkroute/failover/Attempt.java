package io.silkroute.failover;

import io.silkroute.kernel.Outcome;
import io.silkroute.routing.Node;
import io.silkroute.routing.NodeSelector.Selection;
import io.silkroute.upstream.UpstreamCall;
import java.time.Duration;
import java.util.function.Consumer;

/** One try of one request on one node. Ends exactly once, whoever comes first. Belongs to one event loop. */
final class Attempt {

    private final Selection selection;
    private final long startedAt;
    private final Consumer<Outcome> onEnd;
    private UpstreamCall call;
    private boolean ended;
    private long answeredAt;

    Attempt(Selection selection, long startedAt, Consumer<Outcome> onEnd) {
        this.selection = selection;
        this.startedAt = startedAt;
        this.onEnd = onEnd;
    }

    Node node() {
        return selection.node();
    }

    long startedAt() {
        return startedAt;
    }

    void runs(UpstreamCall running) {
        this.call = running;
    }

    /** The node began to answer. */
    void answered(long now) {
        answeredAt = now;
    }

    /** From the start to the beginning of the answer. */
    Duration roundTrip() {
        return Duration.ofNanos(answeredAt - startedAt);
    }

    void end(Outcome outcome) {
        if (!ended) {
            ended = true;
            node().runtime().end(selection.permit(), outcome);
            onEnd.accept(outcome);
        }
    }

    void cancel() {
        if (!ended) {
            end(Outcome.CANCELLED);
            if (call != null) {
                call.cancel();
            }
        }
    }
}
