package io.silkroute.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.silkroute.kernel.Ticker;
import io.silkroute.testing.ManualTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What any window of results must do, the fast one as well as the naive one that it is measured by. */
abstract class WindowContract {

    /** A window of 60 s in 60 slices. */
    interface Window {
        void success();

        void failure();

        boolean trips(int minRequests, double failureRate);

        double failureRate();
    }

    static final Duration LENGTH = Duration.ofSeconds(60);

    private final ManualTicker ticker = new ManualTicker();
    private final Window window = create(ticker);

    abstract Window create(Ticker ticker);

    @Test
    void isWithoutFailuresAtFirst() {
        assertThat(window.failureRate()).isZero();
        assertThat(window.trips(1, 0.01)).isFalse();
    }

    @Test
    void needsTheLeastNumberOfResults() {
        failures(19);
        assertThat(window.trips(20, 0.5)).isFalse();

        failures(1);

        assertThat(window.trips(20, 0.5)).isTrue();
    }

    @Test
    void tripsExactlyAtTheRate() {
        failures(9);
        successes(11);
        assertThat(window.trips(20, 0.5)).as("9 of 20").isFalse();

        failures(2);

        assertThat(window.trips(20, 0.5)).as("11 of 22").isTrue();
    }

    @Test
    void forgetsWhatLeftItSliceBySlice() {
        failures(1);
        ticker.advance(Duration.ofSeconds(30));
        successes(1);
        assertThat(window.failureRate()).isEqualTo(0.5);

        ticker.advance(Duration.ofSeconds(30));

        assertThat(window.failureRate()).isZero();
    }

    @Test
    void forgetsAllInALongIdleGap() {
        failures(30);
        // A multiple of the window: the same slot of a ring comes up again.
        ticker.advance(LENGTH.multipliedBy(7));

        assertThat(window.trips(1, 0.01)).isFalse();
    }

    private void failures(int count) {
        for (int i = 0; i < count; i++) {
            window.failure();
        }
    }

    private void successes(int count) {
        for (int i = 0; i < count; i++) {
            window.success();
        }
    }
}
