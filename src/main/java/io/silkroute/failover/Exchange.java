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
import java.util.OptionalInt;

/**
 * One request of a caller on its way through the nodes: what was tried, what is running, what could still be relayed.
 * Belongs to one event loop.
 */
public final class Exchange {

    private record Held(Node node, UpstreamResponse response) {}

    private Account account;
    private final UpstreamRequest request;
    private final Delivery delivery;
    private final Ticker ticker;
    private final FailoverListener listener;
    private final long startedAt;
    private final Duration totalTimeout;
    private final AttemptLedger ledger = new AttemptLedger();
    private Attempt current;
    private Held rejected;
    private FailureCause lastCause;
    private boolean collectsStream;
    private Runnable stopWaiting = () -> {};
    private QueueExit turnedAway;
    private boolean callerLeft;
    private boolean finished;
    private long firstAttemptAt;

    Exchange(
            Account account,
            UpstreamRequest request,
            Delivery delivery,
            Duration totalTimeout,
            Ticker ticker,
            FailoverListener listener) {
        this.account = account;
        this.request = request;
        this.delivery = delivery;
        this.ticker = ticker;
        this.listener = listener;
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

    /** When the answer goes out. */
    public Delivery delivery() {
        return delivery;
    }

    /** Whether an event stream is, or was, collected: a caller who waits may be told that it goes on. */
    public boolean collectsStream() {
        return collectsStream;
    }

    /** The name of the node whose response goes to the caller, once there is one. */
    public Optional<String> answeredBy() {
        if (current != null) {
            return Optional.of(current.node().name());
        }
        return relayable().map(held -> held.node.name());
    }

    /** The head of the answer goes out now. */
    public void answering() {
        listener.committed(account, Duration.ofNanos(ticker.nanos() - startedAt));
    }

    /** The body of the answer went out whole, {@code bytes} of it. */
    public void delivered(long bytes) {
        if (current != null) {
            ledger.sent(current.node().spec().id(), bytes);
            current.end(Outcome.SUCCEEDED);
            finish(RequestOutcome.SUCCESS, Optional.of(current.node()));
        } else if (rejected != null) {
            ledger.sent(rejected.node.spec().id(), bytes);
            finish(RequestOutcome.RELAYED_FAILURE, Optional.of(rejected.node));
        }
    }

    /** The body of the answer broke off, after {@code bytes}. */
    public void broken(FailureCause cause, String message, long bytes) {
        if (current != null) {
            ledger.sent(current.node().spec().id(), bytes);
            ledger.brokenOff(cause);
            current.end(new Outcome.Failed(cause, message));
            finish(RequestOutcome.CUT, Optional.of(current.node()));
        } else if (rejected != null) {
            finish(RequestOutcome.CUT, Optional.of(rejected.node));
        }
    }

    /** The caller left: whatever runs is cancelled, nobody is blamed. Does nothing after the end. */
    public void callerLeft() {
        callerLeft = true;
        request.body().release();
        stopWaiting.run();
        if (current != null) {
            current.cancel();
        }
        dropRejected();
        finish(RequestOutcome.CLIENT_CANCELLED, Optional.empty());
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
            finish(RequestOutcome.ALL_FAILED, Optional.empty());
            return new Verdict.AllFailed(lastCause);
        }
        finish(turnedAway == null ? RequestOutcome.NO_NODE : RequestOutcome.of(turnedAway), Optional.empty());
        return new Verdict.NoNode(account.soonest(), Optional.ofNullable(turnedAway));
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
        long now = ticker.nanos();
        if (attempts() == 0) {
            firstAttemptAt = now;
        }
        int ordinal = attempts() + 1;
        current = new Attempt(selection, now, outcome -> {
            account.runtime().ended(selection.node(), outcome);
            listener.attemptEnded(account, selection.node(), outcome, ordinal);
        });
        return current;
    }

    /** The request waits for a node until {@code stop} runs. */
    void waits(Runnable stop) {
        stopWaiting = stop;
    }

    /** The request waits no longer. */
    void waited(QueueExit exit, Duration took) {
        stopWaiting = () -> {};
        turnedAway = exit == QueueExit.TIMED_OUT || exit == QueueExit.FULL ? exit : null;
        listener.waited(account, exit, took);
    }

    /** The account may have other nodes than when the request came. */
    void continuesOn(Account now) {
        account = now;
    }

    void collects(UpstreamResponse response) {
        collectsStream |= response.dialect().isPresent();
    }

    /** The attempt's response goes to the caller; its outcome follows with the end of the body. */
    void commit(Attempt attempt, int status) {
        enter(attempt, Optional.empty(), OptionalInt.of(status));
        attempt.node().runtime().observeRoundTrip(attempt.roundTrip().toNanos());
        listener.answered(account, attempt.node(), attempt.roundTrip());
        request.body().release();
        dropRejected();
    }

    /** The attempt failed; a response that it brought nevertheless is kept until there is a better one. */
    void failed(Attempt attempt, Outcome.Failed failure, Optional<UpstreamResponse> response) {
        Duration took = enter(
                attempt,
                Optional.of(failure.cause()),
                response.map(r -> OptionalInt.of(r.status())).orElseGet(OptionalInt::empty));
        attempt.end(failure);
        response.ifPresent(r -> listener.answered(account, attempt.node(), took));
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

    private Duration enter(Attempt attempt, Optional<FailureCause> cause, OptionalInt status) {
        Duration took = Duration.ofNanos(ticker.nanos() - attempt.startedAt());
        ledger.add(new AttemptLedger.Entry(
                attempt.node().spec().id(), attempt.node().name(), cause, status, took, 0));
        return took;
    }

    private void finish(RequestOutcome outcome, Optional<Node> node) {
        if (!finished) {
            finished = true;
            long answeredAt = current == null ? firstAttemptAt : current.startedAt();
            listener.requestEnded(new FinishedRequest(
                    request.requestId(),
                    account,
                    node,
                    outcome,
                    ledger.entries(),
                    Duration.ofNanos(answeredAt - firstAttemptAt),
                    Duration.ofNanos(ticker.nanos() - startedAt)));
        }
    }

    private void dropRejected() {
        if (rejected != null) {
            rejected.response.discard();
            rejected = null;
        }
    }
}
