package io.silkroute.routing;

import io.silkroute.kernel.FailureCause;
import io.silkroute.kernel.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The time for which requests are kept away from a node without opening its breaker. Thread-safe, lock-free. */
final class Rest {

    private record Period(FailureCause cause, long sinceNanos, long nanos) {
        long remaining(long now) {
            return nanos - (now - sinceNanos);
        }
    }

    private final Ticker ticker;
    private final AtomicReference<Period> period = new AtomicReference<>();

    Rest(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Begins; of two that overlap the one that ends later holds. */
    void begin(FailureCause cause, Duration duration) {
        long now = ticker.nanos();
        Period wanted = new Period(cause, now, duration.toNanos());
        period.accumulateAndGet(
                wanted, (held, next) -> held != null && held.remaining(now) > next.remaining(now) ? held : next);
    }

    /** Ends early. */
    void end() {
        period.set(null);
    }

    /** How long it still takes; zero when there is none. */
    Duration remaining() {
        Period held = period.get();
        if (held == null) {
            return Duration.ZERO;
        }
        long remaining = held.remaining(ticker.nanos());
        if (remaining > 0) {
            return Duration.ofNanos(remaining);
        }
        // So that the next look need not ask the clock.
        period.compareAndSet(held, null);
        return Duration.ZERO;
    }

    /** Why, while it lasts. */
    Optional<FailureCause> cause() {
        Period held = period.get();
        return held != null && held.remaining(ticker.nanos()) > 0 ? Optional.of(held.cause) : Optional.empty();
    }
}
