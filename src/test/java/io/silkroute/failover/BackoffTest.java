package io.silkroute.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.silkroute.failover.RetrySettings.AfterSend;
import io.silkroute.kernel.FailureCause;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BackoffTest {

    private static final DoubleSupplier HIGHEST = () -> 1;
    private static final DoubleSupplier LOWEST = () -> 0;

    @Test
    void growsExponentiallyUpToItsCap() {
        Backoff backoff = backoff(false, HIGHEST);

        assertThat(millis(backoff, 1)).isEqualTo(10);
        assertThat(millis(backoff, 2)).isEqualTo(20);
        assertThat(millis(backoff, 4)).isEqualTo(80);
        assertThat(millis(backoff, 5)).isEqualTo(100);
        assertThat(millis(backoff, 60)).isEqualTo(100);
    }

    @Test
    void isShortenedByChanceToHalfAtTheMost() {
        assertThat(millis(backoff(false, LOWEST), 1)).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource(names = {"CONNECT_REFUSED", "RESET"})
    void isNoneWhenTheNodeIsGoneAndAnotherIsNext(FailureCause cause) {
        assertThat(backoff(true, HIGHEST).delay(1, cause, true, Optional.empty()))
                .isZero();
        assertThat(backoff(true, HIGHEST).delay(1, cause, false, Optional.empty()))
                .isPositive();
        assertThat(backoff(false, HIGHEST).delay(1, cause, true, Optional.empty()))
                .isPositive();
    }

    @Test
    void followsTheRoundTripOfTheNextNodeWithinItsBounds() {
        Backoff backoff = backoff(true, HIGHEST);

        assertThat(delay(backoff, Duration.ofMillis(40))).isEqualTo(Duration.ofMillis(40));
        assertThat(delay(backoff, Duration.ofMillis(1))).isEqualTo(Duration.ofMillis(10));
        assertThat(delay(backoff, Duration.ofSeconds(9))).isEqualTo(Duration.ofMillis(100));
    }

    private static Duration delay(Backoff backoff, Duration roundTrip) {
        return backoff.delay(1, FailureCause.STATUS_5XX, true, Optional.of(roundTrip));
    }

    private static long millis(Backoff backoff, int failed) {
        return backoff.delay(failed, FailureCause.STATUS_5XX, true, Optional.empty())
                .toMillis();
    }

    private static Backoff backoff(boolean adaptive, DoubleSupplier random) {
        return new Backoff(
                new RetrySettings(
                        3,
                        Duration.ofMillis(10),
                        Duration.ofMillis(100),
                        adaptive,
                        AfterSend.ALWAYS,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(120),
                        0.2,
                        10),
                random);
    }
}
