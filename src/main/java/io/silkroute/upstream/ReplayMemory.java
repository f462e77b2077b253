package io.silkroute.upstream;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory for kept request bodies, one request's and all requests' together. Thread-safe, lock-free: a reservation is
 * granted only if the sum stays within the limit, so the limit is never exceeded, not even for a moment.
 */
public final class ReplayMemory {

    private final long maxBody;
    private final long maxTotal;
    private final AtomicLong used = new AtomicLong();

    /**
     * @param maxBody bytes that one body may hold ({@code REPLAY_MAX_BODY_BYTES})
     * @param maxTotal bytes that all bodies may hold together ({@code REPLAY_MAX_TOTAL_BYTES})
     */
    public ReplayMemory(long maxBody, long maxTotal) {
        this.maxBody = maxBody;
        this.maxTotal = maxTotal;
    }

    /** Begins an empty reservation for one body. */
    public Reservation reserve() {
        return new Reservation();
    }

    /** Bytes kept now. */
    public long used() {
        return used.get();
    }

    /** One body's share. Belongs to one event loop. */
    public final class Reservation {
        private long held;

        private Reservation() {}

        /** Grows to {@code bytes} in all; false, with nothing changed, when a limit stands against it. */
        public boolean growTo(long bytes) {
            if (bytes <= held) {
                return true;
            }
            long more = bytes - held;
            if (bytes > maxBody || !take(more)) {
                return false;
            }
            held = bytes;
            return true;
        }

        /** Gives everything back; more than once does no harm. */
        public void release() {
            if (held > 0) {
                used.addAndGet(-held);
                held = 0;
            }
        }

        private boolean take(long bytes) {
            long before;
            do {
                before = used.get();
                if (before + bytes > maxTotal) {
                    return false;
                }
            } while (!used.compareAndSet(before, before + bytes));
            return true;
        }
    }
}
