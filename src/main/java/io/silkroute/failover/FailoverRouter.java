package io.silkroute.failover;

import io.quarkus.arc.All;
import io.silkroute.kernel.FailureCause;
import io.silkroute.kernel.Outcome;
import io.silkroute.kernel.Ticker;
import io.silkroute.routing.Account;
import io.silkroute.routing.Node;
import io.silkroute.routing.NodeSelector;
import io.silkroute.routing.NodeSelector.Selection;
import io.silkroute.traffic.RetryBudget;
import io.silkroute.upstream.AttemptLimits;
import io.silkroute.upstream.BodyMemory;
import io.silkroute.upstream.UpstreamClient;
import io.silkroute.upstream.UpstreamException;
import io.silkroute.upstream.UpstreamRequest;
import io.silkroute.upstream.UpstreamResponse;
import io.smallrye.faulttolerance.api.ApplyGuard;
import io.smallrye.faulttolerance.api.AsynchronousNonBlocking;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Takes a request from node to node until one answers. {@link #route} is one attempt; the guard around it invokes it again
 * as long as an attempt fails and another makes sense.
 *
 * <p>Thread-safe; each {@link Exchange} stays on the event loop it was opened on.
 */
@Singleton
public class FailoverRouter {

    /** An operator has to mend a rejected key; until then the node is asked now and then whether that happened. */
    private static final Duration AUTH_REST = Duration.ofSeconds(60);

    private final UpstreamClient upstream;
    private final BodyMemory memory;
    private final RequestQueue queue;
    private final RetrySettings settings;
    private final RetryBudget budget;
    private final RetryPolicy policy;
    private final Ticker ticker;
    private final Clock clock;
    private final FailoverListener listener;

    @Inject
    public FailoverRouter(
            UpstreamClient upstream,
            BodyMemory memory,
            RequestQueue queue,
            RetrySettings settings,
            Ticker ticker,
            Clock clock,
            @All List<FailoverListener> listeners) {
        this.upstream = upstream;
        this.memory = memory;
        this.queue = queue;
        this.settings = settings;
        this.ticker = ticker;
        this.clock = clock;
        this.listener = FailoverListener.all(listeners);
        this.budget = new RetryBudget(settings.budgetRatio(), settings.budgetMinPerSecond(), ticker);
        this.policy = new RetryPolicy(
                settings,
                budget,
                listener,
                new Backoff(settings, () -> ThreadLocalRandom.current().nextDouble()),
                queue.isEnabled());
    }

    /** Opens the exchange for a request of an account; its total timeout begins now. */
    public Exchange open(Account account, UpstreamRequest request, Delivery delivery) {
        budget.deposit();
        return new Exchange(account, request, delivery, settings.totalTimeout(), ticker, listener);
    }

    /**
     * Makes the next attempt of the exchange.
     *
     * @return the response to commit; a failure means that the exchange has a {@link Exchange#verdict()}
     */
    @ApplyGuard(FailoverGuard.NAME)
    @AsynchronousNonBlocking // on the caller's event loop, at once: by default each attempt would be queued as a task
    public CompletionStage<UpstreamResponse> route(Exchange exchange) {
        Duration remaining = exchange.remaining();
        if (exchange.hasCallerLeft() || remaining.isNegative() || remaining.isZero()) {
            return CompletableFuture.failedStage(AttemptFailed.last());
        }
        CompletableFuture<UpstreamResponse> judged = new CompletableFuture<>();
        // Nobody who has only just come goes before those who wait.
        boolean behind =
                exchange.attempts() == 0 && queue.depth(exchange.account().id()) > 0;
        Optional<Selection> selection =
                behind ? Optional.empty() : NodeSelector.acquire(exchange.account(), exchange::tries);
        if (selection.isPresent()) {
            attempt(exchange, selection.get(), judged);
        } else if (policy.mayWait(exchange)) {
            queue.enter(exchange)
                    .thenAccept(node -> node.ifPresentOrElse(
                            taken -> attempt(exchange, taken, judged),
                            () -> judged.completeExceptionally(AttemptFailed.last())));
        } else {
            judged.completeExceptionally(AttemptFailed.last());
        }
        return judged;
    }

    private void attempt(Exchange exchange, Selection selection, CompletableFuture<UpstreamResponse> judged) {
        AttemptLimits limits = limits(exchange, selection.node());
        Attempt attempt = exchange.begin(selection);
        var call = upstream.start(attempt.node().spec(), exchange.request(), limits);
        attempt.runs(call);
        call.response().whenComplete((response, error) -> {
            if (error != null) {
                judged.completeExceptionally(failed(exchange, attempt, (UpstreamException) error));
            } else if (response.failure().isPresent()) {
                judged.completeExceptionally(rejected(exchange, attempt, response));
            } else {
                attempt.answered(ticker.nanos());
                if (exchange.delivery() == Delivery.ASSURED) {
                    collect(exchange, attempt, response, judged);
                } else {
                    exchange.commit(attempt, response.status());
                    judged.complete(response);
                }
            }
        });
    }

    private AttemptLimits limits(Exchange exchange, Node node) {
        Duration own = settings.perRequestTimeout();
        Duration remaining = exchange.remaining();
        boolean hurried = remaining.compareTo(own) < 0;
        boolean assured = exchange.delivery() == Delivery.ASSURED;
        return new AttemptLimits(
                hurried ? remaining : own,
                // The first attempt has all the time there is: what it does not manage is its node's fault.
                hurried && exchange.attempts() > 0 ? FailureCause.TOTAL_TIMEOUT : FailureCause.RESPONSE_TIMEOUT,
                () -> !assured && !policy.mayGoElsewhere(exchange, node));
    }

    private void collect(
            Exchange exchange, Attempt attempt, UpstreamResponse response, CompletableFuture<UpstreamResponse> judged) {
        exchange.collects(response);
        response.collect(memory.forResponse(), exchange.remaining()).whenComplete((whole, error) -> {
            if (error != null) {
                judged.completeExceptionally(failed(exchange, attempt, (UpstreamException) error));
            } else {
                exchange.commit(attempt, whole.status());
                judged.complete(whole);
            }
        });
    }

    private AttemptFailed failed(Exchange exchange, Attempt attempt, UpstreamException error) {
        Outcome.Failed failure = new Outcome.Failed(error.failureCause(), error.getMessage());
        rest(attempt.node(), failure.cause(), null);
        exchange.failed(attempt, failure, Optional.empty());
        return next(exchange, failure.cause());
    }

    private AttemptFailed rejected(Exchange exchange, Attempt attempt, UpstreamResponse response) {
        FailureCause cause = response.failure().orElseThrow();
        rest(attempt.node(), cause, response.headers().get("retry-after"));
        Outcome.Failed failure = new Outcome.Failed(cause, "status " + response.status());
        exchange.failed(attempt, failure, Optional.of(response));
        return next(exchange, cause);
    }

    private void rest(Node node, FailureCause cause, String retryAfter) {
        if (cause == FailureCause.RATE_LIMITED) {
            node.runtime().restFor(cause, RetryAfter.parse(retryAfter, clock));
        } else if (cause == FailureCause.AUTH_REJECTED) {
            node.runtime().restFor(cause, AUTH_REST);
        }
    }

    private AttemptFailed next(Exchange exchange, FailureCause cause) {
        return policy.next(exchange, cause).map(AttemptFailed::again).orElseGet(AttemptFailed::last);
    }
}
