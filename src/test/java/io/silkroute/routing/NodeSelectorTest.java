package io.silkroute.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.silkroute.breaker.BreakerSettings;
import io.silkroute.breaker.Permit;
import io.silkroute.kernel.FailureCause;
import io.silkroute.kernel.NodeId;
import io.silkroute.kernel.Outcome;
import io.silkroute.testing.ManualTicker;
import io.silkroute.testing.Specs;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeSelectorTest {

    private static final Duration COOLDOWN = Duration.ofSeconds(30);

    private final ManualTicker ticker = new ManualTicker();
    private final Routing routing = new Routing(
            new BreakerSettings(Duration.ofSeconds(60), 20, 0.5, 1, COOLDOWN, COOLDOWN, 3),
            false,
            ticker,
            Clock.systemUTC());

    @BeforeEach
    void threeNodes() {
        routing.publish(List.of(new AccountSpec(
                Specs.ACCOUNT,
                "a",
                Optional.empty(),
                Activation.NONE,
                List.of(Specs.node("n1", 1, false), Specs.node("n2", 2, false), Specs.node("n3", 3, false)),
                Instant.EPOCH)));
    }

    @Test
    void withoutAnActiveNodeTheSmallestWeightGoesFirst() {
        assertThat(first()).isEqualTo("n1");
    }

    @Test
    void theActiveNodeGoesFirst() {
        activate("n2");

        assertThat(first()).isEqualTo("n2");
    }

    @Test
    void oneNotYetTriedGoesBeforeTheActiveOneThatWas() {
        activate("n2");

        assertThat(first(Map.of("n2", 1))).isEqualTo("n1");
        assertThat(first(Map.of("n1", 1, "n2", 1))).isEqualTo("n3");
        assertThat(first(Map.of("n1", 1, "n2", 1, "n3", 1))).isEqualTo("n2");
    }

    @Test
    void oneThatFailedItsProbeGoesLastAmongEqualsButTheActiveOneIsTrusted() {
        node("n1").runtime().probed(false, Duration.ZERO);
        assertThat(first()).isEqualTo("n2");

        activate("n1");

        assertThat(first()).isEqualTo("n1");
    }

    @Test
    void aRequestThatSucceedsEndsTheSuspicion() {
        node("n1").runtime().probed(false, Duration.ZERO);
        node("n1").runtime().end(permit("n1"), Outcome.SUCCEEDED);

        assertThat(first()).isEqualTo("n1");
    }

    @Test
    void aHalfOpenNodeGetsNoRequestWhileThereIsAnother() {
        activate("n1");
        fail("n1");
        ticker.advance(COOLDOWN);
        assertThat(node("n1").usable()).isTrue();
        assertThat(first()).isEqualTo("n2");
        assertThat(first(Map.of("n2", 1))).isEqualTo("n3");

        assertThat(first(Map.of("n2", NodeSelector.NEVER, "n3", NodeSelector.NEVER)))
                .as("rather than none")
                .isEqualTo("n1");
    }

    private String first() {
        return first(Map.of());
    }

    private String first(Map<String, Integer> tries) {
        return NodeSelector.peek(account(), node -> tries.getOrDefault(node.name(), 0))
                .orElseThrow()
                .name();
    }

    private void activate(String name) {
        account().runtime().activate(Optional.of(new NodeId(name)));
    }

    private void fail(String name) {
        node(name).runtime().end(permit(name), new Outcome.Failed(FailureCause.RESET, "reset"));
    }

    private Permit permit(String name) {
        return node(name).runtime().tryAcquire(Optional.empty()).orElseThrow();
    }

    private Account account() {
        return routing.table().byId(Specs.ACCOUNT).orElseThrow();
    }

    private Node node(String name) {
        return account().node(new NodeId(name)).orElseThrow();
    }
}
