package io.silkroute.registry;

import io.silkroute.kernel.NodeId;
import io.silkroute.switchover.ProbeTurns;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Whose turn it is to ask a node, by an advisory lock of the store: it ends with the connection, so a replica that dies in its
 * turn holds up nobody. Thread-safe.
 */
@Singleton
public class StoredProbeTurns implements ProbeTurns {

    /** Where replicas tell what a node answered. */
    static final String VERDICTS = "silkroute_probe";

    /** Keeps our locks apart from those of others in the same database: "SILK". */
    private static final int LOCK_CLASS = 0x53494C4B;

    /** In milliseconds; a store that takes longer is of no help, and the node is asked without it. */
    private static final long PATIENCE = 500;

    private final ReplicaLink link;

    @Inject
    public StoredProbeTurns(ReplicaLink link) {
        this.link = link;
    }

    @Override
    public CompletionStage<Optional<Turn>> take(NodeId node) {
        return link.connection().map(store -> take(node, store)).orElseGet(() -> ALONE.take(node));
    }

    private CompletionStage<Optional<Turn>> take(NodeId node, PgConnection store) {
        Tuple lock = Tuple.of(LOCK_CLASS, node.value().hashCode());
        Turn turn = (ok, latency) -> end(node, store, lock, ok, latency);
        return store.preparedQuery("select pg_try_advisory_lock($1, $2)")
                .execute(lock)
                .timeout(PATIENCE, TimeUnit.MILLISECONDS)
                .map(rows ->
                        Optional.of(turn).filter(t -> rows.iterator().next().getBoolean(0)))
                // The lock may still come: it is given back in any case, on the same connection and so after it.
                .otherwise(Optional.of(turn))
                .toCompletionStage();
    }

    private void end(NodeId node, PgConnection store, Tuple lock, boolean ok, Duration latency) {
        link.tell(VERDICTS, node.value(), Boolean.toString(ok), Long.toString(latency.toNanos()));
        store.preparedQuery("select pg_advisory_unlock($1, $2)").execute(lock);
    }
}
