package io.silkroute.routing;

import io.silkroute.kernel.AccountId;
import io.silkroute.kernel.NodeId;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * A node as configured. Immutable.
 *
 * @param id its identity
 * @param account whose node it is
 * @param name unique within the account
 * @param baseUrl http or https, without user info
 * @param weight priority, 0 or more; the smallest is preferred
 * @param trafficWeight share among nodes that serve together, 0 to 100
 * @param authScheme how the key is sent
 * @param apiKey the node's own key, in clear
 * @param maxConcurrency requests at a time; empty for no limit
 * @param disabled taken out by an operator
 * @param createdAt its age decides between equal weights
 * @param updatedAt when an operator last changed it
 */
public record NodeSpec(
        NodeId id,
        AccountId account,
        String name,
        URI baseUrl,
        int weight,
        int trafficWeight,
        AuthScheme authScheme,
        Optional<String> apiKey,
        Optional<Integer> maxConcurrency,
        boolean disabled,
        Instant createdAt,
        Instant updatedAt) {

    /** Whether requests to the node carry a key of its own, so that a 401 is the node's fault and not the caller's. */
    public boolean usesOwnKey() {
        return apiKey.isPresent() && authScheme != AuthScheme.NONE;
    }

    /** Without the key, so that a spec may be logged. */
    @Override
    public String toString() {
        return "node " + name + " (" + id + ")";
    }
}
