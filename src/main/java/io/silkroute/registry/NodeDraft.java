package io.silkroute.registry;

import io.silkroute.routing.AuthScheme;
import java.net.URI;
import java.util.Optional;

/**
 * A node as an operator wants it, checked.
 *
 * @param name unique within the account
 * @param baseUrl http or https
 * @param weight 0 or more
 * @param trafficWeight 0 to 100
 * @param authScheme how the key is sent
 * @param maxConcurrency 1 or more, empty for no limit
 * @param key what to do with the node's own key
 */
public record NodeDraft(
        String name,
        URI baseUrl,
        int weight,
        int trafficWeight,
        AuthScheme authScheme,
        Optional<Integer> maxConcurrency,
        KeyChange key) {

    /** A change of a stored key. */
    public sealed interface KeyChange {

        /** The stored key, or its absence, stays. */
        record Keep() implements KeyChange {}

        /** No key from now on. */
        record Remove() implements KeyChange {}

        /** This key from now on. */
        record Replace(String key) implements KeyChange {

            /** Without the key. */
            @Override
            public String toString() {
                return "Replace";
            }
        }
    }
}
