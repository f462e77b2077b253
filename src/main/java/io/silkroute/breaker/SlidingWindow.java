package io.silkroute.breaker;

import io.silkroute.kernel.SlidingCounter;
import io.silkroute.kernel.Ticker;
import java.time.Duration;

/** Successes and failures of the last moments. Thread-safe, lock-free. */
final class SlidingWindow {

    private static final int SLICES = 60;

    private final SlidingCounter successes;
    private final SlidingCounter failures;
    private final Ticker ticker;
    private final long lengthNanos;
    private volatile boolean failedEver;
    private volatile long lastFailureNanos;

    SlidingWindow(Ticker ticker, Duration length) {
        this.ticker = ticker;
        this.lengthNanos = length.toNanos();
        this.successes = new SlidingCounter(ticker, length.toNanos(), SLICES);
        this.failures = new SlidingCounter(ticker, length.toNanos(), SLICES);
    }

    void success() {
        successes.increment();
    }

    void failure() {
        failures.increment();
        lastFailureNanos = ticker.nanos();
        failedEver = true;
    }

    /** Cheap for a healthy node: whether any failure can be in the window at all. */
    boolean failedLately() {
        return failedEver && ticker.nanos() - lastFailureNanos <= lengthNanos;
    }

    /** Whether there are enough results, and enough failures among them, to open. */
    boolean trips(int minRequests, double failureRate) {
        int failed = failures.sum();
        int total = failed + successes.sum();
        return total >= minRequests && failed >= failureRate * total;
    }

    /** Failures per result, 0 when there is none. */
    double failureRate() {
        int failed = failures.sum();
        int total = failed + successes.sum();
        return total == 0 ? 0 : (double) failed / total;
    }
}
