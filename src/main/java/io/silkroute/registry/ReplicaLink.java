package io.silkroute.registry;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.pubsub.PgSubscriber;
import io.vertx.sqlclient.Tuple;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The one connection to the store on which replicas speak to each other (LISTEN/NOTIFY). It comes back by itself; what was said
 * meanwhile is lost. Thread-safe.
 */
@Singleton
class ReplicaLink {

    private static final long SHORTEST_WAIT = 200;
    private static final long LONGEST_WAIT = 2000;

    private final Vertx vertx;
    private final PgSubscriber subscriber;
    private final String replica = UUID.randomUUID().toString();
    private volatile Runnable onLoss = () -> {};

    @Inject
    ReplicaLink(
            Vertx vertx,
            @ConfigProperty(name = "DATABASE_URL") String url,
            @ConfigProperty(name = "DATABASE_USERNAME") Optional<String> user,
            @ConfigProperty(name = "DATABASE_PASSWORD") Optional<String> password) {
        this.vertx = vertx;
        PgConnectOptions options = PgConnectOptions.fromUri(url);
        user.ifPresent(options::setUser);
        password.ifPresent(options::setPassword);
        this.subscriber = PgSubscriber.subscriber(vertx, options).reconnectPolicy(this::lost);
    }

    /** Connects; runs {@code loss} whenever that fails, or the connection is gone. */
    void open(Runnable loss) {
        onLoss = loss;
        connect();
    }

    /** The first connection; those after it are the subscriber's own affair. */
    private void connect() {
        subscriber.connect().onFailure(e -> vertx.setTimer(lost(0), id -> connect()));
    }

    @PreDestroy
    void end() {
        subscriber.close();
    }

    /** Hears what anybody says on a channel; runs {@code begun} each time that it can be heard again. */
    void listen(String channel, Runnable begun, Runnable heard) {
        subscriber.channel(channel).subscribeHandler(v -> begun.run()).handler(payload -> heard.run());
    }

    /** Hears the words of other replicas on a channel. */
    void hear(String channel, Consumer<List<String>> heard) {
        subscriber.channel(channel).handler(message -> {
            List<String> words = List.of(message.split(" "));
            if (!words.get(0).equals(replica)) {
                heard.accept(words.subList(1, words.size()));
            }
        });
    }

    /** Says something to the other replicas, if they can be reached; no word may have a blank in it. */
    void tell(String channel, String... words) {
        String message = replica + ' ' + String.join(" ", words);
        connection()
                .ifPresent(now -> now.preparedQuery("select pg_notify($1, $2)").execute(Tuple.of(channel, message)));
    }

    /** The connection, while there is one. Locks of its session go with it. */
    Optional<PgConnection> connection() {
        return Optional.ofNullable(subscriber.actualConnection());
    }

    /** Gives the wait before the next try, in milliseconds. */
    private long lost(int retries) {
        onLoss.run();
        return Math.min(SHORTEST_WAIT * (retries + 1), LONGEST_WAIT);
    }
}
