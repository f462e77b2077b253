package io.silkroute.routing;

import io.silkroute.breaker.BreakerSettings;
import io.silkroute.breaker.CircuitBreaker;
import io.silkroute.breaker.Permit;
import io.silkroute.kernel.FailureCause;
import io.silkroute.kernel.NodeId;
import io.silkroute.kernel.Outcome;
import io.silkroute.kernel.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The living state of a node: circuit breaker, rest, counters, round-trip time. It is kept by node id and survives changes
 * of the configuration. Thread-safe and lock-free.
 */
public final class NodeRuntime {

    /** Weight of a new sample in the round-trip average, that of TCP's smoothed round-trip time (RFC 6298). */
    private static final double RTT_GAIN = 0.125;

    /** A failure to show to operators. */
    public record LastError(FailureCause cause, String message, Instant at) {}

    /** A probe to show to operators. */
    public record LastProbe(boolean ok, Duration latency, Instant at) {}

    private final NodeId id;
    private final Clock clock;
    private final RoutingListener listener;
    private final CircuitBreaker breaker;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Rest rest;
    private volatile LastError lastError;
    private volatile LastProbe lastProbe;
    private volatile boolean suspect;
    private volatile boolean warming;
    private volatile double roundTripNanos;

    /**
     * @param id whose state it is, for the listener
     * @param settings of its breaker
     * @param ticker for durations
     * @param clock for moments to show
     * @param listener told of breaker changes and rests
     */
    public NodeRuntime(NodeId id, BreakerSettings settings, Ticker ticker, Clock clock, RoutingListener listener) {
        this.id = id;
        this.clock = clock;
        this.listener = listener;
        this.rest = new Rest(ticker);
        this.breaker = new CircuitBreaker(settings, ticker, (from, to) -> listener.breakerChanged(id, from, to));
    }

    /** Whether {@link #tryAcquire} would succeed now; another thread may take the place first. */
    public boolean available(Optional<Integer> maxConcurrency) {
        return rest.remaining().isZero() && !full(maxConcurrency, inFlight.get()) && breaker.admits();
    }

    /** Takes a place on the node for one attempt, or empty when it rests, is full, or its breaker refuses. */
    public Optional<Permit> tryAcquire(Optional<Integer> maxConcurrency) {
        if (!rest.remaining().isZero()) {
            return Optional.empty();
        }
        if (full(maxConcurrency, inFlight.getAndIncrement())) {
            inFlight.decrementAndGet();
            return Optional.empty();
        }
        Optional<Permit> permit = breaker.tryAcquire();
        if (permit.isEmpty()) {
            inFlight.decrementAndGet();
        } else {
            requests.increment();
        }
        return permit;
    }

    /** Ends the attempt that {@code permit} was given for; to be called exactly once for it. */
    public void end(Permit permit, Outcome outcome) {
        inFlight.decrementAndGet();
        if (outcome instanceof Outcome.Failed failed) {
            failures.increment();
            lastError = new LastError(failed.cause(), failed.message(), clock.instant());
            if (failed.cause().countsAgainstNode()) {
                permit.failure();
            } else {
                permit.ignore();
            }
        } else if (outcome instanceof Outcome.Succeeded) {
            permit.success();
            // Read first: the write would bounce the cache line for nothing.
            if (suspect) {
                suspect = false;
            }
        } else {
            permit.ignore();
        }
    }

    /** Keeps requests away for a while without opening the breaker; of two rests the one that ends later holds. */
    public void restFor(FailureCause cause, Duration duration) {
        rest.begin(cause, duration);
        listener.rested(id, cause, duration);
    }

    /** Ends a rest early: the configuration of the node changed, so its key or address may be right now. */
    public void wake() {
        rest.end();
    }

