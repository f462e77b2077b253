package io.silkroute.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.silkroute.breaker.CircuitBreaker.State;
import io.silkroute.testing.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What holds of the breaker whatever happens to it, in whatever order. */
class CircuitBreakerPropertiesTest {

    private static final int PROBES = 3;
    private static final Duration COOLDOWN = Duration.ofSeconds(10);
    private static final BreakerSettings SETTINGS =
            new BreakerSettings(Duration.ofSeconds(60), 6, 0.5, 3, COOLDOWN, COOLDOWN.multipliedBy(4), PROBES);

    enum Step {
        ACQUIRE,
        SUCCESS,
        FAILURE,
        IGNORE,
        END_TWICE,
        TIME
    }

    /** A permit and the state that it was given in. */
    private record Running(Permit permit, State given, int generation) {}

    @Property(tries = 2000)
    void neverMoreProbesAtATimeThanAllowedAndNoneIsLost(@ForAll("steps") List<Step> steps) {
        Life life = new Life();
        steps.forEach(life::take);

        life.running.forEach(each -> each.permit.ignore());
        life.reopenAndCoolDown();
        assertThat(life.probesGiven()).as("places after all permits ended").isEqualTo(PROBES);
    }

    @Property(tries = 2000)
    void theResultOfAnEarlierStateChangesNothing(@ForAll("steps") List<Step> steps) {
        Life life = new Life();
        steps.forEach(life::take);

        State state = life.breaker.state();
        int now = life.generation;
        int streak = life.breaker.streak();
        double rate = life.breaker.failureRate();
        life.running.stream().filter(each -> each.generation != now).forEach(each -> each.permit.failure());

        assertThat(life.breaker.state()).isEqualTo(state);
        assertThat(life.generation).isEqualTo(now);
        assertThat(life.breaker.streak()).isEqualTo(streak);
        assertThat(life.breaker.failureRate()).isEqualTo(rate);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Arbitraries.frequency(
                        Tuple.of(8, Step.ACQUIRE),
                        Tuple.of(3, Step.SUCCESS),
                        Tuple.of(4, Step.FAILURE),
                        Tuple.of(1, Step.IGNORE),
                        Tuple.of(1, Step.END_TWICE),
                        Tuple.of(2, Step.TIME))
                .list()
                .ofMinSize(1)
                .ofMaxSize(80);
    }

    /** One breaker and those who hold its permits. */
    private static final class Life {
        private final List<Running> running = new ArrayList<>();
        private final ManualTicker ticker = new ManualTicker();
        private int generation;
        private final CircuitBreaker breaker = new CircuitBreaker(SETTINGS, ticker, (from, to) -> generation++);

        private void take(Step step) {
            if (step == Step.TIME) {
                ticker.advance(COOLDOWN.dividedBy(2));
            } else if (step == Step.ACQUIRE) {
                breaker.tryAcquire().ifPresent(permit -> running.add(new Running(permit, breaker.state(), generation)));
                assertThat(probesRunning()).isLessThanOrEqualTo(PROBES);
            } else if (!running.isEmpty()) {
                // The middle one: permits do not end in the order in which they were given.
                Permit permit = running.remove(running.size() / 2).permit;
                switch (step) {
                    case SUCCESS -> permit.success();
                    case FAILURE -> permit.failure();
                    case IGNORE -> permit.ignore();
                    default -> {
                        permit.ignore();
                        permit.failure();
                        permit.success();
                    }
                }
            }
        }

        private long probesRunning() {
            return running.stream()
                    .filter(each -> each.given == State.HALF_OPEN && each.generation == generation)
                    .count();
        }

        private void reopenAndCoolDown() {
            while (breaker.state() != State.OPEN) {
                breaker.tryAcquire().orElseThrow().failure();
            }
            ticker.advance(SETTINGS.cooldownMax());
        }

        private int probesGiven() {
            int given = 0;
            for (Optional<Permit> permit = breaker.tryAcquire(); permit.isPresent(); permit = breaker.tryAcquire()) {
                given++;
            }
            return given;
        }
    }
}
