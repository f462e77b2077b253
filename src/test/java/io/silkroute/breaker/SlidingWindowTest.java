package io.silkroute.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.silkroute.kernel.Ticker;
import io.silkroute.testing.ManualTicker;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class SlidingWindowTest extends WindowContract {

    /** A pause and the result that ends it. */
    record Step(Duration pause, boolean failed) {}

    @Override
    Window create(Ticker ticker) {
        return adapt(ticker);
    }

    @Property
    void equalsTheNaiveOneForAnyResultsAndPauses(@ForAll("steps") List<Step> steps) {
        ManualTicker ticker = new ManualTicker();
        Window fast = adapt(ticker);
        Window naive = new NaiveWindow(ticker);
        for (Step step : steps) {
            ticker.advance(step.pause);
            for (Window window : List.of(fast, naive)) {
                if (step.failed) {
                    window.failure();
                } else {
                    window.success();
                }
            }
            assertThat(fast.failureRate()).isEqualTo(naive.failureRate());
            assertThat(fast.trips(5, 0.5)).isEqualTo(naive.trips(5, 0.5));
        }
    }

    /** Mostly short pauses, so that slices fill up; some that empty the window in part or whole. */
    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Duration> pause = Arbitraries.frequencyOf(
                        Tuple.of(8, Arbitraries.longs().between(0, 1_500_000_000L)),
                        Tuple.of(2, Arbitraries.longs().between(0, 50_000_000_000L)),
                        Tuple.of(1, Arbitraries.longs().between(0, 500_000_000_000L)))
                .map(Duration::ofNanos);
        return Combinators.combine(pause, Arbitraries.of(true, false))
                .as(Step::new)
                .list()
                .ofMaxSize(120);
    }

    private static Window adapt(Ticker ticker) {
        SlidingWindow window = new SlidingWindow(ticker, LENGTH);
        return new Window() {
            @Override
            public void success() {
                window.success();
            }

            @Override
            public void failure() {
                window.failure();
            }

            @Override
            public boolean trips(int minRequests, double failureRate) {
                return window.trips(minRequests, failureRate);
            }

            @Override
            public double failureRate() {
                return window.failureRate();
            }
        };
    }
}
