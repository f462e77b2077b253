package io.silkroute.failover;

import java.util.Locale;

/** How a request of a caller ended. */
public enum RequestOutcome {
    /** A node's answer went out whole; this includes the 4xx that the caller brought upon itself. */
    SUCCESS,
    /** Every attempt failed, and the last failing answer went out as it was. */
    RELAYED_FAILURE,
    /** Every attempt failed without an answer. */
    ALL_FAILED,
    /** No node could be tried. */
    NO_NODE,
    /** No node could be tried, and there was no room to wait for one. */
    QUEUE_FULL,
    /** No node could be tried in the time that a request may wait for one. */
    QUEUE_TIMEOUT,
    /** The answer broke off after it was committed. */
    CUT,
    /** The caller left. */
    CLIENT_CANCELLED;

    static RequestOutcome of(QueueExit turnedAway) {
        return turnedAway == QueueExit.FULL ? QUEUE_FULL : QUEUE_TIMEOUT;
    }

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in metrics and in the admin API. */
    public String wireName() {
        return wireName;
    }
}
