package io.silkroute.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.silkroute.breaker.CircuitBreaker.State;
import io.silkroute.testing.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** Many threads at one breaker, over and over from the same starting line: what races may do, and what they may not. */
class CircuitBreakerStressTest {

    private static final int THREADS = 2;
    private static final int ROUNDS = 100_000;
    private static final int PROBES = 3;
    private static final Duration COOLDOWN = Duration.ofSeconds(1);
    private static final BreakerSettings SETTINGS =
            new BreakerSettings(Duration.ofSeconds(60), 20, 0.5, 1, COOLDOWN, COOLDOWN, PROBES);

    private final ManualTicker ticker = new ManualTicker();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger halfOpened = new AtomicInteger();
    private final CircuitBreaker breaker = new CircuitBreaker(SETTINGS, ticker, this::count);

    @Test
    void onlyOneThreadOpensItAndOnlyOneTurnsItHalfOpen() {
        race(thread -> breaker.tryAcquire().ifPresent(Permit::failure), round -> {
            assertThat(opened.getAndSet(0)).as("openings in round " + round).isEqualTo(1);
            ticker.advance(COOLDOWN);
            assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
            assertThat(halfOpened.getAndSet(0)).isEqualTo(1);
        });
    }

    @Test
    void theFirstToLookAfterTheCooldownGetAllThePlacesAndNoMore() {
        AtomicInteger given = new AtomicInteger();
        List<Permit> held = Collections.synchronizedList(new ArrayList<>());
        open();
        race(
                thread -> {
                    for (int i = 0; i < PROBES; i++) {
                        breaker.tryAcquire().ifPresent(permit -> {
                            given.incrementAndGet();
                            held.add(permit);
                        });
                    }
                },
                round -> {
                    assertThat(given.getAndSet(0))
                            .as("places given in round " + round)
                            .isEqualTo(PROBES);
                    held.forEach(Permit::failure);
                    held.clear();
                    ticker.advance(COOLDOWN);
                });
    }

    @Test
    void placesComeBackHoweverPermitsEndAndWhoeverEndsThemToo() {
        SplittableRandom[] random = new SplittableRandom[THREADS];
        for (int i = 0; i < THREADS; i++) {
            random[i] = new SplittableRandom(i);
        }
        race(
                thread -> {
                    for (int i = 0; i < 4; i++) {
                        Optional<Permit> permit = breaker.tryAcquire();
                        permit.ifPresent(each -> endSomehow(each, random[thread].nextInt(4)));
                    }
                },
                round -> {
                    open();
                    assertThat(placesNow()).as("places after round " + round).isEqualTo(PROBES);
                });
    }

    private static void endSomehow(Permit permit, int how) {
        switch (how) {
            case 0 -> permit.success();
            case 1 -> permit.failure();
            case 2 -> permit.ignore();
            default -> {
                permit.ignore();
                permit.failure();
            }
        }
    }

    /** Brings it to the end of a cooldown. */
    private void open() {
        while (breaker.state() != State.OPEN) {
            breaker.tryAcquire().orElseThrow().failure();
        }
        ticker.advance(COOLDOWN);
    }

    /** Takes all places and gives them back. */
    private int placesNow() {
        List<Permit> taken = new ArrayList<>();
        for (Optional<Permit> permit = breaker.tryAcquire(); permit.isPresent(); permit = breaker.tryAcquire()) {
            taken.add(permit.get());
        }
        taken.forEach(Permit::ignore);
        return taken.size();
    }

    private void count(State from, State to) {
        if (to == State.OPEN) {
            opened.incrementAndGet();
        } else if (to == State.HALF_OPEN) {
            halfOpened.incrementAndGet();
        }
    }

    /** Each round: all threads at once, then, when all are done, the check. */
    private static void race(IntConsumer together, IntConsumer after) {
        // Spinning and not parked: threads that are woken up come one after another, and never meet.
        AtomicInteger arrived = new AtomicInteger();
        AtomicInteger checked = new AtomicInteger();
        AtomicBoolean failed = new AtomicBoolean();
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            Runnable rounds = () -> {
                for (int round = 0; round < ROUNDS && !failed.get(); round++) {
                    int done = round;
                    int all = (2 * round + 1) * THREADS;
                    arrived.incrementAndGet();
                    spinUntil(() -> arrived.get() >= all || failed.get());
                    together.accept(thread);
                    arrived.incrementAndGet();
                    spinUntil(() -> arrived.get() >= all + THREADS || failed.get());
                    if (thread == 0) {
                        after.accept(round);
                        checked.incrementAndGet();
                    }
                    spinUntil(() -> checked.get() > done || failed.get());
                }
            };
            threads.add(CompletableFuture.runAsync(rounds, task -> new Thread(task, "racer").start())
                    .whenComplete((v, error) -> failed.compareAndSet(false, error != null)));
        }
        threads.forEach(CompletableFuture::join);
    }

    private static void spinUntil(BooleanSupplier condition) {
        for (int spins = 0; !condition.getAsBoolean(); spins++) {
            if (spins > 1000) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }
}
