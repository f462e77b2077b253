package io.silkroute.routing;

import java.util.Locale;

/** The condition of a node as the admin API shows it. */
public enum NodeStatus {
    HEALTHY,
    WARMING,
    CIRCUIT_BREAKER_OPEN,
    CIRCUIT_BREAKER_HALF_OPEN,
    RATE_LIMITED,
    AUTH_REJECTED,
    DISABLED;

    /** The name in the admin API. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
