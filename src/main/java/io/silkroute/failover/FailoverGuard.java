package io.silkroute.failover;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.faulttolerance.api.Guard;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.temporal.ChronoUnit;

/**
 * The guard around {@link FailoverRouter#route}: it invokes the method once per attempt. When to go on, and after what
 * delay, is decided where the failure is known, and travels here in {@link AttemptFailed}.
 *
 * <p>The timeouts of an attempt are not the guard's: see the decision record on deadlines.
 */
final class FailoverGuard {

    static final String NAME = "failover";

    @Produces
    @Singleton
    @Identifier(NAME)
    Guard failover(RetrySettings settings) {
        return Guard.create()
                .withDescription(NAME)
                .withRetry()
                .maxRetries(settings.maxAttempts() - 1)
                // The exchange keeps its own time; see RetryPolicy.
                .maxDuration(0, ChronoUnit.MILLIS)
                .whenException(e -> e instanceof AttemptFailed failed && failed.isAgain())
                .withCustomBackoff()
                .strategy(() -> e -> ((AttemptFailed) e).delayMillis())
                .done()
                .done()
                .build();
    }
}
