package io.silkroute.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Counts events of the last moments in exact buckets: a bucket belongs to one slice of monotonic time, and one that is
 * older than the window never counts, however long nothing was recorded in between.
 *
 * <p>Thread-safe and lock-free. An event that races with the end of its slice may be counted in either slice; none is
 * lost while its slice is in the window.
 */
public final class SlidingCounter {

    private final Ticker ticker;
    private final long origin;
    private final long sliceNanos;
    private final AtomicReferenceArray<Bucket> buckets;

    private static final class Bucket extends AtomicInteger {
        private final long slice;

        Bucket(long slice) {
            this.slice = slice;
        }
    }

    /**
     * @param ticker the clock
     * @param windowNanos length of the window in nanoseconds, at least {@code slices}
     * @param slices number of buckets, at least 1; the window's edge is exact to one slice
     */
    public SlidingCounter(Ticker ticker, long windowNanos, int slices) {
        this.ticker = ticker;
        this.origin = ticker.nanos();
        this.sliceNanos = windowNanos / slices;
        this.buckets = new AtomicReferenceArray<>(slices);
    }

    /** Counts one event now. */
    public void increment() {
        long slice = currentSlice();
        int index = (int) (slice % buckets.length());
        Bucket bucket = buckets.get(index);
        while (bucket == null || bucket.slice < slice) {
            Bucket fresh = new Bucket(slice);
            bucket = buckets.compareAndSet(index, bucket, fresh) ? fresh : buckets.get(index);
        }
        bucket.incrementAndGet();
    }

    /** The number of events in the window that ends now. */
    public int sum() {
        long oldest = currentSlice() - buckets.length() + 1;
        int sum = 0;
        for (int i = 0; i < buckets.length(); i++) {
            Bucket bucket = buckets.get(i);
            if (bucket != null && bucket.slice >= oldest) {
                sum += bucket.get();
            }
        }
        return sum;
    }

    private long currentSlice() {
        return (ticker.nanos() - origin) / sliceNanos;
    }
}
