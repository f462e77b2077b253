package io.silkroute.kernel;

/**
 * A monotonic clock. Every duration in Silkroute is measured through one, so that tests can move time by hand.
 *
 * <p>Implementations are thread-safe.
 */
@FunctionalInterface
public interface Ticker {

    /** Nanoseconds since an arbitrary origin; compare two readings by subtraction only, as the value may overflow. */
    long nanos();

    /** The clock of the machine. */
    static Ticker system() {
        return System::nanoTime;
    }
}
