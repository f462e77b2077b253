package io.silkroute.registry;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.silkroute.kernel.AccountId;
import io.silkroute.kernel.NodeId;
import io.silkroute.switchover.ActivationStore;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import java.util.concurrent.CompletionStage;

/** The active node of each account, in its row. Thread-safe. */
@Singleton
public class StoredActivations implements ActivationStore {

    private final Vertx vertx;

    @Inject
    public StoredActivations(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public CompletionStage<Long> store(AccountId account, NodeId node, boolean byOperator) {
        return StoreContext.run(
                vertx,
                () -> Panache.withTransaction(() -> activate(account, node, byOperator))
                        .map(entity -> entity.activeVersion));
    }

    /** Within a transaction. */
    static Uni<AccountEntity> activate(AccountId account, NodeId node, boolean byOperator) {
        return AccountEntity.<AccountEntity>findById(account.value(), LockModeType.PESSIMISTIC_WRITE)
                .onItem()
                .ifNull()
                .failWith(() -> new RegistryException.NotFound("account", account.value()))
                .invoke(entity -> {
                    entity.activeNodeId = node.value();
                    entity.activeByOperator = byOperator;
                    entity.activeVersion++;
                })
                .chain(entity -> entity.<AccountEntity>persistAndFlush());
    }
}
