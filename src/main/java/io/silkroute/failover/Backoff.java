package io.silkroute.failover;

import io.silkroute.kernel.FailureCause;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt: exponential with jitter between half and the whole of the delay ("equal jitter",
 * AWS Architecture Blog, 2015), so that a delay is never none by chance. Immutable.
 */
final class Backoff {

    private final RetrySettings settings;
    private final DoubleSupplier random;

    /**
     * @param settings base, cap and whether to adapt
     * @param random uniform in [0, 1)
     */
    Backoff(RetrySettings settings, DoubleSupplier random) {
        this.settings = settings;
        this.random = random;
    }

    /**
     * @param failedAttempts attempts so far, 1 or more
     * @param cause why the last one failed
     * @param elsewhere whether the next attempt goes to a node not yet tried
     * @param roundTrip what the next node usually takes to answer
     */
    Duration delay(int failedAttempts, FailureCause cause, boolean elsewhere, Optional<Duration> roundTrip) {
        if (settings.adaptiveBackoff() && elsewhere && isInstant(cause)) {
            return Duration.ZERO;
        }
        Duration base = settings.adaptiveBackoff()
                ? roundTrip.map(this::clamp).orElse(settings.backoffMin())
                : settings.backoffMin();
        Duration grown = clamp(base.multipliedBy(1L << Math.min(failedAttempts - 1, 16)));
        return Duration.ofNanos((long) (grown.toNanos() * (0.5 + random.getAsDouble() / 2)));
    }

    /** The node is gone rather than busy: waiting would help nobody. */
    private static boolean isInstant(FailureCause cause) {
        return cause == FailureCause.CONNECT_REFUSED || cause == FailureCause.RESET;
    }

    private Duration clamp(Duration wanted) {
        if (wanted.compareTo(settings.backoffMin()) < 0) {
            return settings.backoffMin();
        }
        return wanted.compareTo(settings.backoffMax()) > 0 ? settings.backoffMax() : wanted;
    }
}
