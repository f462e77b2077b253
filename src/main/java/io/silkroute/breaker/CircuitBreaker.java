package io.silkroute.breaker;

import io.silkroute.kernel.Ticker;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The circuit breaker of one node: closed, open, half-open, closed.
 *
 * <p>Each state is an object of its own that holds its own counts; a permit remembers the state that gave it, so the late
 * result of an earlier state finds that state gone and changes nothing. Thread-safe and lock-free: every transition is one
 * compare-and-set.
 */
public final class CircuitBreaker {

    /** The state as seen from outside. */
    public enum State {
        CLOSED,
        HALF_OPEN,
        OPEN;

        /** The name in metrics and events, for example {@code half_open}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** For people, for example {@code half-open}. */
        public String text() {
            return wireName().replace('_', '-');
        }
    }

    /** Told of every change of state, once, by the thread that made it: must be quick and must not throw. */
    @FunctionalInterface
    public interface Listener {
        void changed(State from, State to);
    }

    private sealed interface Phase {
        State state();

        /** Failures in a row up to now. */
        int failuresInARow();
    }

    private record Closed(SlidingWindow window, AtomicInteger streak) implements Phase {
        @Override
        public State state() {
            return State.CLOSED;
        }

        @Override
        public int failuresInARow() {
            return streak.get();
        }
    }

    private record Open(long sinceNanos, long cooldownNanos, int reopenings, int failuresInARow) implements Phase {
        @Override
        public State state() {
            return State.OPEN;
        }

        long remaining(long now) {
            return cooldownNanos - (now - sinceNanos);
        }
    }

    private record HalfOpen(int reopenings, int failuresInARow, AtomicInteger inFlight, AtomicInteger successes)
            implements Phase {
        @Override
        public State state() {
            return State.HALF_OPEN;
        }
    }

    private final BreakerSettings settings;
    private final Ticker ticker;
    private final Listener listener;
    private final AtomicReference<Phase> phase;

    public CircuitBreaker(BreakerSettings settings, Ticker ticker, Listener listener) {
        this.settings = settings;
        this.ticker = ticker;
        this.listener = listener;
        this.phase = new AtomicReference<>(closed());
    }

    /** Leave to send one request, or empty when the breaker is open or all probe places are taken. */
    public Optional<Permit> tryAcquire() {
        Phase current = settled();
        if (current instanceof Closed closed) {
            return Optional.of(new ClosedPermit(closed));
        }
        if (current instanceof HalfOpen halfOpen && takePlace(halfOpen)) {
            return Optional.of(new ProbePermit(halfOpen));
        }
        return Optional.empty();
    }

    /** Whether {@link #tryAcquire()} would give a permit now; another thread may take it first. */
    public boolean admits() {
        Phase current = settled();
        return current instanceof Closed
                || current instanceof HalfOpen halfOpen && halfOpen.inFlight.get() < settings.halfOpenProbes();
    }

    /** The state now; it turns half-open when the cooldown is over, traffic or not. */
    public State state() {
        return settled().state();
    }

    /** How long it stays open; zero when it is not. */
    public Duration remainingCooldown() {
        return settled() instanceof Open open ? Duration.ofNanos(open.remaining(ticker.nanos())) : Duration.ZERO;
    }

    /** Failures in a row; those that opened it count until it closes. */
    public int streak() {
        return settled().failuresInARow();
    }

    /** Failures per result in the window, 0 to 1; 1 while it is not closed, as the window went with the closed state. */
    public double failureRate() {
        return settled() instanceof Closed closed ? closed.window.failureRate() : 1;
    }

    /** The present phase, after an open one whose cooldown is over has turned half-open. */
    private Phase settled() {
        Phase current = phase.get();
        if (current instanceof Open open && open.remaining(ticker.nanos()) <= 0) {
            HalfOpen halfOpen =
                    new HalfOpen(open.reopenings, open.failuresInARow, new AtomicInteger(), new AtomicInteger());
            return transition(open, halfOpen) ? halfOpen : phase.get();
        }
        return current;
    }

    /** The one way from a phase to the next; false when another thread was first. */
    private boolean transition(Phase from, Phase to) {
        if (phase.compareAndSet(from, to)) {
            listener.changed(from.state(), to.state());
            return true;
        }
        return false;
    }

    private boolean takePlace(HalfOpen halfOpen) {
        int taken;
        do {
            taken = halfOpen.inFlight.get();
            if (taken >= settings.halfOpenProbes()) {
                return false;
            }
        } while (!halfOpen.inFlight.compareAndSet(taken, taken + 1));
        return true;
    }

    private Closed closed() {
        return new Closed(new SlidingWindow(ticker, settings.window()), new AtomicInteger());
    }

    private Open open(int reopenings, int failuresInARow) {
        return new Open(ticker.nanos(), settings.cooldown(reopenings).toNanos(), reopenings, failuresInARow);
    }

    private abstract static class OnePermit extends AtomicBoolean implements Permit {

        /** True for the first ending only. */
        boolean end() {
            return !getPlain() && compareAndSet(false, true);
        }
    }

    private final class ClosedPermit extends OnePermit {
        private final transient Closed origin;

        ClosedPermit(Closed origin) {
            this.origin = origin;
        }

        @Override
        public void success() {
            if (end()) {
                origin.window.success();
                // Read first: on a healthy node the streak is 0 for ever, and a write would bounce the cache line.
                if (origin.streak.get() != 0) {
                    origin.streak.set(0);
                }
                // A success can be the result that makes the window large enough to judge.
                if (origin.window.failedLately()) {
                    tripIfRateReached();
                }
            }
        }

        @Override
        public void failure() {
            if (end()) {
                origin.window.failure();
                if (origin.streak.incrementAndGet() >= settings.consecutiveFails()) {
                    transition(origin, open(0, origin.streak.get()));
                } else {
                    tripIfRateReached();
                }
            }
        }

        @Override
        public void ignore() {
            end();
        }

        private void tripIfRateReached() {
            if (origin.window.trips(settings.minRequests(), settings.failureRate())) {
                transition(origin, open(0, origin.streak.get()));
            }
        }
    }

    private final class ProbePermit extends OnePermit {
        private final transient HalfOpen origin;

        ProbePermit(HalfOpen origin) {
            this.origin = origin;
        }

        @Override
        public void success() {
            if (end()) {
                if (origin.successes.incrementAndGet() >= settings.halfOpenProbes()) {
                    transition(origin, closed());
                }
                origin.inFlight.decrementAndGet();
            }
        }

        @Override
        public void failure() {
            if (end()) {
                transition(origin, open(origin.reopenings + 1, origin.failuresInARow + 1));
                origin.inFlight.decrementAndGet();
            }
        }

        @Override
        public void ignore() {
            if (end()) {
                origin.inFlight.decrementAndGet();
            }
        }
    }
}
