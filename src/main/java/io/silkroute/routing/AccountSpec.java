package io.silkroute.routing;

import io.silkroute.kernel.AccountId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An account as configured. Immutable.
 *
 * @param id its identity
 * @param name unique
 * @param key hash of its proxy key; an account without one lets no caller in
 * @param activation its active node as stored
 * @param nodes its nodes, in any order
 * @param createdAt when it was made
 */
public record AccountSpec(
        AccountId id,
        String name,
        Optional<ProxyKeyHash> key,
        Activation activation,
        List<NodeSpec> nodes,
        Instant createdAt) {}
