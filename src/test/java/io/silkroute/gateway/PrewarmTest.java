package io.silkroute.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.silkroute.testing.Await;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.LogCapture;
import io.silkroute.testing.Operator;
import io.silkroute.testing.StoreResource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A node is tried out before traffic goes to it, and nobody waits for that. */
@QuarkusTest
@QuarkusTestResource(StoreResource.class)
@TestProfile(PrewarmTest.PatientProbes.class)
class PrewarmTest extends GatewayTest {

    /** Long enough for a node to be caught in its warm-up, and no other probes; more event loops than there are warm-up probes. */
    public static final class PatientProbes implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "WARMUP_TIMEOUT_MS", "30000",
                    "HEALTH_INTERVAL_SEC", "86400",
                    "quarkus.vertx.event-loops-pool-size", "6");
        }
    }

    @Test
    void aPreferredNodeIsWarmedLoggedAndSwitchedToWhileRequestsGoOn() {
        CountDownLatch ready = new CountDownLatch(1);
        try (LogCapture log = new LogCapture("io.silkroute.switchover");
                FakeNode old = FakeNode.start(FakeNode.answering("old"));
                FakeNode fresh = FakeNode.start(FakeNode.answering("fresh"))) {
            tenant.node("old", 1, old.url());
            fresh.behaveToProbes(exchange -> {
                Await.latch(ready);
                exchange.respond(404, "no health here");
            });
            String id = tenant.node("fresh", 0, fresh.url());
            assertThat(tenant.show(id).get("status").asText()).isEqualTo("warming");
            assertThat(tenant.show(id).get("active").asBoolean()).isFalse();
            for (int i = 0; i < 100; i++) {
                assertThat(tenant.post("{}").body()).isEqualTo("old");
            }
            assertThat(fresh.hits()).isZero();

            ready.countDown();
            Await.until(
                    "the fresh node is active",
                    () -> tenant.show(id).get("active").asBoolean());

            assertThat(fresh.probes()).isEqualTo(2);
            int warm = warmConnections(fresh);
            for (int i = 0; i < 20; i++) {
                assertThat(tenant.post("{}").body()).isEqualTo("fresh");
            }
            assertThat(fresh.connections()).as("connections after the switch").isEqualTo(warm);
            assertThat(log.lines().stream().map(line -> line.replaceAll("\\d+ms", "?ms")))
                    .containsSubsequence(
                            "[warmup] prewarming node fresh...",
                            "[warmup] node fresh probe 1/2 success (latency: ?ms)",
                            "[warmup] node fresh probe 2/2 success (latency: ?ms)",
                            "[warmup] node fresh prewarmed successfully (2/2)",
                            "switched to node fresh (reason: node added)");
            JsonNode node = tenant.show(id);
            assertThat(node.get("status").asText()).isEqualTo("healthy");
            assertThat(node.get("traffic_share").asInt()).isEqualTo(100);
            assertThat(node.get("last_probe").get("ok").asBoolean()).isTrue();
            assertThat(node.get("rtt_ms").asDouble()).isPositive();
        }
    }

    @Test
    void everyEventLoopFindsAConnection() {
        try (FakeNode node = FakeNode.start(FakeNode.answering("ok"))) {
            tenant.node("n1", 1, node.url());
            int warm = warmConnections(node);
            assertThat(warm).isEqualTo(6);

            // Connections of callers are spread over the event loops.
            for (int i = 0; i < 32; i++) {
                assertThat(tenant.another().post("{}").statusCode()).isEqualTo(200);
            }

            assertThat(node.connections()).isEqualTo(warm);
        }
    }

    @Test
    void anOperatorWaitsForTheNodeThatHeActivatesAndRequestsDoNot() {
        CountDownLatch ready = new CountDownLatch(1);
        try (FakeNode first = FakeNode.start(FakeNode.answering("first"));
                FakeNode second = FakeNode.start(FakeNode.answering("second"))) {
            tenant.node("first", 1, first.url());
            String id = tenant.node("second", 2, second.url());
            second.behaveToProbes(exchange -> {
                Await.latch(ready);
                exchange.respond(200, "well");
            });

            CompletableFuture<JsonNode> activated =
                    CompletableFuture.supplyAsync(() -> operator.done("POST", "/nodes/" + id + "/activate", null));
            Await.until("the pre-warm begins", () -> second.probes() > 0);
            assertThat(tenant.post("{}").body()).isEqualTo("first");
            assertThat(activated).isNotDone();
            ready.countDown();

            assertThat(activated.join().get("active").asBoolean()).isTrue();
            assertThat(tenant.post("{}").body()).isEqualTo("second");
        }
    }

    @Test
    void aNodeThatFailsItsWarmUpIsNotActivatedAndTheOperatorLearnsWhy() {
        try (FakeNode first = FakeNode.start(FakeNode.answering("first"));
                FakeNode second = FakeNode.start(FakeNode.answering("second"))) {
            tenant.node("first", 1, first.url());
            String id = tenant.node("second", 2, second.url());
            second.behaveToProbes(FakeNode.status(500));

            Operator.Reply reply = operator.call("POST", "/nodes/" + id + "/activate", null);

            assertThat(reply.status()).isEqualTo(409);
            assertThat(reply.json().get("detail").asText())
                    .isEqualTo("node second was not activated: it failed its warm-up");
            assertThat(tenant.post("{}").body()).isEqualTo("first");
        }
    }

    @Test
    void whenAllCandidatesFailTheirWarmUpTheLeastBadServesAndTheEventsSaySo() {
        try (FakeNode first = FakeNode.start(FakeNode.answering("first"));
                FakeNode second = FakeNode.start(FakeNode.answering("second"));
                FakeNode third = FakeNode.start(FakeNode.answering("third"))) {
            String firstId = tenant.node("first", 1, first.url());
            String secondId = tenant.node("second", 2, second.url());
            tenant.node("third", 3, third.url());
            second.behaveToProbes(FakeNode.status(500));
            third.behaveToProbes(FakeNode.status(503));
            first.behaveToAll(FakeNode.resetting());

            for (int i = 0; i < 5; i++) {
                assertThat(tenant.post("{}").statusCode()).isEqualTo(200);
            }
            Await.until(
                    "the least bad is active",
                    () -> tenant.show(secondId).get("active").asBoolean());

            assertThat(tenant.post("{}").body()).isEqualTo("second");
            assertThat(operator.done("GET", "/events?account_id=" + tenant.account(), null)
                            .findValuesAsText("message"))
                    .containsSubsequence(
                            "switched to node second (reason: circuit breaker open), from node first; no candidate passed its"
                                    + " warm-up, it is the least bad",
                            "not switched to node third (reason: circuit breaker open): it failed its warm-up",
                            "not switched to node second (reason: circuit breaker open): it failed its warm-up",
                            "circuit breaker open");
            assertThat(tenant.show(firstId).get("status").asText()).isEqualTo("circuit_breaker_open");
            assertThat(third.probes()).isEqualTo(2);
        }
    }
}
