package io.silkroute.failover;

import io.silkroute.kernel.FailureCause;
import io.silkroute.kernel.Outcome;
import io.silkroute.kernel.Ticker;
import io.silkroute.routing.Account;
import io.silkroute.routing.Node;
import io.silkroute.routing.NodeSelector.Selection;
import io.silkroute.upstream.UpstreamRequest;
import io.silkroute.upstream.UpstreamResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * One request of a caller on its way through the nodes: what was tried, what is running, what could still be relayed.
 * Belongs to one event loop.
 */
public final class Exchange {

    private record Held(Node node, UpstreamResponse response) {}

    private final Account account;
    private final UpstreamRequest request;
    private final Ticker ticker;
    private final long startedAt;
    private final Duration totalTimeout;
    private final AttemptLedger ledger = new AttemptLedger();
    private Attempt current;
    private Held rejected;
    private FailureCause lastCause;
    private boolean callerLeft;

    Exchange(Account account, UpstreamRequest request, Duration totalTimeout, Ticker ticker) {
        this.account = account;
        this.request = request;
        this.ticker = ticker;
        this.startedAt = ticker.nanos();
        this.totalTimeout = totalTimeout;
    }

    /** What the caller wants. */
    public UpstreamRequest request() {
        return request;
    }

    /** The attempts so far. */
    public AttemptLedger ledger() {
        return ledger;
    }

    /** The name of the node whose response goes to the caller, once there is one. */
    public Optional<String> answeredBy() {
        if (current != null) {
            return Optional.of(current.node().name());
        }
        return relayable().map(held -> held.node.name());
    }

    /** The body of the committed response went out whole. */
    public void delivered() {
        if (current != null) {
            current.end(Outcome.SUCCEEDED);
        }
    }

    /** The body of the committed response ended short. */
    public void cut(String message) {
        if (current != null) {
            current.end(new Outcome.Failed(FailureCause.STREAM_CUT, message));
        }
    }

    /** The caller left: whatever runs is cancelled, nobody is blamed. Does nothing after the end. */
    public void callerLeft() {
        callerLeft = true;
        request.body().release();
        if (current != null) {
            current.cancel();
        }
        dropRejected();
    }

    /** What to tell the caller, after the router gave up. */
    public Verdict verdict() {
        request.body().release();
        if (callerLeft) {
            return new Verdict.CallerLeft();
        }
        Optional<Held> held = relayable();
        if (held.isPresent()) {
            return new Verdict.Relay(held.get().response);
        }
        if (lastCause != null) {
            return new Verdict.AllFailed(lastCause);
        }
        return new Verdict.NoNode(account.soonest());
    }

    Account account() {
        return account;
    }

    int attempts() {
        return ledger.size();
    }

    int tries(Node node) {
        return ledger.tries(node.spec().id());
    }

    Duration remaining() {
        return totalTimeout.minusNanos(ticker.nanos() - startedAt);
    }

    boolean hasCallerLeft() {
        return callerLeft;
    }

    Attempt begin(Selection selection) {
        current = new Attempt(selection, ticker.nanos());
        return current;
    }

    /** The attempt's response goes to the caller; its outcome follows with the end of the body. */
    void commit(Attempt attempt) {
        attempt.node().runtime().observeRoundTrip(enter(attempt, Optional.empty()));
        request.body().release();
        dropRejected();
    }

    /** The attempt failed; a response that it brought nevertheless is kept until there is a better one. */
    void failed(Attempt attempt, Outcome.Failed failure, Optional<UpstreamResponse> response) {
        enter(attempt, Optional.of(failure.cause()));
        attempt.end(failure);
        current = null;
        lastCause = failure.cause();
        response.ifPresent(r -> {
            dropRejected();
            rejected = new Held(attempt.node(), r);
        });
    }

    /** The failed answer that is kept, unless its connection broke meanwhile. */
    private Optional<Held> relayable() {
        return Optional.ofNullable(rejected).filter(held -> !held.response.isBroken());
    }

    private long enter(Attempt attempt, Optional<FailureCause> cause) {
        long took = ticker.nanos() - attempt.startedAt();
        ledger.add(new AttemptLedger.Entry(
                attempt.node().spec().id(), attempt.node().name(), cause, Duration.ofNanos(took)));
        return took;
    }

    private void dropRejected() {
        if (rejected != null) {
            rejected.response.discard();
            rejected = null;
        }
    }
}
