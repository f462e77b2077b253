package io.silkroute.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.silkroute.testing.Await;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.Metrics;
import io.silkroute.testing.SteadyLoad;
import io.silkroute.testing.StoreResource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A planned switch on the running gateway: shares, roll-back, no caller harmed. */
@QuarkusTest
@QuarkusTestResource(StoreResource.class)
@TestProfile(GradualSwitchingTest.Gradual.class)
class GradualSwitchingTest extends GatewayTest {

    private static final int SAMPLES = 500;
    private static final int CALLERS = 8;

    /** Stages that depend on results alone. */
    public static final class Gradual implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "GRADUAL_SWITCH_ENABLED", "true",
                    "GRADUAL_SWITCH_STAGE_SECONDS", "0",
                    "GRADUAL_SWITCH_MIN_SAMPLES", Integer.toString(SAMPLES));
        }
    }

    private FakeNode old;
    private FakeNode fresh;
    private String oldId;
    private String freshId;

    @BeforeEach
    void aPlannedSwitch() {
        old = FakeNode.start(FakeNode.answering("old"));
        fresh = FakeNode.start(FakeNode.answering("fresh"));
        oldId = tenant.node("old", 2, old.url());
        Await.until(
                "the old node is active", () -> tenant.show(oldId).get("active").asBoolean());
        freshId = tenant.node("fresh", 1, fresh.url());
        awaitStage(1);
    }

    @AfterEach
    void stop() {
        old.close();
        fresh.close();
    }

    @Test
    void eachStageHasItsShare() {
        assertShares(10);
        assertThat(hitsOf(1000)).isCloseTo(100, within(20));
        send(4 * 1000);
        awaitStage(2);

        assertShares(50);
        assertThat(hitsOf(900)).isCloseTo(450, within(18));
        send(100);
        awaitStage(0);

        assertShares(100);
        assertThat(hitsOf(1000)).isEqualTo(1000);
        assertThat(tenant.show(freshId).get("active").asBoolean()).isTrue();
        assertThat(events())
                .containsSubsequence(
                        "switched to node fresh (reason: node added), from node old",
                        "stage 2: 50% of traffic to node fresh, the rest to node old",
                        "stage 1: 10% of traffic to node fresh, the rest to node old");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aNewNodeThatFailsIsRolledBackAndNoCallerSeesIt(int stage) {
        if (stage == 2) {
            send(SAMPLES * 10);
            awaitStage(2);
        }
        assertShares(stage == 1 ? 10 : 50);
        int hits = fresh.hits();
        fresh.behave(FakeNode.resetting());

        send(SAMPLES * 2);

        // A breaker's five in a row at the most, and those that were under way by then.
        assertThat(fresh.hits() - hits).isBetween(1, 5 + CALLERS);

        awaitStage(0);
        assertShares(0);
        assertThat(tenant.show(oldId).get("active").asBoolean()).isTrue();
        assertThat(metric("silkroute_rollbacks_total", Map.of())).isEqualTo(1);
        assertThat(events()).anyMatch(event -> event.startsWith("rolled back from node fresh to node old"));
        fresh.behave(FakeNode.answering("fresh"));
        int before = fresh.hits();
        send(100);
        assertThat(fresh.hits()).isEqualTo(before);
    }

    @Test
    void underLoadNothingIsLost() {
        try (SteadyLoad load = new SteadyLoad(tenant, 500)) {
            Await.within(
                    Duration.ofSeconds(40),
                    "the switch is done",
                    () -> tenant.show(freshId).get("active").asBoolean());
            assertThat(load.stop()).hasSizeGreaterThan(SAMPLES * 11).allMatch(answer -> answer.statusCode() == 200);
        }
    }

    /** How many of so many requests the new node got. */
    private int hitsOf(int requests) {
        int before = fresh.hits();
        send(requests);
        return fresh.hits() - before;
    }

    private void send(int requests) {
        AtomicInteger left = new AtomicInteger(requests);
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(CompletableFuture.runAsync(() -> {
                while (left.getAndDecrement() > 0) {
                    assertThat(tenant.post("{}").statusCode()).isEqualTo(200);
                }
            }));
        }
        callers.forEach(CompletableFuture::join);
    }

    private void awaitStage(int stage) {
        Await.until("stage " + stage, () -> metric("silkroute_gradual_switch_stage", Map.of()) == stage);
    }

    private void assertShares(int share) {
        assertThat(tenant.show(freshId).get("traffic_share").asInt()).isEqualTo(share);
        assertThat(tenant.show(oldId).get("traffic_share").asInt()).isEqualTo(100 - share);
        assertThat(metric("silkroute_traffic_share", Map.of("node", "fresh"))).isEqualTo(share);
    }

    private double metric(String name, Map<String, String> tags) {
        Map<String, String> all = new HashMap<>(tags);
        all.put("account", tenant.name());
        return Metrics.scrape(gateway).value(name, all);
    }

    private List<String> events() {
        List<String> messages = new ArrayList<>();
        for (JsonNode event : operator.done("GET", "/events?account_id=" + tenant.account(), null)
                .get("events")) {
            messages.add(event.get("message").asText());
        }
        return messages;
    }
}
