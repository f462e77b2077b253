package io.silkroute.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.silkroute.testing.Await;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.Metrics;
import io.silkroute.testing.RawCaller;
import io.silkroute.testing.StoreResource;
import io.silkroute.testing.Tenant;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Requests that no node can take wait for one, in order, for a while, and not all together. */
@QuarkusTest
@QuarkusTestResource(StoreResource.class)
@TestProfile(QueueTest.Queueing.class)
class QueueTest extends GatewayTest {

    private static final int SIZE = 1000;

    /** Nodes that fail are left alone for a second; whoever waits has eight. */
    public static final class Queueing implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "REQUEST_QUEUE_ENABLED", "true",
                    "REQUEST_QUEUE_SIZE", Integer.toString(SIZE),
                    "REQUEST_QUEUE_TIMEOUT_MS", "8000",
                    "RETRY_PER_REQUEST_TIMEOUT_SEC", "30",
                    "CB_CONSECUTIVE_FAILS", "1",
                    "CB_COOLDOWN_SECONDS", "1",
                    "CB_COOLDOWN_MAX_SECONDS", "1",
                    "HEALTH_INTERVAL_SEC", "86400");
        }
    }

    @Test
    void whoWaitsForAPlaceOnANodeGetsItInTurn() {
        CountDownLatch gate = new CountDownLatch(1);
        try (FakeNode node = FakeNode.start(exchange -> {
            Await.latch(gate);
            exchange.respond(200, "ok");
        })) {
            tenant.node("n1", 1, node.url(), ",\"max_concurrency\":1");
            List<CompletableFuture<HttpResponse<String>>> callers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                callers.add(call("/v1/x?n=" + i));
                int now = i;
                Await.until("it has its place", () -> now == 0 ? node.hits() == 1 : depth() == now);
            }
            gate.countDown();

            callers.forEach(caller -> assertThat(caller.join().statusCode()).isEqualTo(200));

            List<String> order =
                    node.requests().stream().map(FakeNode.Request::uri).toList();
            assertThat(order).hasSize(20);
            for (int i = 0; i < 20; i++) {
                assertThat(order.get(i)).endsWith("n=" + i);
            }
            assertThat(metric("silkroute_queue_wait_seconds_count", "forwarded"))
                    .isEqualTo(19);
        }
    }

    @Test
    void aThousandCallersOutliveTheDeathOfTheOnlyNode() {
        try (FakeNode node = FakeNode.start(FakeNode.resetting())) {
            String id = tenant.node("only", 1, node.url());
            node.behaveToAll(FakeNode.resetting());
            List<CompletableFuture<HttpResponse<String>>> callers = new ArrayList<>();
            for (int i = 0; i < SIZE; i++) {
                callers.add(call("/v1/waiting?n=" + i));
            }
            Await.until("all wait", () -> depth() == SIZE);
            assertThat(tenant.show(id).get("status").asText()).startsWith("circuit_breaker");

            HttpResponse<String> tooMany = call("/v1/too-many").join();
            assertThat(tooMany.statusCode()).isEqualTo(503);
            assertThat(tooMany.body()).contains("overloaded_error").contains("the queue is full");
            assertThat(tooMany.headers().firstValueAsLong("retry-after").orElseThrow())
                    .isPositive();
            assertThat(metric("silkroute_requests_total", "queue_full")).isEqualTo(1);

            int fallen = node.hits();
            Await.until("three seconds of it: as many cooldowns", () -> node.hits() >= fallen + 3);
            node.behaveToAll(
                    exchange -> exchange.respond(200, exchange.request().uri()));

            for (int i = 0; i < SIZE; i++) {
                HttpResponse<String> answer = callers.get(i).join();
                assertThat(answer.statusCode()).as(Tenant.attempts(answer)).isEqualTo(200);
                assertThat(answer.body()).isEqualTo("/v1/waiting?n=" + i);
            }
            long failed = callers.stream()
                    .map(caller -> Tenant.attempts(caller.join()))
                    .flatMap(attempts -> Stream.of(attempts.split(", ")))
                    .filter(attempt -> !attempt.endsWith(";ok"))
                    .count();
            assertThat(node.hits()).as("each once, and no more than it says").isEqualTo(SIZE + (int) failed);
            assertThat(depth()).isZero();
        }
    }

    @Test
    void whoHasWaitedAsLongAsHeMayIsToldSo() {
        String id = tenant.node("down", 1, FakeNode.refusingUrl());
        operator.done("POST", "/nodes/" + id + "/disable", null);

        HttpResponse<String> response = call("/v1/x").join();

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("no available nodes in the time a request may wait");
        assertThat(metric("silkroute_queue_wait_seconds_count", "timed_out")).isEqualTo(1);
        assertThat(metric("silkroute_queue_wait_seconds_sum", "timed_out")).isBetween(8.0, 9.0);
        assertThat(metric("silkroute_requests_total", "queue_timeout")).isEqualTo(1);
    }

    @Test
    void aNodeThatIsAddedTakesThoseWhoWait() {
        CompletableFuture<HttpResponse<String>> caller = call("/v1/x");
        Await.until("it waits", () -> depth() == 1);
        try (FakeNode node = FakeNode.start(FakeNode.answering("here"))) {
            tenant.node("new", 1, node.url());

            assertThat(caller.join().body()).isEqualTo("here");
            assertThat(Tenant.attempts(caller.join())).isEqualTo("new;ok");
        }
    }

    @Test
    void aRequestThatFailedWaitsForAnotherTry() {
        try (FakeNode node = FakeNode.start(FakeNode.status(500))) {
            tenant.node("shaky", 1, node.url());
            CompletableFuture<HttpResponse<String>> caller = call("/v1/x");
            Await.until("it has failed, and waits", () -> node.hits() == 1 && depth() == 1);
            node.behave(FakeNode.answering("better"));

            assertThat(caller.join().body()).isEqualTo("better");
            assertThat(Tenant.attempts(caller.join())).isEqualTo("shaky;status_5xx, shaky;ok");
        }
    }

    @Test
    void aCallerWhoLeavesTheQueueReachesNoNode() throws IOException {
        RawCaller caller = new RawCaller(gateway)
                .say("GET /v1/leaves HTTP/1.1\r\nhost: gateway\r\nx-api-key: " + tenant.key() + "\r\n\r\n");
        Await.until("it waits", () -> depth() == 1);

        caller.close();

        Await.until("its place is free", () -> depth() == 0);
        try (FakeNode node = FakeNode.start(FakeNode.answering("ok"))) {
            tenant.node("n1", 1, node.url());
            assertThat(call("/v1/stays").join().statusCode()).isEqualTo(200);
            assertThat(node.requests().stream().map(FakeNode.Request::uri)).containsExactly("/v1/stays");
        }
        assertThat(metric("silkroute_queue_wait_seconds_count", "cancelled")).isEqualTo(1);
        assertThat(metric("silkroute_requests_total", "client_cancelled")).isEqualTo(1);
    }

    private CompletableFuture<HttpResponse<String>> call(String path) {
        return tenant.sendAsync(
                tenant.request(path).POST(BodyPublishers.ofString("{}")).build(), BodyHandlers.ofString());
    }

    private int depth() {
        return (int) Metrics.scrape(gateway).value("queue_depth", Map.of("account", tenant.name()));
    }

    private double metric(String name, String outcome) {
        return Metrics.scrape(gateway).containing(name + "{").stream()
                .filter(line -> line.contains("\"" + tenant.name() + "\""))
                .filter(line -> line.contains("outcome=\"" + outcome + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
