package io.silkroute.kernel;

import java.util.Objects;

/**
 * Identifies a node (one upstream) for its whole life, across renames.
 *
 * @param value opaque text, never empty
 */
public record NodeId(String value) {

    public NodeId {
        Objects.requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return value;
    }
}
