package io.silkroute.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.silkroute.breaker.BreakerSettings;
import io.silkroute.breaker.CircuitBreaker.State;
import io.silkroute.breaker.Permit;
import io.silkroute.kernel.FailureCause;
import io.silkroute.kernel.NodeId;
import io.silkroute.kernel.Outcome;
import io.silkroute.testing.ManualTicker;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NodeRuntimeTest {

    private static final Duration COOLDOWN = Duration.ofSeconds(30);

    private final ManualTicker ticker = new ManualTicker();
    private final NodeRuntime node = new NodeRuntime(
            new NodeId("n"),
            new BreakerSettings(Duration.ofSeconds(60), 20, 0.5, 5, COOLDOWN, COOLDOWN, 3),
            ticker,
            Clock.systemUTC(),
            new RoutingListener() {});

    @Test
    void anHourOfThrottlingNeitherOpensTheBreakerNorCountsInTheRate() {
        for (int second = 0; second < 3600; second++) {
            end(FailureCause.RATE_LIMITED);
            ticker.advance(Duration.ofSeconds(1));
        }

        assertThat(node.breakerState()).isEqualTo(State.CLOSED);
        assertThat(node.failureRate()).isZero();
        assertThat(node.failureStreak()).isZero();
        assertThat(node.failures()).isEqualTo(3600);
    }

    @ParameterizedTest
    @EnumSource(FailureCause.class)
    void onlyCausesThatCountAgainstTheNodeOpenItsBreaker(FailureCause cause) {
        for (int i = 0; i < 5; i++) {
            end(cause);
        }

        assertThat(node.breakerState()).isEqualTo(cause.countsAgainstNode() ? State.OPEN : State.CLOSED);
        assertThat(node.lastError())
                .get()
                .extracting(NodeRuntime.LastError::cause)
                .isEqualTo(cause);
    }

    @Test
    void aCallerWhoLeavesBlamesNobody() {
        for (int i = 0; i < 100; i++) {
            node.end(permit(), Outcome.CANCELLED);
        }

        assertThat(node.breakerState()).isEqualTo(State.CLOSED);
        assertThat(node.failures()).isZero();
        assertThat(node.inFlight()).isZero();
    }

    @Test
    void ofTwoRestsTheOneThatEndsLaterHolds() {
        node.restFor(FailureCause.RATE_LIMITED, Duration.ofSeconds(60));
        node.restFor(FailureCause.RATE_LIMITED, Duration.ofSeconds(5));
        assertThat(node.unavailableFor()).isEqualTo(Duration.ofSeconds(60));

        ticker.advance(Duration.ofSeconds(50));
        node.restFor(FailureCause.AUTH_REJECTED, Duration.ofSeconds(30));

        assertThat(node.unavailableFor()).isEqualTo(Duration.ofSeconds(30));
        assertThat(node.status()).isEqualTo(NodeStatus.AUTH_REJECTED);
        ticker.advance(Duration.ofSeconds(30));
        assertThat(node.available(Optional.empty())).isTrue();
        assertThat(node.status()).isEqualTo(NodeStatus.HEALTHY);
    }

    @Test
    void theRoundTripIsSmoothedAndFollowsTheNode() {
        node.observeRoundTrip(Duration.ofMillis(100).toNanos());
        assertThat(node.roundTrip()).contains(Duration.ofMillis(100));

        node.observeRoundTrip(Duration.ofMillis(180).toNanos());
        assertThat(node.roundTrip()).contains(Duration.ofMillis(110));
    }

    @Test
    void anOpenBreakerShowsBeforeARestAndARestBeforeAWarmUp() {
        node.warming(true);
        assertThat(node.status()).isEqualTo(NodeStatus.WARMING);
        node.restFor(FailureCause.RATE_LIMITED, COOLDOWN.multipliedBy(2));
        assertThat(node.status()).isEqualTo(NodeStatus.RATE_LIMITED);
        node.wake();
        for (int i = 0; i < 5; i++) {
            end(FailureCause.RESET);
        }
        node.restFor(FailureCause.RATE_LIMITED, COOLDOWN.multipliedBy(2));

        assertThat(node.status()).isEqualTo(NodeStatus.CIRCUIT_BREAKER_OPEN);
        ticker.advance(COOLDOWN);
        assertThat(node.status()).as("its breaker is half-open, but it rests").isEqualTo(NodeStatus.RATE_LIMITED);
    }

    @Test
    void aSuccessfulProbeCountsInHalfOpenOnlyWhileRequestsLeaveAPlace() {
        for (int i = 0; i < 5; i++) {
            end(FailureCause.RESET);
        }
        ticker.advance(COOLDOWN);
        Permit first = permit();
        Permit second = permit();
        Permit third = permit();
        for (int i = 0; i < 10; i++) {
            node.probed(true, Duration.ZERO);
        }
        assertThat(node.breakerState()).as("requests hold all places").isEqualTo(State.HALF_OPEN);

        node.end(first, Outcome.CANCELLED);
        node.end(second, Outcome.CANCELLED);
        node.end(third, Outcome.CANCELLED);
        node.probed(true, Duration.ZERO);
        node.probed(false, Duration.ZERO);
        node.probed(true, Duration.ZERO);
        assertThat(node.breakerState()).isEqualTo(State.HALF_OPEN);
        node.probed(true, Duration.ZERO);

        assertThat(node.breakerState()).isEqualTo(State.CLOSED);
    }

    private Permit permit() {
        return node.tryAcquire(Optional.empty()).orElseThrow();
    }

    private void end(FailureCause cause) {
        node.end(permit(), new Outcome.Failed(cause, "test"));
    }
}
