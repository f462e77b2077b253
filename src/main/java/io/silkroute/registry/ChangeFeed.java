package io.silkroute.registry;

import io.silkroute.breaker.CircuitBreaker.State;
import io.silkroute.kernel.NodeId;
import io.silkroute.routing.RoutingListener;
import io.silkroute.switchover.Switchover;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/**
 * Hears what other replicas change and find out, through the store they share, and tells them. What was missed is found by reading
 * the store anew: after each connection, and now and then. Thread-safe.
 */
@Singleton
public class ChangeFeed implements RoutingListener {

    private static final String CHANGES = "silkroute_change";
    private static final String BREAKERS = "silkroute_breaker";
    private static final Duration REREAD = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final ReplicaLink link;
    private final SnapshotLoader snapshot;
    private final Switchover switchover;
    private final StoreState state;
    private boolean reading;
    private boolean stale;

    @Inject
    public ChangeFeed(Vertx vertx, ReplicaLink link, SnapshotLoader snapshot, Switchover switchover, StoreState state) {
        this.vertx = vertx;
        this.link = link;
        this.snapshot = snapshot;
        this.switchover = switchover;
        this.state = state;
    }

    /** Begins to listen, and to read the store now and then. */
    public void begin() {
        link.listen(CHANGES, this::reread, this::reread);
        link.hear(BREAKERS, words -> switchover.probe(new NodeId(words.get(0))));
        link.hear(StoredProbeTurns.VERDICTS, this::verdict);
        // A connection that is lost may be one only, or the store: that shows when it is read.
        link.open(this::reread);
        vertx.setPeriodic(REREAD.toMillis(), id -> reread());
    }

    /** An open breaker is told to the others, who may not have noticed yet. */
    @Override
    public void breakerChanged(NodeId node, State from, State to) {
        if (to == State.OPEN) {
            link.tell(BREAKERS, node.value());
        }
    }

    private void verdict(List<String> words) {
        switchover.heard(
                new NodeId(words.get(0)),
                Boolean.parseBoolean(words.get(1)),
                Duration.ofNanos(Long.parseLong(words.get(2))));
    }

    /** One at a time; what changes meanwhile is read once more after it. */
    private synchronized void reread() {
        stale = true;
        if (!reading) {
            read();
        }
    }

    private synchronized void read() {
        reading = true;
        stale = false;
        StoreContext.run(vertx, snapshot::reload).whenComplete((done, failure) -> ended(failure));
    }

    private synchronized void ended(Throwable failure) {
        reading = false;
        if (failure == null) {
            state.reached();
        } else {
            state.failed(failure);
        }
        if (stale) {
            read();
        }
    }
}
