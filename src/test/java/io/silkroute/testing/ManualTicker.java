package io.silkroute.testing;

import io.silkroute.kernel.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that stands still until it is moved. */
public final class ManualTicker implements Ticker {

    /** Close to overflow on purpose: readings may only be compared by subtraction. */
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);

    @Override
    public long nanos() {
        return now.get();
    }

    public void advance(Duration by) {
        now.addAndGet(by.toNanos());
    }
}
