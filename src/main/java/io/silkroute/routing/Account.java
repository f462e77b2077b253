package io.silkroute.routing;

import io.silkroute.kernel.AccountId;
import io.silkroute.kernel.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * An account and its nodes in the order in which they are preferred. Immutable.
 *
 * @param id its identity
 * @param name unique
 * @param nodes by weight, then age
 * @param activation its active node as stored
 * @param runtime its active node in truth, and how traffic is shared
 * @param createdAt when it was made
 */
public record Account(
        AccountId id, String name, List<Node> nodes, Activation activation, AccountRuntime runtime, Instant createdAt) {

    private static final Comparator<Node> PREFERENCE = Comparator.<Node>comparingInt(
                    n -> n.spec().weight())
            .thenComparing(n -> n.spec().createdAt())
            .thenComparing(n -> n.spec().id().value());

    public Account {
        nodes = nodes.stream().sorted(PREFERENCE).toList();
    }

    /** The node that traffic goes to; empty before the first was chosen, and when it was deleted. */
    public Optional<Node> active() {
        return runtime.active().flatMap(this::node);
    }

    /** The node of that id, if the account has it. */
    public Optional<Node> node(NodeId nodeId) {
        return nodes.stream().filter(n -> n.spec().id().equals(nodeId)).findFirst();
    }

    /** What a node gets of the account's traffic now, in percent, rounded. */
    public int trafficShare(Node node) {
        return TrafficShares.percent(this)[nodes.indexOf(node)];
    }

    /** How long until some node may be tried; empty when no node is enabled. */
    public Optional<Duration> soonest() {
        return nodes.stream()
                .filter(n -> !n.spec().disabled())
                .map(n -> n.runtime().unavailableFor())
                .min(Comparator.naturalOrder());
    }
}
