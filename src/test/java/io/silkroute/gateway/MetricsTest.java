package io.silkroute.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.silkroute.testing.Await;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.Metrics;
import io.silkroute.testing.Operator;
import io.silkroute.testing.StoreResource;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What operators and their machines see of requests. */
@QuarkusTest
@QuarkusTestResource(StoreResource.class)
class MetricsTest extends GatewayTest {

    @Test
    void requestsAttemptsRetriesAndTimesAreCountedWithTheirTags() {
        try (FakeNode bad = FakeNode.start(FakeNode.status(503));
                FakeNode good = FakeNode.start(FakeNode.answering("good"))) {
            tenant.node("bad", 1, bad.url());
            tenant.node("good", 2, good.url());
            for (int i = 0; i < 3; i++) {
                tenant.post("{}");
            }

            Metrics metrics = Metrics.scrape(gateway);
            assertThat(metrics.value("silkroute_requests_total", tags("node", "good", "outcome", "success")))
                    .isEqualTo(3);
            assertThat(metrics.value("silkroute_attempts_total", tags("node", "bad", "cause", "status_5xx")))
                    .isEqualTo(3);
            assertThat(metrics.value("silkroute_attempts_total", tags("node", "good", "cause", "ok")))
                    .isEqualTo(3);
            assertThat(metrics.value("retry_attempts_total", tags("node", "good")))
                    .isEqualTo(3);
            assertThat(metrics.value("retry_attempts_total", tags("node", "bad")))
                    .isZero();
            assertThat(metrics.value("retry_success_rate", tags())).isEqualTo(1);
            assertThat(metrics.value("node_failure_rate", tags("node", "bad"))).isEqualTo(1);
            assertThat(metrics.value("node_failure_rate", tags("node", "good"))).isZero();
            assertThat(metrics.value("silkroute_failover_seconds_count", tags()))
                    .isEqualTo(3);
            assertThat(metrics.value("silkroute_request_seconds_count", tags("phase", "head")))
                    .isEqualTo(3);
            assertThat(metrics.value("silkroute_request_seconds_count", tags("phase", "whole")))
                    .isEqualTo(3);
            assertThat(metrics.value("silkroute_upstream_seconds_count", tags("node", "bad")))
                    .isEqualTo(3);
            assertThat(metrics.value("silkroute_upstream_seconds_count", tags("node", "good")))
                    .isEqualTo(3);
            assertThat(metrics.value("request_latency_p99", tags())).isBetween(0.0001, 5.0);
            assertThat(metrics.value("warmup_latency_avg", tags("node", "bad"))).isBetween(0.00001, 1.0);
            assertThat(metrics.value("silkroute_warmup_seconds_count", tags("node", "bad", "outcome", "success")))
                    .isEqualTo(2);
            assertThat(metrics.value("silkroute_switches_total", tags("reason", "node_added")))
                    .isEqualTo(1);
            assertThat(metrics.value("circuit_breaker_state", tags("node", "bad")))
                    .isZero();
            assertThat(metrics.value("queue_depth", tags())).isZero();
            assertThat(metrics.value("silkroute_in_flight", tags("node", "good")))
                    .isZero();
            assertThat(metrics.find("silkroute_retry_budget_exhausted_total", Map.of()))
                    .isPresent();
            assertThat(metrics.find("silkroute_replay_bytes", Map.of())).isPresent();
        }
    }

    @Test
    void anOpenBreakerIsSeen() {
        try (FakeNode bad = FakeNode.start(FakeNode.resetting());
                FakeNode good = FakeNode.start(FakeNode.answering("good"))) {
            tenant.node("bad", 1, bad.url());
            tenant.node("good", 2, good.url());
            for (int i = 0; i < 5; i++) {
                tenant.post("{}");
            }

            Metrics metrics = Metrics.scrape(gateway);
            assertThat(metrics.value("circuit_breaker_state", tags("node", "bad")))
                    .isEqualTo(2);
            assertThat(metrics.value("silkroute_breaker_transitions_total", tags("node", "bad", "to", "open")))
                    .isEqualTo(1);
            Await.until(
                    "the switch is counted",
                    () -> Metrics.scrape(gateway)
                            .find("silkroute_switches_total", tags("reason", "breaker_open"))
                            .isPresent());
        }
    }

