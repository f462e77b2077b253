package io.silkroute.failover;

import io.silkroute.routing.Account;
import io.silkroute.routing.Node;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A request that is over.
 *
 * @param id as callers, nodes and operators know it
 * @param account whose it was
 * @param node whose answer went out, if any
 * @param outcome how it ended
 * @param attempts what it went through, oldest first
 * @param lost from its first attempt to the start of the one that answered; zero when that is the same
 * @param took from its opening to its end
 */
public record FinishedRequest(
        String id,
        Account account,
        Optional<Node> node,
        RequestOutcome outcome,
        List<AttemptLedger.Entry> attempts,
        Duration lost,
        Duration took) {

    /** Whether a node failed on the way, or no answer was found. */
    public boolean hadTrouble() {
        return attempts.size() > 1 || outcome != RequestOutcome.SUCCESS && outcome != RequestOutcome.CLIENT_CANCELLED;
    }
}
