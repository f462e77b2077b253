package io.silkroute.failover;

import java.util.Locale;

/** How a request left the queue, or that it never came in. */
public enum QueueExit {
    /** A node could take it. */
    FORWARDED,
    /** It waited as long as it may. */
    TIMED_OUT,
    /** Its caller left. */
    CANCELLED,
    /** There was no room. */
    FULL;

    /** The name in metrics. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
