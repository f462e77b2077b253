package io.silkroute.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.silkroute.testing.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SlidingCounterTest {

    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final ManualTicker ticker = new ManualTicker();
    private final SlidingCounter counter = new SlidingCounter(ticker, WINDOW.toNanos(), 10);

    @Test
    void countsWhatIsInTheWindow() {
        counter.increment();
        ticker.advance(Duration.ofSeconds(9));
        counter.increment();

        assertThat(counter.sum()).isEqualTo(2);
    }

    @Test
    void forgetsWhatIsOlder() {
        counter.increment();
        ticker.advance(Duration.ofSeconds(5));
        counter.increment();
        ticker.advance(Duration.ofSeconds(5));

        assertThat(counter.sum()).isEqualTo(1);
    }

    @Test
    void forgetsAllAfterALongIdleGapThatEndsInTheSameBucket() {
        counter.increment();
        ticker.advance(WINDOW.multipliedBy(1000));

        assertThat(counter.sum()).isZero();
    }

    @Test
    void equalsANaiveCountForAnySequence() {
        Random random = new Random(42);
        for (int run = 0; run < 200; run++) {
            ManualTicker clock = new ManualTicker();
            SlidingCounter exact = new SlidingCounter(clock, WINDOW.toNanos(), 10);
            long elapsed = 0;
            List<Long> naive = new ArrayList<>();
            for (int step = 0; step < 100; step++) {
                long pause = random.nextLong(2_500_000_000L);
                clock.advance(Duration.ofNanos(pause));
                elapsed += pause;
                exact.increment();
                naive.add(elapsed / 1_000_000_000L);
                long now = elapsed / 1_000_000_000L;
                assertThat((long) exact.sum())
                        .isEqualTo(naive.stream().filter(s -> s > now - 10).count());
            }
        }
    }

    @Test
    void losesNothingWhenThreadsCountTogether() {
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            threads.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 100_000; i++) {
                    counter.increment();
                }
            }));
        }
        threads.forEach(CompletableFuture::join);

        assertThat(counter.sum()).isEqualTo(400_000);
    }
}
