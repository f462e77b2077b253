package io.silkroute.routing;

import io.silkroute.kernel.AccountId;
import io.silkroute.kernel.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An account as configured. Immutable.
 *
 * @param id its identity
 * @param name unique
 * @param key hash of its proxy key; an account without one lets no caller in
 * @param chosen the node an operator activated
 * @param nodes its nodes, in any order
 * @param createdAt when it was made
 */
public record AccountSpec(
        AccountId id,
        String name,
        Optional<ProxyKeyHash> key,
        Optional<NodeId> chosen,
        List<NodeSpec> nodes,
        Instant createdAt) {}
