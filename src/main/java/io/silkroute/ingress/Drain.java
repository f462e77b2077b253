package io.silkroute.ingress;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.silkroute.kernel.Ticker;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * The time between the signal to stop and the end: not ready, so that balancers turn elsewhere, which takes them a moment, in which
 * requests are still served; then only those that run, as long as they may. Thread-safe.
 */
@Singleton
public class Drain {

    private static final Logger LOG = Logger.getLogger(Drain.class);

    /** What was written last is on its way when its request is over. */
    private static final Duration LAST_BYTES = Duration.ofMillis(250);

    private static final Duration LOOK = Duration.ofMillis(20);

    private final IngressSettings settings;
    private final Ticker ticker;
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean begun;

    @Inject
    public Drain(IngressSettings settings, Ticker ticker) {
        this.settings = settings;
        this.ticker = ticker;
    }

    /** Whether the gateway is about to stop. */
    public boolean hasBegun() {
        return begun;
    }

    /** How many requests run. */
    public int running() {
        return running.get();
    }

    /** A request came in. */
    void enter() {
        running.incrementAndGet();
    }

    /** It is over. */
    void leave() {
        running.decrementAndGet();
    }

    /** Keeps the process from stopping, on the thread that stops it. */
    void await(@Observes ShutdownDelayInitiatedEvent stopping) {
        begun = true;
        long start = ticker.nanos();
        LOG.infof("stopping: not ready any more, %d requests run", running.get());
        while (ticker.nanos() - start < settings.drainNotice().toNanos()
                || running.get() > 0
                        && ticker.nanos() - start < settings.drainTimeout().toNanos()) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
        LockSupport.parkNanos(LAST_BYTES.toNanos());
        int left = running.get();
        if (left > 0) {
            LOG.warnf("stopped with %d requests running: DRAIN_TIMEOUT_SEC is over", left);
        } else {
            LOG.info("stopped: no request runs");
        }
    }
}
