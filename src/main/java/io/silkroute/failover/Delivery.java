package io.silkroute.failover;

import java.util.Locale;
import java.util.Optional;

/** When the answer of a node goes out. */
public enum Delivery {
    /** As it comes: a node that fails later leaves the caller with an error. */
    STREAMING,
    /** When it is whole: a node that fails before is replaced by another, and the caller waits for it. */
    ASSURED;

    /** The one of that name, in lower case; empty when there is none. */
    public static Optional<Delivery> of(String name) {
        for (Delivery each : values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(name)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
