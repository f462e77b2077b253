package io.silkroute.testing;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Waits for what happens on other threads, as long as it takes and no longer. */
public final class Await {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final long POLL_NANOS = 2_000_000;

    private Await() {}

    /** For a node's thread that has to stand still until the test lets it go on. */
    public static void latch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void until(String what, BooleanSupplier condition) {
        within(PATIENCE, what, condition);
    }

    /** The value when it has not moved for a while; for the few tests that need real time. */
    public static long standstill(LongSupplier value) {
        long before;
        long now = value.getAsLong();
        do {
            before = now;
            LockSupport.parkNanos(300_000_000);
            now = value.getAsLong();
        } while (now != before);
        return now;
    }

    /** Lets real time pass; for the few tests that show that nothing happens in it. */
    public static void passes(Duration time) {
        long start = System.nanoTime();
        within(time.plus(PATIENCE), "time passes", () -> System.nanoTime() - start > time.toNanos());
    }

    public static void within(Duration limit, String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new AssertionError("not within " + limit.toMillis() + " ms: " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
