package io.silkroute.routing;

import io.silkroute.breaker.BreakerSettings;
import io.silkroute.breaker.CircuitBreaker;
import io.silkroute.breaker.Permit;
import io.silkroute.kernel.FailureCause;
import io.silkroute.kernel.Outcome;
import io.silkroute.kernel.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
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

    private record Rest(FailureCause cause, long sinceNanos, long nanos) {
        long remaining(long now) {
            return nanos - (now - sinceNanos);
        }
    }

    private final Ticker ticker;
    private final Clock clock;
    private final CircuitBreaker breaker;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final AtomicReference<Rest> rest = new AtomicReference<>();
    private volatile LastError lastError;
    private volatile double roundTripNanos;

    public NodeRuntime(BreakerSettings settings, Ticker ticker, Clock clock) {
        this.ticker = ticker;
        this.clock = clock;
        this.breaker = new CircuitBreaker(settings, ticker, (from, to) -> {});
    }

    /** Whether {@link #tryAcquire} would succeed now; another thread may take the place first. */
    public boolean available(Optional<Integer> maxConcurrency) {
        return restRemaining().isZero() && !full(maxConcurrency, inFlight.get()) && breaker.admits();
    }

    /** Takes a place on the node for one attempt, or empty when it rests, is full, or its breaker refuses. */
    public Optional<Permit> tryAcquire(Optional<Integer> maxConcurrency) {
        if (!restRemaining().isZero()) {
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
        } else {
            permit.ignore();
        }
    }

    /** Keeps requests away for a while without opening the breaker; of two rests the one that ends later holds. */
    public void restFor(FailureCause cause, Duration duration) {
        long now = ticker.nanos();
        Rest wanted = new Rest(cause, now, duration.toNanos());
        rest.accumulateAndGet(
                wanted, (held, next) -> held != null && held.remaining(now) > next.remaining(now) ? held : next);
    }

    /** Ends a rest early: the configuration of the node changed, so its key or address may be right now. */
    public void wake() {
        rest.set(null);
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
        Duration resting = restRemaining();
        Duration cooling = breaker.remainingCooldown();
        return resting.compareTo(cooling) > 0 ? resting : cooling;
    }

    /** The condition, from the node's own side; a disabled node is the table's business. */
    public NodeStatus status() {
        CircuitBreaker.State state = breaker.state();
        if (state == CircuitBreaker.State.OPEN) {
            return NodeStatus.CIRCUIT_BREAKER_OPEN;
        }
        Rest held = rest.get();
        if (held != null && held.remaining(ticker.nanos()) > 0) {
            return held.cause == FailureCause.AUTH_REJECTED ? NodeStatus.AUTH_REJECTED : NodeStatus.RATE_LIMITED;
        }
        return state == CircuitBreaker.State.HALF_OPEN ? NodeStatus.CIRCUIT_BREAKER_HALF_OPEN : NodeStatus.HEALTHY;
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

    private Duration restRemaining() {
        Rest held = rest.get();
        if (held == null) {
            return Duration.ZERO;
        }
        long remaining = held.remaining(ticker.nanos());
        if (remaining > 0) {
            return Duration.ofNanos(remaining);
        }
        rest.compareAndSet(held, null);
        return Duration.ZERO;
    }

    private static boolean full(Optional<Integer> maxConcurrency, int running) {
        return maxConcurrency.isPresent() && running >= maxConcurrency.get();
    }
}
