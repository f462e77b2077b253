package io.silkroute.testing;

import io.silkroute.kernel.AccountId;
import io.silkroute.kernel.NodeId;
import io.silkroute.routing.AuthScheme;
import io.silkroute.routing.NodeSpec;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/** Nodes as configured, with what a test does not care about filled in. */
public final class Specs {

    public static final AccountId ACCOUNT = new AccountId("a");

    private Specs() {}

    /** A node whose id is its name. */
    public static NodeSpec node(String name, int weight, boolean disabled) {
        return node(name, weight, disabled, "http://" + name, Optional.empty(), Optional.empty());
    }

    /** A node that takes so many requests at a time. */
    public static NodeSpec node(String name, int weight, int maxConcurrency) {
        return node(name, weight, false, "http://" + name, Optional.empty(), Optional.of(maxConcurrency));
    }

    /** A node at an address, with a key of its own. */
    public static NodeSpec node(String url, String key) {
        return node("n", 1, false, url, Optional.of(key), Optional.empty());
    }

    private static NodeSpec node(
            String name,
            int weight,
            boolean disabled,
            String url,
            Optional<String> key,
            Optional<Integer> maxConcurrency) {
        return new NodeSpec(
                new NodeId(name),
                ACCOUNT,
                name,
                URI.create(url),
                weight,
                100,
                AuthScheme.X_API_KEY,
                key,
                maxConcurrency,
                disabled,
                Instant.EPOCH,
                Instant.EPOCH);
    }
}
