package io.silkroute.registry;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.silkroute.kernel.AccountId;
import io.silkroute.routing.ProxyKeyHash;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Changes accounts in the store. Each change is one transaction, and is in the routing table when it completes. Thread-safe.
 * Changes fail with {@link RegistryException}.
 */
@Singleton
public class Accounts {

    private final SnapshotLoader snapshot;
    private final Clock clock;

    @Inject
    public Accounts(SnapshotLoader snapshot, Clock clock) {
        this.snapshot = snapshot;
        this.clock = clock;
    }

    /** Stores a new account and gives its id. */
    public Uni<AccountId> create(String name, ProxyKeyHash key) {
        AccountEntity account = new AccountEntity();
        account.id = UUID.randomUUID().toString();
        account.name = name;
        account.keyHash = key.toBytes();
        account.createdAt = clock.instant();
        account.updatedAt = account.createdAt;
        return Panache.withTransaction(() -> account.<AccountEntity>persistAndFlush())
                .onFailure(UniqueViolation::is)
                .transform(Accounts::taken)
                .call(snapshot::reload)
                .map(stored -> new AccountId(stored.id));
    }

    /** Gives an account another name. */
    public Uni<Void> rename(AccountId id, String name) {
        return change(id, account -> account.name = name);
    }

    /** Gives an account another key; the old one is void when this completes. */
    public Uni<Void> setKey(AccountId id, ProxyKeyHash key) {
        return change(id, account -> account.keyHash = key.toBytes());
    }

    /** Gives an account a key unless it has one. */
    public Uni<Void> setKeyIfNone(AccountId id, ProxyKeyHash key) {
        return change(id, account -> account.keyHash = account.keyHash == null ? key.toBytes() : account.keyHash);
    }

    /** Deletes an account with its nodes. */
    public Uni<Void> delete(AccountId id) {
        if (id.equals(AccountId.DEFAULT)) {
            return Uni.createFrom()
                    .failure(new RegistryException.Conflict("id", "the default account cannot be deleted"));
        }
        return Panache.withTransaction(() -> find(id).chain(AccountEntity::delete))
                .call(snapshot::reload)
                .replaceWithVoid();
    }

    private Uni<Void> change(AccountId id, Consumer<AccountEntity> change) {
        return Panache.withTransaction(() -> find(id).invoke(change)
                        .invoke(account -> account.updatedAt = clock.instant())
                        .chain(account -> account.<AccountEntity>persistAndFlush()))
                .onFailure(UniqueViolation::is)
                .transform(Accounts::taken)
                .call(snapshot::reload)
                .replaceWithVoid();
    }

    static Uni<AccountEntity> find(AccountId id) {
        return AccountEntity.<AccountEntity>findById(id.value())
                .onItem()
                .ifNull()
                .failWith(() -> new RegistryException.NotFound("account", id.value()));
    }

    private static RegistryException taken(Throwable failure) {
        return UniqueViolation.constraint(failure).orElseThrow().contains("key_hash")
                ? new RegistryException.Conflict("proxy_api_key", "another account has this key")
                : new RegistryException.Conflict("name", "another account has this name");
    }
}
