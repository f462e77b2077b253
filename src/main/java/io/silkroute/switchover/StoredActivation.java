package io.silkroute.switchover;

import io.silkroute.kernel.AccountId;
import io.silkroute.kernel.NodeId;
import io.silkroute.kernel.Scheduler;
import io.silkroute.routing.Activation;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What the store knows of one account's active node: tells news of others from an echo of our own writes, and from a table
 * that was read before them. Touched by tasks of one scheduler only.
 */
final class StoredActivation {

    private static final Logger LOG = Logger.getLogger(StoredActivation.class);

    private final AccountId account;
    private final ActivationStore store;
    private final Scheduler scheduler;
    private long version;
    private int writing;
    private Optional<Runnable> unwritten = Optional.empty();

    StoredActivation(AccountId account, ActivationStore store, Scheduler scheduler) {
        this.account = account;
        this.store = store;
        this.scheduler = scheduler;
    }

    /** The activation, if somebody else stored it since we last read or wrote one. */
    Optional<Activation> news(Activation read) {
        // While a write of ours is on its way, it will be the newest.
        if (writing > 0 || read.version() <= version) {
            return Optional.empty();
        }
        version = read.version();
        // What we could not store is older than what somebody else could.
        unwritten = Optional.empty();
        return Optional.of(read);
    }

    /** Stores in the background; traffic does not wait for it. Then runs {@code then}, whether it is stored or not. */
    void write(NodeId node, boolean byOperator, Runnable then) {
        writing++;
        unwritten = Optional.empty();
        store.store(account, node, byOperator)
                .whenComplete((written, error) -> scheduler.execute(() -> {
                    writing--;
                    if (error == null) {
                        version = Math.max(version, written);
                    } else {
                        LOG.warnf("the active node of account %s is not stored: %s", account, error.getMessage());
                        unwritten = Optional.of(() -> write(node, byOperator, then));
                    }
                    then.run();
                }));
    }

    /** The store was read, so it is there: what could not be stored while it was away is stored now, if it still holds. */
    void writeAgain() {
        unwritten.ifPresent(Runnable::run);
    }
}
