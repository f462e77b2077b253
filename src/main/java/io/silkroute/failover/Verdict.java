package io.silkroute.failover;

import io.silkroute.kernel.FailureCause;
import io.silkroute.upstream.UpstreamResponse;
import java.time.Duration;
import java.util.Optional;

/** What is left to tell a caller when no attempt was committed. */
public sealed interface Verdict {

    /** A node answered, though with a failure: that answer is the caller's. */
    record Relay(UpstreamResponse response) implements Verdict {}

    /** No node answered; {@code lastCause} is that of the last attempt. */
    record AllFailed(FailureCause lastCause) implements Verdict {}

    /**
     * No node could be tried.
     *
     * @param retryAfter the soonest moment one may be, empty when none is enabled
     * @param turnedAway what came of waiting for one, if the request tried to
     */
    record NoNode(Optional<Duration> retryAfter, Optional<QueueExit> turnedAway) implements Verdict {}

    /** Nobody is there to be told. */
    record CallerLeft() implements Verdict {}
}
