package io.silkroute.switchover;

import java.util.Locale;

/** Why an account's traffic goes to another node. */
public enum SwitchReason {
    /** The gateway started and nothing was stored. */
    STARTED("gateway started"),
    NODE_ADDED("node added"),
    NODE_ENABLED("node enabled"),
    WEIGHT_CHANGED("weight changed"),
    /** A preferred node was healthy for long enough. */
    FAILBACK("failback"),
    BREAKER_OPEN("circuit breaker open"),
    NODE_DISABLED("node disabled"),
    NODE_DELETED("node deleted"),
    OPERATOR("activated by operator"),
    /** Another replica switched. */
    FOLLOWED("followed another replica");

    private final String text;

    SwitchReason(String text) {
        this.text = text;
    }

    /** For people, as in {@code switched to node n3 (reason: node added)}. */
    public String text() {
        return text;
    }

    /** For metrics and the admin API, for example {@code node_added}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
