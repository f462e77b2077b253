package io.silkroute.registry;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.silkroute.kernel.AccountId;
import io.silkroute.kernel.NodeId;
import io.silkroute.routing.AuthScheme;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Changes nodes in the store. Each change is one transaction, and is in the routing table when it completes. Thread-safe.
 * Changes fail with {@link RegistryException}.
 */
@Singleton
public class Nodes {

    private final SnapshotLoader snapshot;
    private final SecretBox secrets;
    private final Clock clock;

    @Inject
    public Nodes(SnapshotLoader snapshot, SecretBox secrets, Clock clock) {
        this.snapshot = snapshot;
        this.secrets = secrets;
        this.clock = clock;
    }

    /** Stores a new node and gives its id. */
    public Uni<NodeId> create(AccountId account, NodeDraft draft) {
        NodeEntity node = new NodeEntity();
        node.id = UUID.randomUUID().toString();
        node.accountId = account.value();
        node.createdAt = clock.instant();
        node.disabled = false;
        return Panache.withTransaction(() -> Accounts.find(account)
                        .invoke(() -> apply(draft, node))
                        .chain(() -> node.<NodeEntity>persistAndFlush()))
                .onFailure(UniqueViolation::is)
                .transform(e -> new RegistryException.Conflict("name", "the account has a node of this name already"))
                .call(snapshot::reload)
                .map(stored -> new NodeId(stored.id));
    }

    /**
     * Changes what can be configured of a node.
     *
     * @param edit makes the new draft of the stored one, whose key change is to keep; runs while the row is locked, so that of
     *     two operators who change different fields neither undoes the other
     */
    public Uni<Void> update(NodeId id, UnaryOperator<NodeDraft> edit) {
        return change(id, node -> apply(edit.apply(draft(node)), node))
                .onFailure(UniqueViolation::is)
                .transform(e -> new RegistryException.Conflict("name", "the account has a node of this name already"));
    }

    /** Takes a node out of service, or puts it back. */
    public Uni<Void> setDisabled(NodeId id, boolean disabled) {
        return change(id, node -> {
            node.disabled = disabled;
            node.updatedAt = clock.instant();
        });
    }

    /** Names a node as the one that its account's traffic is to go to; the switch follows behind. */
    public Uni<Void> activate(NodeId id) {
        return Panache.withTransaction(() ->
                        find(id).chain(node -> StoredActivations.activate(new AccountId(node.accountId), id, true)))
                .call(snapshot::reload)
                .replaceWithVoid();
    }

    /** Deletes a node; requests that run on it end in peace. */
    public Uni<Void> delete(NodeId id) {
        return Panache.withTransaction(() -> find(id).chain(NodeEntity::delete))
                .call(snapshot::reload)
                .replaceWithVoid();
    }

    private Uni<Void> change(NodeId id, Consumer<NodeEntity> change) {
        return Panache.withTransaction(() -> find(id).invoke(change).chain(node -> node.<NodeEntity>persistAndFlush()))
                .call(snapshot::reload)
                .replaceWithVoid();
    }

    private static Uni<NodeEntity> find(NodeId id) {
        return NodeEntity.<NodeEntity>findById(id.value(), LockModeType.PESSIMISTIC_WRITE)
                .onItem()
                .ifNull()
                .failWith(() -> new RegistryException.NotFound("node", id.value()));
    }

    private static NodeDraft draft(NodeEntity node) {
        return new NodeDraft(
                node.name,
                URI.create(node.baseUrl),
                node.weight,
                node.trafficWeight,
                AuthScheme.of(node.authScheme).orElseThrow(),
                Optional.ofNullable(node.maxConcurrency),
                new NodeDraft.KeyChange.Keep());
    }

    private void apply(NodeDraft draft, NodeEntity node) {
        node.name = draft.name();
        node.baseUrl = draft.baseUrl().toString();
        node.weight = draft.weight();
        node.trafficWeight = draft.trafficWeight();
        node.authScheme = draft.authScheme().wireName();
        node.maxConcurrency = draft.maxConcurrency().orElse(null);
        node.updatedAt = clock.instant();
        if (draft.key() instanceof NodeDraft.KeyChange.Replace replace) {
            node.apiKey = secrets.seal(new NodeId(node.id), replace.key());
        } else if (draft.key() instanceof NodeDraft.KeyChange.Remove) {
            node.apiKey = null;
        }
    }
}
