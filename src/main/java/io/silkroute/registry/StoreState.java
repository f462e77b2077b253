package io.silkroute.registry;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/** Whether the store can be reached, as far as was seen. Thread-safe. */
@Singleton
public class StoreState {

    private static final Logger LOG = Logger.getLogger(StoreState.class);

    private final Clock clock;
    private final AtomicReference<Instant> awaySince = new AtomicReference<>();

    @Inject
    public StoreState(Clock clock) {
        this.clock = clock;
    }

    /** Since when it cannot be reached; empty while it can. */
    public Optional<Instant> awaySince() {
        return Optional.ofNullable(awaySince.get());
    }

    /** It answered. */
    void reached() {
        Instant since = awaySince.getAndSet(null);
        if (since != null) {
            LOG.infof("the database is back; it was away since %s", since);
        }
    }

    /** It did not. */
    void lost(Throwable failure) {
        if (awaySince.compareAndSet(null, clock.instant())) {
            LOG.warnf("the database is away (%s): traffic goes on with what is known", reason(failure));
        }
    }

    /** Whether a failure means that the store could not be reached, rather than that it refused something. */
    public static boolean isAway(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof IOException || t instanceof ClosedConnectionException || t instanceof TimeoutException) {
                return true;
            }
            // Class 57P: the server is shutting down or starting up; class 08: the connection is broken.
            if (t instanceof PgException refusal
                    && refusal.getSqlState() != null
                    && refusal.getSqlState().matches("57P..|08...")) {
                return true;
            }
        }
        return false;
    }

    private static String reason(Throwable failure) {
        Throwable last = failure;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
    }
}
