package io.silkroute.registry;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.silkroute.kernel.AccountId;
import io.silkroute.kernel.NodeId;
import io.silkroute.routing.AccountSpec;
import io.silkroute.routing.Activation;
import io.silkroute.routing.AuthScheme;
import io.silkroute.routing.NodeSpec;
import io.silkroute.routing.ProxyKeyHash;
import io.silkroute.routing.Routing;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Reads the whole store into the routing table. Thread-safe. */
@Singleton
public class SnapshotLoader {

    private final Routing routing;
    private final SecretBox secrets;
    private final AtomicLong tickets = new AtomicLong();
    private long published;

    @Inject
    public SnapshotLoader(Routing routing, SecretBox secrets) {
        this.routing = routing;
        this.secrets = secrets;
    }

    /**
     * Reads and publishes. When it completes, the table holds everything that was committed before the call: of loads that
     * overlap, the one that began last is published, and an earlier one that ends later is dropped.
     */
    public Uni<Void> reload() {
        return Uni.createFrom().deferred(() -> {
            long ticket = tickets.incrementAndGet();
            return Panache.withSession(() -> AccountEntity.<AccountEntity>listAll()
                            .flatMap(
                                    accounts -> NodeEntity.<NodeEntity>listAll().map(nodes -> specs(accounts, nodes))))
                    .invoke(specs -> publish(ticket, specs))
                    .replaceWithVoid();
        });
    }

    private synchronized void publish(long ticket, List<AccountSpec> specs) {
        if (ticket > published) {
            published = ticket;
            routing.publish(specs);
        }
    }

    private List<AccountSpec> specs(List<AccountEntity> accounts, List<NodeEntity> nodes) {
        Map<String, List<NodeSpec>> byAccount = nodes.stream()
                .collect(Collectors.groupingBy(n -> n.accountId, Collectors.mapping(this::spec, Collectors.toList())));
        return accounts.stream()
                .map(a -> new AccountSpec(
                        new AccountId(a.id),
                        a.name,
                        Optional.ofNullable(a.keyHash).map(ProxyKeyHash::fromBytes),
                        new Activation(
                                Optional.ofNullable(a.activeNodeId).map(NodeId::new),
                                a.activeByOperator,
                                a.activeVersion),
                        byAccount.getOrDefault(a.id, List.of()),
                        a.createdAt))
                .toList();
    }

    private NodeSpec spec(NodeEntity node) {
        NodeId id = new NodeId(node.id);
        return new NodeSpec(
                id,
                new AccountId(node.accountId),
                node.name,
                URI.create(node.baseUrl),
                node.weight,
                node.trafficWeight,
                AuthScheme.of(node.authScheme).orElseThrow(),
                Optional.ofNullable(node.apiKey).map(stored -> secrets.open(id, stored)),
                Optional.ofNullable(node.maxConcurrency),
                node.disabled,
                node.createdAt,
                node.updatedAt);
    }
}