    /**
     * Takes note of a background probe. A failed one makes the node suspect, so that others go before it, until a probe or a
     * request succeeds. A successful one counts in half-open like a request that succeeded, unless requests hold all places,
     * who will decide themselves. A failed one does not re-open: it was no caller's request, and nobody was harmed.
     */
    public void probed(boolean ok, Duration latency) {
        lastProbe = new LastProbe(ok, latency, clock.instant());
        suspect = !ok;
        if (ok && halfOpen()) {
            breaker.tryAcquire().ifPresent(Permit::success);
        }
    }

    /** Ends a suspicion: of several probes one succeeded, though not the last. */
    public void trust() {
        suspect = false;
    }

    /** Says whether the node is being pre-warmed now. */
    public void warming(boolean now) {
        warming = now;
    }

    /** Whether it is being pre-warmed now. */
    public boolean warming() {
        return warming;
    }

    /** Whether its last probe failed and nothing succeeded since. */
    public boolean suspect() {
        return suspect;
    }

    /** The state of its breaker now. */
    public CircuitBreaker.State breakerState() {
        return breaker.state();
    }

    /** Whether its breaker lets only a few requests through, to see. */
    public boolean halfOpen() {
        return breaker.state() == CircuitBreaker.State.HALF_OPEN;
    }

    /** Whether it rests, for a throttled request or a rejected key. */
    public boolean resting() {
        return !rest.remaining().isZero();
    }

    /** Counts one observed time from sending a request to the first byte of the answer, in nanoseconds. */
    public void observeRoundTrip(long nanos) {
        double before = roundTripNanos;
        // A lost update among racing threads costs one sample of an average: not worth a loop on the request path.
        roundTripNanos = before == 0 ? nanos : before + RTT_GAIN * (nanos - before);
    }

    /** Smoothed time to the first byte; empty before the first answer. */
    public Optional<Duration> roundTrip() {
        double nanos = roundTripNanos;
        return nanos == 0 ? Optional.empty() : Optional.of(Duration.ofNanos((long) nanos));
    }

    /** How long until the node may be tried again: the longer of rest and cooldown; zero when it may be tried now. */
    public Duration unavailableFor() {
        Duration resting = rest.remaining();
        Duration cooling = breaker.remainingCooldown();
        return resting.compareTo(cooling) > 0 ? resting : cooling;
    }

    /** The condition, from the node's own side; a disabled node is the table's business. */
    public NodeStatus status() {
        CircuitBreaker.State state = breaker.state();
        if (state == CircuitBreaker.State.OPEN) {
            return NodeStatus.CIRCUIT_BREAKER_OPEN;
        }
        Optional<FailureCause> resting = rest.cause();
        if (resting.isPresent()) {
            return resting.get() == FailureCause.AUTH_REJECTED ? NodeStatus.AUTH_REJECTED : NodeStatus.RATE_LIMITED;
        }
        if (state == CircuitBreaker.State.HALF_OPEN) {
            return NodeStatus.CIRCUIT_BREAKER_HALF_OPEN;
        }
        return warming ? NodeStatus.WARMING : NodeStatus.HEALTHY;
    }

    /** Attempts running now. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Attempts since the start of the process. */
    public long requests() {
        return requests.sum();
    }

    /** Failed attempts since the start of the process, whether they count against the node or not. */
    public long failures() {
        return failures.sum();
    }

    /** Counted failures in a row. */
    public int failureStreak() {
        return breaker.streak();
    }

    /** Counted failures per result in the breaker's window, 0 to 1. */
    public double failureRate() {
        return breaker.failureRate();
    }

    /** The newest failure, if any. */
    public Optional<LastError> lastError() {
        return Optional.ofNullable(lastError);
    }

    /** The newest probe, if any. */
    public Optional<LastProbe> lastProbe() {
        return Optional.ofNullable(lastProbe);
    }

    private static boolean full(Optional<Integer> maxConcurrency, int running) {
        return maxConcurrency.isPresent() && running >= maxConcurrency.get();
    }
}
