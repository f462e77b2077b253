package io.silkroute.registry;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/** Whether the store can be reached and read, as far as was seen. Thread-safe. */
@Singleton
public class StoreState {

    private static final Logger LOG = Logger.getLogger(StoreState.class);

    /** Class 08: the connection is broken; 53: it has no room for another; 57P: it is shutting down or starting up. */
    private static final String AWAY = "08...|53...|57P..";

    private record Trouble(Instant since, String text) {}

    private final Clock clock;
    private final AtomicReference<Trouble> trouble = new AtomicReference<>();

    @Inject
    public StoreState(Clock clock) {
        this.clock = clock;
    }

    /** What is wrong with it, for people: {@code away since ...}; empty while nothing is. Holds no secret. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble.get()).map(now -> now.text + " since " + now.since);
    }

    /** It answered. */
    void reached() {
        Trouble before = trouble.getAndSet(null);
        if (before != null) {
            LOG.infof("the database is back; it was %s since %s", before.text, before.since);
        }
    }

    /** It could not be read. */
    void failed(Throwable failure) {
        String text = isAway(failure) ? "away" : "unreadable";
        if (trouble.compareAndSet(null, new Trouble(clock.instant(), text))) {
            LOG.warnf("the database is %s (%s)", text, reason(failure));
        }
    }

    /** Whether a failure means that the store could not be reached, rather than that it refused something. */
    public static boolean isAway(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof IOException || t instanceof ClosedConnectionException || t instanceof TimeoutException) {
                return true;
            }
            if (sqlState(t).filter(state -> state.matches(AWAY)).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** The SQLSTATE of a failure itself, whichever driver it is from. */
    static Optional<String> sqlState(Throwable failure) {
        if (failure instanceof PgException refusal) {
            return Optional.ofNullable(refusal.getSqlState());
        }
        return failure instanceof SQLException refusal ? Optional.ofNullable(refusal.getSQLState()) : Optional.empty();
    }

    /** What lies at the bottom of a failure, in one line. */
    static String reason(Throwable failure) {
        Throwable last = failure;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        return last.getMessage() == null
                ? last.getClass().getSimpleName()
                : last.getMessage().lines().findFirst().orElse("");
    }
}
