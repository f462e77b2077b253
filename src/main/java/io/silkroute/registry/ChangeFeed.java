package io.silkroute.registry;

import io.silkroute.breaker.CircuitBreaker.State;
import io.silkroute.kernel.NodeId;
import io.silkroute.routing.RoutingListener;
import io.silkroute.switchover.Switchover;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.pubsub.PgSubscriber;
import io.vertx.sqlclient.Tuple;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Hears what other replicas change and find out, through the store they share (LISTEN/NOTIFY), and tells them. What was missed is
 * found by reading the store anew: after each connection, and now and then. Thread-safe.
 */
@Singleton
public class ChangeFeed implements RoutingListener {

    private static final String CHANGES = "silkroute_change";
    private static final String BREAKERS = "silkroute_breaker";
    private static final Duration REREAD = Duration.ofSeconds(30);
    private static final long SHORTEST_WAIT = 200;
    private static final long LONGEST_WAIT = 2000;

    private final Vertx vertx;
    private final SnapshotLoader snapshot;
    private final Switchover switchover;
    private final StoreState state;
    private final PgSubscriber subscriber;
    private final String replica = UUID.randomUUID().toString();
    private boolean reading;
    private boolean stale;

    @Inject
    public ChangeFeed(
            Vertx vertx,
            SnapshotLoader snapshot,
            Switchover switchover,
            StoreState state,
            @ConfigProperty(name = "DATABASE_URL") String url,
            @ConfigProperty(name = "DATABASE_USERNAME") Optional<String> user,
            @ConfigProperty(name = "DATABASE_PASSWORD") Optional<String> password) {
        this.vertx = vertx;
        this.snapshot = snapshot;
        this.switchover = switchover;
        this.state = state;
        PgConnectOptions options = PgConnectOptions.fromUri(url);
        user.ifPresent(options::setUser);
        password.ifPresent(options::setPassword);
        this.subscriber = PgSubscriber.subscriber(vertx, options).reconnectPolicy(this::lost);
    }

    /** Begins to listen, and to read the store now and then. */
    public void begin() {
        subscriber.channel(CHANGES).subscribeHandler(v -> reread()).handler(nothing -> reread());
        subscriber.channel(BREAKERS).handler(this::heard);
        connect();
        vertx.setPeriodic(REREAD.toMillis(), id -> reread());
    }

    /** The first connection; those after it are the subscriber's own affair. */
    private void connect() {
        subscriber.connect().onFailure(e -> vertx.setTimer(lost(0), id -> connect()));
    }

    @PreDestroy
    void end() {
        subscriber.close();
    }

    /** An open breaker is told to the others, who may not have noticed yet. */
    @Override
    public void breakerChanged(NodeId node, State from, State to) {
        if (to == State.OPEN && subscriber.actualConnection() != null) {
            subscriber
                    .actualConnection()
                    .preparedQuery("select pg_notify($1, $2)")
                    .execute(Tuple.of(BREAKERS, replica + ' ' + node.value()));
        }
    }

    /** The connection is gone: what that means for the store shows when it is read. Gives the wait before the next try. */
    private long lost(int retries) {
        reread();
        return Math.min(SHORTEST_WAIT * (retries + 1), LONGEST_WAIT);
    }

    private void heard(String message) {
        String[] words = message.split(" ");
        if (words.length == 2 && !words[0].equals(replica)) {
            switchover.probe(new NodeId(words[1]));
        }
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
            state.lost(failure);
        }
        if (stale) {
            read();
        }
    }
}
