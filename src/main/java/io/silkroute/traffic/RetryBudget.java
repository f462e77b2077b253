package io.silkroute.traffic;

import io.silkroute.kernel.SlidingCounter;
import io.silkroute.kernel.Ticker;
import java.util.concurrent.TimeUnit;

/**
 * Caps retries at a share of the requests of the last ten seconds plus a floor per second, so that an outage of everything
 * does not multiply the load. After Finagle's {@code RetryBudget}, with a counted window in place of its leaky bucket: the
 * cap can then be stated, and tested, exactly.
 *
 * <p>Thread-safe and lock-free. Threads that withdraw in the same instant may overdraw by at most their number less one.
 */
public final class RetryBudget {

    private static final int WINDOW_SECONDS = 10;

    private final double ratio;
    private final int minPerSecond;
    private final SlidingCounter requests;
    private final SlidingCounter retries;

    /**
     * @param ratio retries allowed per request, 0 or more ({@code RETRY_BUDGET_RATIO})
     * @param minPerSecond retries per second that are always allowed, 0 or more ({@code RETRY_BUDGET_MIN_PER_SEC})
     * @param ticker the clock
     */
    public RetryBudget(double ratio, int minPerSecond, Ticker ticker) {
        this.ratio = ratio;
        this.minPerSecond = minPerSecond;
        long window = TimeUnit.SECONDS.toNanos(WINDOW_SECONDS);
        this.requests = new SlidingCounter(ticker, window, WINDOW_SECONDS);
        this.retries = new SlidingCounter(ticker, window, WINDOW_SECONDS);
    }

    /** Counts one request of a caller, whatever becomes of it. */
    public void deposit() {
        requests.increment();
    }

    /** Takes one retry out of the budget; false when it is spent. */
    public boolean tryWithdraw() {
        double allowed = ratio * requests.sum() + (double) minPerSecond * WINDOW_SECONDS;
        if (retries.sum() + 1 > allowed) {
            return false;
        }
        retries.increment();
        return true;
    }
}
