package io.silkroute.failover;

import java.time.Duration;

/** Tells the guard that an attempt failed, and whether and when to invoke the next one. Carries no stack trace. */
final class AttemptFailed extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean again;
    private final long delayMillis;

    private AttemptFailed(boolean again, long delayMillis) {
        super(null, null, false, false);
        this.again = again;
        this.delayMillis = delayMillis;
    }

    /** There is another node to try, after a delay. */
    static AttemptFailed again(Duration delay) {
        return new AttemptFailed(true, delay.toMillis());
    }

    /** The request is over. */
    static AttemptFailed last() {
        return new AttemptFailed(false, 0);
    }

    boolean isAgain() {
        return again;
    }

    long delayMillis() {
        return delayMillis;
    }
}
