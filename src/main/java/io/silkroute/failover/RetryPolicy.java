package io.silkroute.failover;

import io.silkroute.kernel.FailureCause;
import io.silkroute.routing.Node;
import io.silkroute.routing.NodeSelector;
import io.silkroute.traffic.RetryBudget;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Decides after a failure whether there is a next attempt, and when. Thread-safe. */
final class RetryPolicy {

    /** RFC 9110, 9.2.2. */
    private static final Set<HttpMethod> IDEMPOTENT = Set.of(
            HttpMethod.GET, HttpMethod.HEAD, HttpMethod.PUT, HttpMethod.DELETE, HttpMethod.OPTIONS, HttpMethod.TRACE);

    private final RetrySettings settings;
    private final RetryBudget budget;
    private final FailoverListener listener;
    private final Backoff backoff;
    private final boolean waiting;

    /**
     * @param waiting whether requests may wait for a node
     */
    RetryPolicy(
            RetrySettings settings, RetryBudget budget, FailoverListener listener, Backoff backoff, boolean waiting) {
        this.waiting = waiting;
        this.settings = settings;
        this.budget = budget;
        this.listener = listener;
        this.backoff = backoff;
    }

    /** The delay before the next attempt, or empty when the failure is final. Takes from the retry budget. */
    Optional<Duration> next(Exchange exchange, FailureCause cause) {
        if (exchange.attempts() >= settings.maxAttempts() || !mayBeSentAgain(exchange, cause)) {
            return Optional.empty();
        }
        Optional<Node> next = NodeSelector.peek(exchange.account(), exchange::tries);
        if (next.isEmpty() && !mayWait(exchange)) {
            return Optional.empty();
        }
        // One that has to wait for a node waits long enough.
        Duration delay = next.map(node -> backoff.delay(
                        exchange.attempts(),
                        cause,
                        exchange.tries(node) == 0,
                        node.runtime().roundTrip()))
                .orElse(Duration.ZERO);
        // The budget last: what is withdrawn is spent.
        if (delay.compareTo(exchange.remaining()) >= 0) {
            return Optional.empty();
        }
        if (!budget.tryWithdraw()) {
            listener.budgetExhausted();
            return Optional.empty();
        }
        return Optional.of(delay);
    }

    /** Whether another node could take over from the one that is tried now. */
    boolean mayGoElsewhere(Exchange exchange, Node current) {
        return exchange.attempts() + 1 < settings.maxAttempts()
                && exchange.request().body().replayable()
                && NodeSelector.peek(
                                exchange.account(),
                                node -> node.equals(current) ? NodeSelector.NEVER : exchange.tries(node))
                        .isPresent();
    }

    /** Whether there is something to wait for: a request that has not been anywhere may go to any node that may yet come. */
    boolean mayWait(Exchange exchange) {
        return waiting
                && (exchange.attempts() == 0
                        || exchange.account().nodes().stream()
                                .anyMatch(
                                        node -> !node.spec().disabled() && exchange.tries(node) != NodeSelector.NEVER));
    }

    private boolean mayBeSentAgain(Exchange exchange, FailureCause cause) {
        if (!exchange.request().body().replayable()) {
            return false;
        }
        if (cause.resentByPolicy()) {
            return switch (settings.afterSend()) {
                case ALWAYS -> true;
                case IDEMPOTENT -> IDEMPOTENT.contains(exchange.request().method());
                case NEVER -> false;
            };
        }
        return cause.alwaysResent();
    }
}
