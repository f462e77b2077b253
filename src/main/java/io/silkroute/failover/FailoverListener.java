package io.silkroute.failover;

import io.silkroute.kernel.Outcome;
import io.silkroute.routing.Account;
import io.silkroute.routing.Node;
import java.time.Duration;
import java.util.List;

/** Told how requests fare. Called on the event loop of the request, so it must be quick and must not throw. */
public interface FailoverListener {

    /** A node answered, well or badly, after {@code took} since the attempt began. */
    default void answered(Account account, Node node, Duration took) {}

    /**
     * An attempt is over; each is told once.
     *
     * @param ordinal 1 for the first of its request
     */
    default void attemptEnded(Account account, Node node, Outcome outcome, int ordinal) {}

    /** The head of the answer went out, {@code took} after the request was opened. */
    default void committed(Account account, Duration took) {}

    /** A request is over; each is told once. */
    default void requestEnded(FinishedRequest request) {}

    /** A failure was final because the retry budget was spent. */
    default void budgetExhausted() {}

    /** A request that no node could take waits no longer, or could not. */
    default void waited(Account account, QueueExit exit, Duration took) {}

    /** One that tells several. */
    static FailoverListener all(List<FailoverListener> listeners) {
        List<FailoverListener> each = List.copyOf(listeners);
        return new FailoverListener() {
            @Override
            public void answered(Account account, Node node, Duration took) {
                each.forEach(listener -> listener.answered(account, node, took));
            }

            @Override
            public void attemptEnded(Account account, Node node, Outcome outcome, int ordinal) {
                each.forEach(listener -> listener.attemptEnded(account, node, outcome, ordinal));
            }

            @Override
            public void committed(Account account, Duration took) {
                each.forEach(listener -> listener.committed(account, took));
            }

            @Override
            public void requestEnded(FinishedRequest request) {
                each.forEach(listener -> listener.requestEnded(request));
            }

            @Override
            public void waited(Account account, QueueExit exit, Duration took) {
                each.forEach(listener -> listener.waited(account, exit, took));
            }

            @Override
            public void budgetExhausted() {
                each.forEach(FailoverListener::budgetExhausted);
            }
        };
    }
}
