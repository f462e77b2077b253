package io.silkroute.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.silkroute.testing.Await;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.StoreResource;
import io.silkroute.testing.Tenant;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** A node that fails is left alone, and comes back carefully. */
@QuarkusTest
@QuarkusTestResource(StoreResource.class)
@TestProfile(RecoveryTest.ShortCooldown.class)
class RecoveryTest extends GatewayTest {

    /** Times that end within a test. */
    public static final class ShortCooldown implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "CB_COOLDOWN_SECONDS", "1",
                    "HEALTH_INTERVAL_SEC", "1",
                    "FAILBACK_STABLE_SECONDS", "1",
                    "RETRY_PER_REQUEST_TIMEOUT_SEC", "60");
        }
    }

    @Test
    void aBrokenNodeOpensIsLeftAloneAndTakesOverAgainOnceItIsRepaired() {
        try (FakeNode broken = FakeNode.start(FakeNode.status(500));
                FakeNode good = FakeNode.start(FakeNode.answering("good"))) {
            broken.behaveToAll(FakeNode.status(500));
            String brokenId = tenant.node("broken", 1, broken.url());
            String goodId = tenant.node("good", 2, good.url());

            HttpResponse<String> first = tenant.post("{}");
            assertThat(first.body()).isEqualTo("good");
            assertThat(Tenant.attempts(first)).isEqualTo("broken;status_5xx, good;ok");
            for (int i = 0; i < 4; i++) {
                assertThat(tenant.post("{}").body()).isEqualTo("good");
            }
            assertThat(broken.hits()).isEqualTo(5);
            assertThat(status(brokenId)).isEqualTo("circuit_breaker_open");
            Await.until("the good node is active", () -> isActive(goodId));
            for (int i = 0; i < 10; i++) {
                assertThat(Tenant.attempts(tenant.post("{}"))).isEqualTo("good;ok");
            }

            Await.until("the cooldown is over", () -> status(brokenId).equals("circuit_breaker_half_open"));
            int probes = broken.probes();
            Await.until("it is probed", () -> broken.probes() > probes + 1);
            assertThat(status(brokenId)).isEqualTo("circuit_breaker_half_open");
            assertThat(broken.hits()).as("requests to the broken node").isEqualTo(5);

            broken.behaveToAll(FakeNode.answering("repaired"));
            Await.until("it is closed", () -> status(brokenId).equals("healthy"));
            Await.until("it is active again", () -> isActive(brokenId));
            assertThat(tenant.post("{}").body()).isEqualTo("repaired");
            assertThat(eventTypes(brokenId))
                    .as("newest first")
                    .containsSubsequence("switched", "breaker_closed", "breaker_half_open", "breaker_open");
        }
    }

    @Test
    void everySecondRequestFailingOpensWithTheTwentiethResult() {
        AtomicInteger count = new AtomicInteger();
        try (FakeNode shaky = FakeNode.start(
                        exchange -> exchange.respond(count.incrementAndGet() % 2 == 1 ? 500 : 200, "shaky"));
                FakeNode good = FakeNode.start(FakeNode.answering("good"))) {
            String shakyId = tenant.node("shaky", 1, shaky.url());
            tenant.node("good", 2, good.url());

            for (int i = 0; i < 19; i++) {
                assertThat(tenant.post("{}").statusCode()).isEqualTo(200);
            }
            assertThat(status(shakyId)).as("after 19 results").isEqualTo("healthy");
            assertThat(tenant.post("{}").statusCode()).isEqualTo(200);

            assertThat(shaky.hits()).isEqualTo(20);
            assertThat(status(shakyId)).as("after 20 results").isEqualTo("circuit_breaker_open");
        }
    }

    @Test
    void throttlingNeverOpens() {
        try (FakeNode throttled = FakeNode.start(FakeNode.status(429, "retry-after: 0"));
                FakeNode good = FakeNode.start(FakeNode.answering("good"))) {
            String id = tenant.node("throttled", 1, throttled.url());
            tenant.node("good", 2, good.url());

            for (int i = 0; i < 100; i++) {
                assertThat(tenant.post("{}").body()).isEqualTo("good");
            }

            assertThat(throttled.hits()).isEqualTo(100);
            assertThat(status(id)).isEqualTo("healthy");
            assertThat(tenant.show(id).get("failure_rate").asDouble()).isZero();
            assertThat(tenant.show(id).get("fail_count").asInt()).isEqualTo(100);
        }
    }

    @Test
    void aFailedAnswerThatWasDroppedDoesNotCostALaterRequestItsConnection() {
        CountDownLatch longAfter = new CountDownLatch(1);
        try (FakeNode node = FakeNode.start(FakeNode.status(503));
                FakeNode good = FakeNode.start(FakeNode.answering("good"))) {
            tenant.node("node", 1, node.url());
            tenant.node("good", 2, good.url());
            assertThat(Tenant.attempts(tenant.post("{}"))).isEqualTo("node;status_5xx, good;ok");
            node.behave(exchange -> {
                Await.latch(longAfter);
                exchange.respond(200, "late");
            });
            CompletableFuture<HttpResponse<String>> second = tenant.sendAsync(
                    tenant.request("/v1/messages")
                            .POST(BodyPublishers.ofString("{}"))
                            .build(),
                    BodyHandlers.ofString());
            Await.until("it is on the node", () -> node.hits() == 2);
            // Longer than the patience with the rest of a dropped answer, which is a second.
            Await.passes(Duration.ofMillis(1300));
            longAfter.countDown();

            assertThat(Tenant.attempts(second.join())).isEqualTo("node;ok");
        }
    }

    @Test
    void probesWhoseCallersLeaveGiveTheirPlacesBack() {
        try (FakeNode node = FakeNode.start(FakeNode.status(500))) {
            node.behaveToAll(FakeNode.status(500));
            String id = tenant.node("n1", 1, node.url());
            // Two attempts of one request each, the last one alone.
            while (!status(id).equals("circuit_breaker_open")) {
                tenant.post("{}");
            }
            int before = node.hits();
            assertThat(before).isEqualTo(5);
            node.behave(FakeNode.hanging());
            Await.until("the cooldown is over", () -> status(id).equals("circuit_breaker_half_open"));

            List<CompletableFuture<HttpResponse<String>>> first = hangingCallers(10);
            Await.until("three of ten got through", () -> node.hits() == before + 3 && done(first) == 7);
            first.forEach(caller -> caller.cancel(true));
            Await.until("the node sees them leave", () -> node.callersGone() == 3);

            List<CompletableFuture<HttpResponse<String>>> second = hangingCallers(10);
            Await.until("three more got through", () -> node.hits() == before + 6 && done(second) == 7);
            second.forEach(caller -> caller.cancel(true));
            Await.until(
                    "nothing runs on the node",
                    () -> tenant.show(id).get("in_flight").asInt() == 0);
            assertThat(status(id)).isEqualTo("circuit_breaker_half_open");
        }
    }

    private List<CompletableFuture<HttpResponse<String>>> hangingCallers(int count) {
        List<CompletableFuture<HttpResponse<String>>> callers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            callers.add(tenant.sendAsync(
                    tenant.request("/v1/messages")
                            .POST(BodyPublishers.ofString("{}"))
                            .build(),
                    BodyHandlers.ofString()));
        }
        return callers;
    }

    /** Those who got an answer: 503, as there was no place for them. */
    private static long done(List<CompletableFuture<HttpResponse<String>>> callers) {
        return callers.stream()
                .filter(caller -> caller.isDone() && caller.join().statusCode() == 503)
                .count();
    }

    private String status(String id) {
        return tenant.show(id).get("status").asText();
    }

    private boolean isActive(String id) {
        return tenant.show(id).get("active").asBoolean();
    }

    private List<String> eventTypes(String nodeId) {
        return events().stream()
                .filter(event -> event.get("node_id").asText().equals(nodeId))
                .map(event -> event.get("type").asText())
                .toList();
    }

    private List<JsonNode> events() {
        JsonNode events = operator.done("GET", "/events?account_id=" + tenant.account(), null)
                .get("events");
        return StreamSupport.stream(events.spliterator(), false).toList();
    }
}
