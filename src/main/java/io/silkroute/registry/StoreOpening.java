package io.silkroute.registry;

import io.quarkus.vertx.VertxContextSupport;
import io.silkroute.registry.SecretBox.UnreadableSecretException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.jboss.logging.Logger;

/**
 * The first use of the store: its schema is brought up to date, by whichever replica comes first, under a lock; then it is read.
 * Thread-safe.
 */
@Singleton
public class StoreOpening {

    private static final Logger LOG = Logger.getLogger(StoreOpening.class);

    private final Flyway flyway;
    private final SnapshotLoader snapshot;
    private final StoreState state;

    @Inject
    public StoreOpening(Flyway flyway, SnapshotLoader snapshot, StoreState state) {
        this.flyway = flyway;
        this.snapshot = snapshot;
        this.state = state;
    }

    /**
     * Opens the store; blocks.
     *
     * @return whether it is open; false when it cannot be reached now and may be tried again
     * @throws StoreRefusal when another try would end the same way
     */
    public boolean attempt() {
        try {
            flyway.migrate();
            VertxContextSupport.subscribeAndAwait(snapshot::reload);
            state.reached();
            return true;
        } catch (Throwable failure) {
            refusal(failure).ifPresent(line -> {
                throw new StoreRefusal(line);
            });
            state.failed(failure);
            LOG.warnf("waiting for the database (%s)", StoreState.reason(failure));
            return false;
        }
    }

    private static Optional<String> refusal(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof UnreadableSecretException) {
                return Optional.of(t.getMessage());
            }
            String state = StoreState.sqlState(t).orElse("");
            if (state.startsWith("28")) {
                return Optional.of(
                        "DATABASE_USERNAME, DATABASE_PASSWORD: refused by the database (expected: a user and its"
                                + " password); " + StoreState.reason(t));
            }
            if (state.equals("3D000")) {
                return Optional.of(
                        "DATABASE_URL: names no database of this server (expected: postgresql://host:5432/db); "
                                + StoreState.reason(t));
            }
        }
        return StoreState.isAway(failure)
                ? Optional.empty()
                : Optional.of("the database cannot be used: " + StoreState.reason(failure));
    }

    /** The store is there and does not let us; the message is the one line an operator needs. */
    public static final class StoreRefusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoreRefusal(String message) {
            super(message, null, false, false);
        }
    }
}
