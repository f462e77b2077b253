package io.silkroute.testing;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what happens on other threads, as long as it takes and no longer. */
public final class Await {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Await() {}

    public static void until(String what, BooleanSupplier condition) {
        within(PATIENCE, what, condition);
    }

    public static void within(Duration limit, String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new AssertionError("not within " + limit.toMillis() + " ms: " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
    }
}
