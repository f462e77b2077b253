package io.silkroute.ingress;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.silkroute.ingress.CallerConnections.Connection;
import io.silkroute.kernel.Ticker;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * The time between the signal to stop and the end. First nothing changes but readiness, and that each answer ends its connection, so
 * that balancers turn elsewhere, which takes them a moment; then connections that nobody uses are closed one after the other; then
 * the requests that run have as long as they may. Thread-safe.
 */
@Singleton
public class Drain {

    private static final Logger LOG = Logger.getLogger(Drain.class);

    /** How long nothing may have run: what was written last is on its way by then, and what was on its way to us has come. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    private static final Duration LOOK = Duration.ofMillis(10);

    private final IngressSettings settings;
    private final Ticker ticker;
    private final CallerConnections connections;
    private volatile boolean begun;
    private volatile boolean noticed;
    private volatile long lastSeen;

    @Inject
    public Drain(IngressSettings settings, Ticker ticker) {
        this.settings = settings;
        this.ticker = ticker;
        this.connections = new CallerConnections(ticker);
    }

    /** What an operator changes is not to be cut either. */
    void install(@Observes Router http) {
        http.route("/admin/*").order(ProxyRoute.FIRST).handler(context -> {
            count(context);
            context.next();
        });
    }

    /** Whether the gateway is about to stop. */
    public boolean hasBegun() {
        return begun;
    }

    /** How many requests run. */
    public int running() {
        return connections.running();
    }

    /** A request came in: it is waited for, and its connection is not used again after the drain has begun. */
    void count(RoutingContext context) {
        Connection connection = connections.of(context.request());
        connection.begin();
        boolean multiplexed = context.request().version() == HttpVersion.HTTP_2;
        boolean late = noticed;
        context.addEndHandler(ended -> {
            connection.end();
            if (begun) {
                lastSeen = ticker.nanos();
                if (multiplexed) {
                    goAway(connection, late);
                }
            }
        });
        if (begun && !multiplexed) {
            // Only so: closed without a word, it might carry the next request already.
            context.response().putHeader("connection", "close");
        }
    }

    /**
     * After an answer, and at first only when nothing else runs: some clients take it to mean all requests of the connection. One
     * that goes on sending requests would never be left so, and is told in any case.
     */
    private static void goAway(Connection connection, boolean late) {
        if (late) {
            connection.leave();
        } else {
            connection.leaveIfIdle();
        }
    }

    /** Keeps the process from stopping, on the thread that stops it. */
    void await(@Observes ShutdownDelayInitiatedEvent stopping) {
        begun = true;
        LOG.infof("stopping: not ready any more, %d requests run", running());
        long start = ticker.nanos();
        lastSeen = start;
        while (ticker.nanos() - start < settings.drainNotice().toNanos()) {
            look();
        }
        noticed = true;
        leaveIdleConnections();
        while (!isQuiet() && ticker.nanos() - start < settings.drainTimeout().toNanos()) {
            look();
        }
        int left = running();
        if (left > 0) {
            LOG.warnf("stopped with %d requests running: DRAIN_TIMEOUT_SEC is over", left);
        } else {
            LOG.info("stopped: no request runs");
        }
    }

    /** As long as it took balancers at the most. A caller may send a request in the very instant: the fewer at a time the better. */
    private void leaveIdleConnections() {
        Queue<Connection> idle = new ArrayDeque<>(connections.idle());
        long looks = Math.max(1, settings.drainNotice().dividedBy(LOOK));
        int perLook = Math.toIntExact(idle.size() / looks) + 1;
        while (!idle.isEmpty()) {
            for (int i = 0; i < perLook && !idle.isEmpty(); i++) {
                idle.poll().leaveIfIdle();
            }
            look();
        }
    }

    private boolean isQuiet() {
        // Where nobody balances, nobody is late.
        Duration quiet = QUIET.compareTo(settings.drainNotice()) < 0 ? QUIET : settings.drainNotice();
        return running() == 0 && ticker.nanos() - lastSeen >= quiet.toNanos();
    }

    private static void look() {
        LockSupport.parkNanos(LOOK.toNanos());
    }
}