    @Test
    void howRequestsEndIsToldApart() {
        try (FakeNode node = FakeNode.start(FakeNode.status(500))) {
            tenant.post("{}");
            String id = tenant.node("n1", 1, node.url());
            tenant.post("{}");
            node.behave(exchange -> {
                exchange.raw("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
                exchange.reset();
            });
            cutOff();
            node.behave(FakeNode.hanging());
            CompletableFuture<HttpResponse<String>> caller = tenant.sendAsync(
                    tenant.request("/v1/messages")
                            .POST(BodyPublishers.ofString("{}"))
                            .build(),
                    BodyHandlers.ofString());
            Await.until("it hangs", () -> tenant.show(id).get("in_flight").asInt() == 1);
            assertThat(Metrics.scrape(gateway).value("silkroute_in_flight", tags("node", "n1")))
                    .isEqualTo(1);
            caller.cancel(true);
            Await.until("it is gone", () -> tenant.show(id).get("in_flight").asInt() == 0);

            Metrics metrics = Metrics.scrape(gateway);
            assertThat(metrics.value("silkroute_requests_total", tags("node", "none", "outcome", "no_node")))
                    .isEqualTo(1);
            assertThat(metrics.value("silkroute_requests_total", tags("node", "n1", "outcome", "relayed_failure")))
                    .isEqualTo(1);
            assertThat(metrics.value("silkroute_requests_total", tags("node", "n1", "outcome", "cut")))
                    .isEqualTo(1);
            assertThat(metrics.value("silkroute_requests_total", tags("node", "none", "outcome", "client_cancelled")))
                    .isEqualTo(1);
            assertThat(metrics.value("silkroute_attempts_total", tags("node", "n1", "cause", "stream_cut")))
                    .isEqualTo(1);
            assertThat(metrics.value("silkroute_attempts_total", tags("node", "n1", "cause", "client_cancelled")))
                    .isEqualTo(1);
        }
    }

    @Test
    void theMetersOfADeletedNodeDisappearAndARenamedOneGoesOnUnderItsNewName() {
        try (FakeNode node = FakeNode.start(FakeNode.answering("ok"))) {
            String id = tenant.node("to-be-renamed", 1, node.url());
            tenant.post("{}");
            operator.done("PATCH", "/nodes/" + id, "{\"name\":\"renamed\"}");
            tenant.post("{}");
            assertThat(Metrics.scrape(gateway).containing("to-be-renamed")).isEmpty();
            assertThat(Metrics.scrape(gateway)
                            .value("silkroute_attempts_total", tags("node", "renamed", "cause", "ok")))
                    .isEqualTo(1);

            operator.call("DELETE", "/nodes/" + id, null);
            assertThat(Metrics.scrape(gateway).containing("\"renamed\"")).isEmpty();
            assertThat(Metrics.scrape(gateway).containing(tenant.name())).isNotEmpty();

            operator.call("DELETE", "/accounts/" + tenant.account(), null);
            assertThat(Metrics.scrape(gateway).containing(tenant.name())).isEmpty();
        }
    }

    @Test
    void aRequestThatTookTwoAttemptsIsFoundByItsId() {
        try (FakeNode bad = FakeNode.start(FakeNode.status(503));
                FakeNode good = FakeNode.start(FakeNode.answering("twelve bytes"))) {
            String badId = tenant.node("bad", 1, bad.url());
            tenant.node("good", 2, good.url());
            String requestId = "my-own-id-" + tenant.account();
            tenant.send(tenant.request("/v1/messages")
                    .header("x-request-id", requestId)
                    .POST(BodyPublishers.ofString("{}"))
                    .build());

            JsonNode request = operator.done("GET", "/requests/" + requestId, null);
            assertThat(request.get("request_id").asText()).isEqualTo(requestId);
            assertThat(request.get("account_id").asText()).isEqualTo(tenant.account());
            assertThat(request.get("outcome").asText()).isEqualTo("success");
            assertThat(request.get("node").asText()).isEqualTo("good");
            JsonNode first = request.get("attempts").get(0);
            assertThat(first.get("node").asText()).isEqualTo("bad");
            assertThat(first.get("node_id").asText()).isEqualTo(badId);
            assertThat(first.get("cause").asText()).isEqualTo("status_5xx");
            assertThat(first.get("status").asInt()).isEqualTo(503);
            assertThat(first.get("bytes").asInt()).isZero();
            JsonNode second = request.get("attempts").get(1);
            assertThat(second.get("cause").asText()).isEqualTo("ok");
            assertThat(second.get("status").asInt()).isEqualTo(200);
            assertThat(second.get("bytes").asInt()).isEqualTo("twelve bytes".length());
        }
    }

    @Test
    void aRequestThatWentWellAtOnceIsNotKept() {
        try (FakeNode good = FakeNode.start(FakeNode.answering("good"))) {
            tenant.node("good", 1, good.url());
            String requestId =
                    tenant.post("{}").headers().firstValue("x-request-id").orElseThrow();

            Operator.Reply reply = operator.call("GET", "/requests/" + requestId, null);

            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.json().get("detail").asText()).startsWith("request not found: " + requestId);
        }
    }

    @Test
    void aRequestThatWasCutIsKeptWithWhatWentOut() {
        try (FakeNode node = FakeNode.start(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
            exchange.reset();
        })) {
            tenant.node("n1", 1, node.url());
            String requestId = cutOff();

            JsonNode request = operator.done("GET", "/requests/" + requestId, null);
            assertThat(request.get("outcome").asText()).isEqualTo("cut");
            assertThat(request.get("attempts").get(0).get("cause").asText()).isEqualTo("stream_cut");
            assertThat(request.get("attempts").get(0).get("bytes").asInt()).isEqualTo(4);
        }
    }

    @Test
    void eventsAndRequestsAreForOperatorsOnly() {
        Operator stranger = new Operator(gateway, "not-the-admin-key");

        assertThat(stranger.call("GET", "/events", null).status()).isEqualTo(401);
        assertThat(stranger.call("GET", "/requests/any", null).status()).isEqualTo(401);
    }

    /** A request whose answer breaks off; gives its id. */
    private String cutOff() {
        String id = "cut-" + tenant.account();
        assertThat(tenant.sendAsync(
                        tenant.request("/v1/messages")
                                .header("x-request-id", id)
                                .POST(BodyPublishers.ofString("{}"))
                                .build(),
                        BodyHandlers.ofString()))
                .failsWithin(Duration.ofSeconds(10));
        return id;
    }

    private Map<String, String> tags(String... more) {
        Map<String, String> tags = new HashMap<>(Map.of("account", tenant.name()));
        for (int i = 0; i < more.length; i += 2) {
            tags.put(more[i], more[i + 1]);
        }
        return tags;
    }
}
