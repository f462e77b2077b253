package io.silkroute.upstream;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory for kept bodies: of requests, so that they can be sent again, and of responses that are collected before any of
 * them goes out. Thread-safe, lock-free: a reservation is granted only if the sum stays within the limit, so the limit is
 * never exceeded, not even for a moment.
 */
public final class BodyMemory {

    private final long maxRequest;
    private final long maxResponse;
    private final long maxTotal;
    private final AtomicLong used = new AtomicLong();

    /**
     * @param maxRequest bytes that the body of one request may hold ({@code REPLAY_MAX_BODY_BYTES})
     * @param maxResponse bytes that the body of one response may hold ({@code ASSURED_MAX_BYTES})
     * @param maxTotal bytes that all bodies may hold together ({@code REPLAY_MAX_TOTAL_BYTES})
     */
    public BodyMemory(long maxRequest, long maxResponse, long maxTotal) {
        this.maxRequest = maxRequest;
        this.maxResponse = maxResponse;
        this.maxTotal = maxTotal;
    }

    /** Begins an empty reservation for the body of a request. */
    public Reservation forRequest() {
        return new Reservation(maxRequest);
    }

    /** Begins an empty reservation for the body of a response. */
    public Reservation forResponse() {
        return new Reservation(maxResponse);
    }

    /** Bytes kept now. */
    public long used() {
        return used.get();
    }

    /** One body's share. Belongs to one event loop. */
    public final class Reservation {
        private final long limit;
        private long held;

        private Reservation(long limit) {
            this.limit = limit;
        }

        /** Grows to {@code bytes} in all; false, with nothing changed, when a limit stands against it. */
        public boolean growTo(long bytes) {
            if (bytes <= held) {
                return true;
            }
            long more = bytes - held;
            if (bytes > limit || !take(more)) {
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
