package io.silkroute.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.silkroute.testing.Await;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.FakeNode.Behaviour;
import io.silkroute.testing.FullBacklog;
import io.silkroute.testing.SelfSigned;
import io.silkroute.testing.StoreResource;
import io.silkroute.testing.Tenant;
import java.net.http.HttpResponse;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that meets a bad node is answered by a good one, and each node sees exactly the requests it should. */
@QuarkusTest
@QuarkusTestResource(StoreResource.class)
class FailoverTest extends GatewayTest {

    static Stream<Arguments> failuresOfNode() {
        return Stream.of(
                failure("reset before the head", FakeNode.resetting(), "reset"),
                failure("reset inside the head", FakeNode.resettingInsideHead(), "reset"),
                failure("closed inside the head", FakeNode.closingInsideHead(), "reset"),
                failure("reset between head and body", FakeNode.resettingAfterHead(), "reset"),
                failure("no answer", FakeNode.hanging(), "response_timeout"),
                failure("500", FakeNode.status(500), "status_5xx"),
                failure("502", FakeNode.status(502), "status_5xx"),
                failure("503", FakeNode.status(503), "status_5xx"),
                failure("504", FakeNode.status(504), "status_5xx"),
                failure("529", FakeNode.status(529), "overloaded"),
                failure("429", FakeNode.status(429), "rate_limited"),
                failure("429 with Retry-After", FakeNode.status(429, "retry-after: 7"), "rate_limited"),
                failure("malformed head", FakeNode.speakingGarbage(), "protocol"));
    }

