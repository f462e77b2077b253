package io.silkroute.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.silkroute.breaker.CircuitBreaker.State;
import io.silkroute.testing.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

    private static final Duration COOLDOWN = Duration.ofSeconds(30);
    private static final BreakerSettings SETTINGS =
            new BreakerSettings(Duration.ofSeconds(60), 20, 0.5, 5, COOLDOWN, Duration.ofSeconds(100), 3);

    private final ManualTicker ticker = new ManualTicker();
    private final List<State> changes = new ArrayList<>();
    private final CircuitBreaker breaker = new CircuitBreaker(SETTINGS, ticker, (from, to) -> changes.add(to));

    @Test
    void opensAfterFailuresInARow() {
        fail(4);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);

        fail(1);

        assertThat(breaker.state()).isEqualTo(State.OPEN);
        assertThat(breaker.tryAcquire()).isEmpty();
        assertThat(breaker.remainingCooldown()).isEqualTo(COOLDOWN);
        assertThat(breaker.streak()).isEqualTo(5);
    }

    @Test
    void aSuccessEndsTheStreak() {
        fail(4);
        succeed(1);
        fail(4);

        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        assertThat(breaker.streak()).isEqualTo(4);
    }

    @Test
    void opensAtTheFailureRateOnceThereAreEnoughResults() {
        for (int i = 0; i < 9; i++) {
            fail(1);
            succeed(1);
        }
        fail(1);
        assertThat(breaker.state()).as("19 results").isEqualTo(State.CLOSED);

        succeed(1);

        assertThat(breaker.state()).as("20 results, half of them failures").isEqualTo(State.OPEN);
    }

    @Test
    void failuresThatLeftTheWindowDoNotCount() {
        for (int i = 0; i < 9; i++) {
            fail(1);
            succeed(1);
        }
        ticker.advance(Duration.ofSeconds(61));
        fail(1);
        succeed(1);

        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        assertThat(breaker.failureRate()).isEqualTo(0.5);
    }

    @Test
    void whatIsIgnoredNeverOpens() {
        for (int i = 0; i < 100; i++) {
            acquire().ignore();
        }

        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        assertThat(breaker.failureRate()).isZero();
    }

    @Test
    void turnsHalfOpenWhenTheCooldownIsOverAndAdmitsOnlySoManyAtATime() {
        fail(5);
        ticker.advance(COOLDOWN.minusNanos(1));
        assertThat(breaker.state()).isEqualTo(State.OPEN);

        ticker.advance(Duration.ofNanos(1));

        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        List<Permit> probes = List.of(acquire(), acquire(), acquire());
        assertThat(breaker.tryAcquire()).isEmpty();
        assertThat(breaker.admits()).isFalse();

        probes.get(0).ignore();
        assertThat(breaker.tryAcquire())
                .as("a cancelled probe gives its place back")
                .isPresent();
    }

    @Test
    void soManySuccessesCloseItAndClearTheCounts() {
        fail(5);
        ticker.advance(COOLDOWN);

        succeed(2);
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        succeed(1);

        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        assertThat(breaker.streak()).isZero();
        assertThat(breaker.failureRate()).isZero();
    }

    @Test
    void eachReopeningInARowDoublesTheCooldownUpToItsCap() {
        fail(5);
        for (Duration expected : List.of(COOLDOWN, COOLDOWN.multipliedBy(2), Duration.ofSeconds(100))) {
            assertThat(breaker.remainingCooldown()).isEqualTo(expected);
            ticker.advance(expected);
            fail(1);
        }
        ticker.advance(Duration.ofSeconds(100));
        succeed(3);
        fail(5);

        assertThat(breaker.remainingCooldown()).as("closing begins anew").isEqualTo(COOLDOWN);
    }

    @Test
    void aLateResultOfAnEarlierStateChangesNothing() {
        Permit late = acquire();
        Permit lateToo = acquire();
        fail(5);
        ticker.advance(COOLDOWN);
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);

        late.failure();
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        succeed(2);
        lateToo.success();

        assertThat(breaker.state()).as("two probes succeeded, not three").isEqualTo(State.HALF_OPEN);
    }

    @Test
    void tellsEveryChangeOnce() {
        fail(5);
        ticker.advance(COOLDOWN);
        assertThat(breaker.admits()).isTrue();
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        fail(1);
        ticker.advance(COOLDOWN.multipliedBy(2));
        succeed(3);

        assertThat(changes).containsExactly(State.OPEN, State.HALF_OPEN, State.OPEN, State.HALF_OPEN, State.CLOSED);
    }

    @Test
    void onlyTheFirstEndingOfAPermitCounts() {
        List<Permit> permits = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            permits.add(acquire());
        }
        permits.forEach(Permit::failure);
        permits.forEach(Permit::failure);

        assertThat(breaker.streak()).isEqualTo(4);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
    }

    private Permit acquire() {
        return breaker.tryAcquire().orElseThrow();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            acquire().failure();
        }
    }

    private void succeed(int times) {
        for (int i = 0; i < times; i++) {
            acquire().success();
        }
    }
}