    private static Arguments failure(String name, Behaviour behaviour, String cause) {
        return Arguments.of(name, behaviour, cause);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failuresOfNode")
    void aNodeThatFailsIsReplacedWithinTheRequest(String name, Behaviour behaviour, String cause) {
        try (FakeNode bad = FakeNode.start(behaviour);
                FakeNode good = FakeNode.start(FakeNode.answering("from the good one"))) {
            String badId = tenant.node("bad", 1, bad.url());
            tenant.node("good", 2, good.url());

            HttpResponse<String> response = tenant.post("{\"q\":1}");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("from the good one");
            assertThat(Tenant.attempts(response)).isEqualTo("bad;" + cause + ", good;ok");
            assertThat(response.headers().firstValue("x-silkroute-node")).contains("good");
            assertThat(bad.hits()).isEqualTo(1);
            assertThat(good.hits()).isEqualTo(1);
            assertThat(good.requests().get(0).body()).asString().isEqualTo("{\"q\":1}");
            assertThat(tenant.show(badId).at("/last_error/cause").asText()).isEqualTo(cause);
        }
    }

    static Stream<Arguments> unreachable() {
        return Stream.of(
                Arguments.of("connection refused", FakeNode.refusingUrl(), "connect_refused"),
                Arguments.of("no such name", "http://no-such-host.invalid", "dns"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unreachable")
    void aNodeThatCannotBeReachedIsReplacedWithinTheRequest(String name, String url, String cause) {
        try (FakeNode good = FakeNode.start(FakeNode.answering("ok"))) {
            tenant.node("bad", 1, url);
            tenant.node("good", 2, good.url());

            HttpResponse<String> response = tenant.post("{}");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(Tenant.attempts(response)).isEqualTo("bad;" + cause + ", good;ok");
            assertThat(good.hits()).isEqualTo(1);
        }
    }

    @Test
    void aNodeWhoseCertificateNobodyVouchesForIsReplacedWithoutSeeingTheRequest() {
        try (FakeNode untrusted = FakeNode.start(SelfSigned.make().serverSocket(), FakeNode.answering("intercepted"));
                FakeNode good = FakeNode.start(FakeNode.answering("ok"))) {
            tenant.node("untrusted", 1, "https://localhost:" + untrusted.port());
            tenant.node("good", 2, good.url());

            HttpResponse<String> response = tenant.post("{}");

            assertThat(response.body()).isEqualTo("ok");
            assertThat(Tenant.attempts(response)).isEqualTo("untrusted;tls, good;ok");
            assertThat(untrusted.hits()).isZero();
        }
    }

    @Test
    void aNodeThatSpeaksNoTlsIsReplaced() {
        try (FakeNode plain = FakeNode.start(FakeNode.answering("never"));
                FakeNode good = FakeNode.start(FakeNode.answering("ok"))) {
            tenant.node("plain", 1, "https://localhost:" + plain.port());
            tenant.node("good", 2, good.url());

            assertThat(Tenant.attempts(tenant.post("{}"))).isEqualTo("plain;tls, good;ok");
        }
    }

    @Test
    void aNodeThatAcceptsNoConnectionIsReplacedAfterTheConnectTimeout() throws Exception {
        try (FullBacklog full = new FullBacklog();
                FakeNode good = FakeNode.start(FakeNode.answering("ok"))) {
            tenant.node("full", 1, full.url());
            tenant.node("good", 2, good.url());

            assertThat(Tenant.attempts(tenant.post("{}"))).isEqualTo("full;connect_timeout, good;ok");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 402, 403})
    void aNodeThatRejectsItsOwnKeyIsReplacedAndRests(int status) {
        try (FakeNode rejecting = FakeNode.start(FakeNode.status(status));
                FakeNode good = FakeNode.start(FakeNode.answering("ok"))) {
            String id = tenant.node("rejecting", 1, rejecting.url(), ",\"api_key\":\"revoked\"");
            tenant.node("good", 2, good.url());

            assertThat(Tenant.attempts(tenant.post("{}"))).isEqualTo("rejecting;auth_rejected, good;ok");
            assertThat(Tenant.attempts(tenant.post("{}"))).isEqualTo("good;ok");
            assertThat(tenant.show(id).get("status").asText()).isEqualTo("auth_rejected");
            assertThat(rejecting.hits()).isEqualTo(1);
        }
    }

    @Test
    void aRejectionByANodeWithoutAKeyOfItsOwnIsTheCallersToSee() {
        try (FakeNode open = FakeNode.start(FakeNode.status(401));
                FakeNode other = FakeNode.start(FakeNode.answering("never"))) {
            tenant.node("open", 1, open.url(), ",\"auth_scheme\":\"none\",\"api_key\":\"kept\"");
            tenant.node("other", 2, other.url());

            assertThat(tenant.post("{}").statusCode()).isEqualTo(401);
            assertThat(other.hits()).isZero();
        }
    }

    @Test
    void aThrottledNodeRestsAndItsBreakerStaysClosed() {
        try (FakeNode throttled = FakeNode.start(FakeNode.status(429, "retry-after: 60"));
                FakeNode good = FakeNode.start(FakeNode.answering("ok"))) {
            String id = tenant.node("throttled", 1, throttled.url());
            tenant.node("good", 2, good.url());

            tenant.post("{}");
            tenant.post("{}");

            assertThat(throttled.hits()).isEqualTo(1);
            assertThat(good.hits()).isEqualTo(2);
            assertThat(tenant.show(id).get("status").asText()).isEqualTo("rate_limited");
            assertThat(tenant.show(id).get("fail_streak").asInt()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 405, 413, 415, 422})
    void whatTheCallerDidWrongIsRelayedAsItIs(int status) {
        try (FakeNode node = FakeNode.start(FakeNode.status(status, "x-detail: yes"));
                FakeNode other = FakeNode.start(FakeNode.answering("never"))) {
            String id = tenant.node("n1", 1, node.url());
            tenant.node("n2", 2, other.url());

            HttpResponse<String> response = tenant.post("{}");

            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(response.body()).isEqualTo("status " + status);
            assertThat(response.headers().firstValue("x-detail")).contains("yes");
            assertThat(node.hits()).isEqualTo(1);
            assertThat(other.hits()).isZero();
            assertThat(tenant.show(id).get("fail_count").asInt()).isZero();
        }
    }

    @Test
    void aSingleNodeSurvivesOneError() {
        try (FakeNode node = FakeNode.start(FakeNode.status(500))) {
            node.behave(exchange -> {
                node.behave(FakeNode.answering("recovered"));
                exchange.respond(500, "once");
            });
            tenant.node("only", 1, node.url());

            HttpResponse<String> response = tenant.post("{}");

            assertThat(response.body()).isEqualTo("recovered");
            assertThat(Tenant.attempts(response)).isEqualTo("only;status_5xx, only;ok");
            assertThat(node.hits()).isEqualTo(2);
        }
    }

    @Test
    void whenAllNodesFailTheLastAnswerIsRelayedAsItIs() {
        try (FakeNode first = FakeNode.start(FakeNode.status(503, "x-from: first"));
                FakeNode second = FakeNode.start(FakeNode.status(503, "x-from: second", "retry-after: 9"));
                FakeNode third = FakeNode.start(FakeNode.status(503, "x-from: third"))) {
            tenant.node("n1", 1, first.url());
            tenant.node("n2", 2, second.url());
            tenant.node("n3", 3, third.url());

            HttpResponse<String> response = tenant.post("{}");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).isEqualTo("status 503");
            assertThat(response.headers().firstValue("x-from")).contains("third");
            assertThat(response.headers().firstValue("x-silkroute-node")).contains("n3");
            assertThat(Tenant.attempts(response)).isEqualTo("n1;status_5xx, n2;status_5xx, n3;status_5xx");
            assertThat(first.hits() + second.hits() + third.hits()).isEqualTo(3);
        }
    }

    @Test
    void anAnswerIsRelayedEvenWhenALaterNodeGaveNone() {
        try (FakeNode first = FakeNode.start(FakeNode.status(503))) {
            tenant.node("n1", 1, first.url());
            tenant.node("n2", 2, FakeNode.refusingUrl());
            tenant.node("n3", 3, FakeNode.refusingUrl());

            HttpResponse<String> response = tenant.post("{}");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).isEqualTo("status 503");
            assertThat(response.headers().firstValue("x-silkroute-node")).contains("n1");
            assertThat(Tenant.attempts(response)).isEqualTo("n1;status_5xx, n2;connect_refused, n3;connect_refused");
        }
    }

    @Test
    void anAnswerThatBrokeWhileOthersWereAskedIsNotRelayed() {
        try (FakeNode broken = FakeNode.start(exchange -> {
                    exchange.raw("HTTP/1.1 503 Unavailable\r\ncontent-length: 100\r\n\r\nhalf of it");
                    exchange.reset();
                });
                FakeNode silent = FakeNode.start(FakeNode.hanging());
                FakeNode silentToo = FakeNode.start(FakeNode.hanging())) {
            tenant.node("broken", 1, broken.url());
            tenant.node("silent", 2, silent.url());
            tenant.node("silent-too", 3, silentToo.url());

            HttpResponse<String> response = tenant.post("{}");

            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(response.body()).contains("all nodes failed");
            assertThat(response.headers().firstValue("x-silkroute-node")).isEmpty();
        }
    }

    @Test
    void connectionsOfFailedAnswersAreUsedAgain() {
        try (FakeNode bad = FakeNode.start(FakeNode.status(503));
                FakeNode good = FakeNode.start(FakeNode.answering("ok"))) {
            tenant.node("bad", 1, bad.url());
            tenant.node("good", 2, good.url());
            int warm = warmConnections(bad);

            tenant.post("{}");
            tenant.post("{}");

            assertThat(bad.hits()).isEqualTo(2);
            assertThat(bad.connections()).isEqualTo(warm);
        }
    }

    @Test
    void refusedEverywhereIsA502() {
        tenant.node("n1", 1, FakeNode.refusingUrl());
        tenant.node("n2", 2, FakeNode.refusingUrl());

        HttpResponse<String> response = tenant.post("{}");

        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(response.body())
                .contains("\"type\":\"error\"", "\"message\":\"all nodes failed\"", "\"request_id\":\"req_");
        assertThat(Tenant.attempts(response))
                .as("the second lap begins with the best node")
                .isEqualTo("n1;connect_refused, n2;connect_refused, n1;connect_refused");
    }

    @Test
    void silenceEverywhereIsA504() {
        try (FakeNode silent = FakeNode.start(FakeNode.hanging())) {
            tenant.node("silent", 1, silent.url());

            HttpResponse<String> response = tenant.post("{}");

            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(response.body()).contains("all nodes failed");
        }
    }

    @Test
    void withoutAUsableNodeTheCallerIsToldWhenToComeBack() {
        try (FakeNode throttled = FakeNode.start(FakeNode.status(429, "retry-after: 120"))) {
            tenant.node("n1", 1, throttled.url());
            tenant.post("{}");

            HttpResponse<String> response = tenant.post("{}");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).contains("no available nodes");
            int retryAfter = Integer.parseInt(
                    response.headers().firstValue("retry-after").orElseThrow());
            assertThat(retryAfter).isBetween(110, 120);
            assertThat(throttled.hits()).isEqualTo(1);
        }
    }

    @Test
    void anAccountWithoutNodesHasNoneAvailable() {
        HttpResponse<String> response = tenant.post("{}");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("no available nodes");
        assertThat(response.headers().firstValue("retry-after")).isPresent();
    }

    @Test
    void aNodeThatKeepsFailingIsLeftAlone() {
        try (FakeNode bad = FakeNode.start(FakeNode.status(500));
                FakeNode good = FakeNode.start(FakeNode.answering("ok"))) {
            String id = tenant.node("bad", 1, bad.url());
            tenant.node("good", 2, good.url());

            for (int i = 0; i < 8; i++) {
                assertThat(tenant.post("{}").statusCode()).isEqualTo(200);
            }

            assertThat(bad.hits()).as("CB_CONSECUTIVE_FAILS").isEqualTo(5);
            assertThat(good.hits()).isEqualTo(8);
            assertThat(tenant.show(id).get("status").asText()).isEqualTo("circuit_breaker_open");
        }
    }

    @Test
    void aFullNodeSpillsToTheNext() throws Exception {
        var release = new CountDownLatch(1);
        try (FakeNode small = FakeNode.start(exchange -> {
                    Await.latch(release);
                    exchange.respond(200, "small");
                });
                FakeNode next = FakeNode.start(FakeNode.answering("next"))) {
            tenant.node("small", 1, small.url(), ",\"max_concurrency\":1");
            tenant.node("next", 2, next.url());
            var slow = tenant.sendAsync(tenant.request("/v1/x").GET().build(), HttpResponse.BodyHandlers.ofString());
            Await.until("the small node is busy", () -> small.hits() == 1);

            assertThat(tenant.post("{}").body()).isEqualTo("next");
            release.countDown();

            assertThat(slow.get().body()).isEqualTo("small");
            assertThat(small.hits()).isEqualTo(1);
        }
    }
}
