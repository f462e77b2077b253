package io.silkroute.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.silkroute.testing.Await;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.FakeNode.Request;
import io.silkroute.testing.RawCaller;
import io.silkroute.testing.StoreResource;
import io.silkroute.testing.Tenant;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes between caller and node, and what does not. */
@QuarkusTest
@QuarkusTestResource(StoreResource.class)
class RelayTest extends GatewayTest {

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
    void everyMethodPassesWithPathAndQuery(String method) {
        try (FakeNode node = FakeNode.start(FakeNode.answering(method.equals("HEAD") ? "" : "ok"))) {
            tenant.node("n1", 1, node.url() + "/base/");

            HttpResponse<String> response = tenant.send(tenant.request("/v1/a%20b/c?x=1&y=%2F")
                    .method(method, BodyPublishers.noBody())
                    .build());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(node.requests().get(0).method()).isEqualTo(method);
            assertThat(node.requests().get(0).uri()).isEqualTo("/base/v1/a%20b/c?x=1&y=%2F");
        }
    }

    @Test
    void aPathThatClimbsReachesTheNodeAsThePathThatWasChosenBy() throws Exception {
        try (FakeNode node = FakeNode.start(FakeNode.answering("ok"));
                RawCaller caller = new RawCaller(gateway)) {
            tenant.node("n1", 1, node.url() + "/base");

            caller.say("GET /v1/a/%2e%2e/b?q HTTP/1.1\r\nhost: x\r\nx-api-key: " + tenant.key() + "\r\n\r\n");
            assertThat(caller.line()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(node.requests().get(0).uri()).isEqualTo("/base/v1/b?q");
        }
    }

    @Test
    void aPathOutsideTheProxiedOnesReachesNoNode() throws Exception {
        try (FakeNode node = FakeNode.start(FakeNode.answering("ok"));
                RawCaller caller = new RawCaller(gateway)) {
            tenant.node("n1", 1, node.url());

            caller.say("GET /v1/../secret HTTP/1.1\r\nhost: x\r\nx-api-key: " + tenant.key() + "\r\n\r\n");
            assertThat(caller.line()).isEqualTo("HTTP/1.1 404 Not Found");
            assertThat(node.hits()).isZero();
        }
    }

    @Test
    void theCallersKeyStaysAndTheNodesKeyGoes() {
        try (FakeNode first = FakeNode.start(FakeNode.status(500));
                FakeNode second = FakeNode.start(FakeNode.status(500));
                FakeNode third = FakeNode.start(FakeNode.answering("ok"))) {
            tenant.node("n1", 1, first.url(), ",\"api_key\":\"first-key\"");
            tenant.node("n2", 2, second.url(), ",\"api_key\":\"second-key\",\"auth_scheme\":\"bearer\"");
            tenant.node("n3", 3, third.url());

            tenant.send(tenant.request("/v1/x")
                    .header("Authorization", "Bearer " + tenant.key())
                    .GET()
                    .build());

            assertThat(first.requests().get(0).header("x-api-key")).isEqualTo("first-key");
            assertThat(first.requests().get(0).header("authorization")).isNull();
            assertThat(second.requests().get(0).header("x-api-key")).isNull();
            assertThat(second.requests().get(0).header("authorization")).isEqualTo("Bearer second-key");
            assertThat(third.requests().get(0).header("x-api-key")).isNull();
            assertThat(third.requests().get(0).header("authorization")).isNull();
        }
    }

    @Test
    void hopByHopHeadersStayOnTheirHop() throws Exception {
        try (FakeNode node = FakeNode.start(exchange -> exchange.respond(
                        200, "ok", "connection: x-hop", "x-hop: node", "keep-alive: timeout=9", "x-end: node"));
                RawCaller caller = new RawCaller(gateway)) {
            tenant.node("n1", 1, node.url());

            caller.say("GET /v1/x HTTP/1.1\r\nhost: x\r\nx-api-key: " + tenant.key()
                    + "\r\nconnection: keep-alive, x-private\r\nx-private: 1\r\nte: trailers\r\nx-public: 1\r\n"
                    + "proxy-authorization: Basic eDp5\r\n\r\n");
            StringBuilder head = new StringBuilder();
            for (String line = caller.line(); !line.isEmpty(); line = caller.line()) {
                head.append(line).append('\n');
            }

            Request seen = node.requests().get(0);
            assertThat(seen.headers())
                    .containsKey("x-public")
                    .doesNotContainKeys("x-private", "te", "proxy-authorization");
            assertThat(seen.header("host")).isEqualTo("127.0.0.1:" + node.port());
            assertThat(head.toString()).contains("x-end: node").doesNotContain("x-hop", "keep-alive");
        }
    }

    @Test
    void aRequestKeepsTheIdThatItsCallerGaveIt() {
        try (FakeNode node = FakeNode.start(FakeNode.answering("ok"))) {
            tenant.node("n1", 1, node.url());

            HttpResponse<String> response = tenant.send(
                    tenant.request("/v1/x").header("x-request-id", "mine-7").build());

            assertThat(response.headers().allValues("x-request-id")).containsExactly("mine-7");
            assertThat(node.requests().get(0).header("x-request-id")).isEqualTo("mine-7");
        }
    }

    @Test
    void chunksArePassedOnAsTheyArrive() throws Exception {
        CountDownLatch firstSeen = new CountDownLatch(1);
        try (FakeNode node = FakeNode.start(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
            exchange.chunk("first");
            // Goes on only when the caller has the first chunk: a gateway that collects would wait for ever.
            Await.latch(firstSeen);
            exchange.chunk("second");
            exchange.raw("0\r\n\r\n");
        })) {
            tenant.node("n1", 1, node.url());

            HttpResponse<InputStream> response = tenant.sendAsync(
                            tenant.request("/v1/x").build(), BodyHandlers.ofInputStream())
                    .get();
            assertThat(response.body().readNBytes(5)).asString().isEqualTo("first");
            firstSeen.countDown();
            assertThat(response.body().readAllBytes()).asString().isEqualTo("second");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"content-length: 100\r\n\r\nhalf", "transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n"})
    void aBodyThatIsCutNeverLooksWhole(String start) {
        try (FakeNode node = FakeNode.start(exchange -> {
                    exchange.raw("HTTP/1.1 200 OK\r\n" + start);
                    exchange.reset();
                });
                FakeNode other = FakeNode.start(FakeNode.answering("never"))) {
            String id = tenant.node("n1", 1, node.url());
            tenant.node("n2", 2, other.url());

            assertThatThrownBy(() -> tenant.post("{}")).isInstanceOf(UncheckedIOException.class);

            Await.until(
                    "the node is blamed",
                    () -> tenant.show(id).get("fail_streak").asInt() == 1);
            assertThat(tenant.show(id).at("/last_error/cause").asText()).isEqualTo("stream_cut");
            assertThat(tenant.show(id).get("in_flight").asInt()).isZero();
            assertThat(other.hits()).isZero();
        }
    }

    @Test
    void aSlowReaderHoldsTheNodeBack() throws Exception {
        long total = 256L << 20;
        AtomicLong sent = new AtomicLong();
        try (FakeNode node = FakeNode.start(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\ncontent-length: " + total + "\r\n\r\n");
            byte[] block = new byte[64 << 10];
            while (sent.get() < total) {
                exchange.raw(block);
                sent.addAndGet(block.length);
            }
        })) {
            tenant.node("n1", 1, node.url());
            HttpResponse<InputStream> response = tenant.sendAsync(
                            tenant.request("/v1/x").build(), BodyHandlers.ofInputStream())
                    .get();

            // The kernel's socket buffers on both hops take some megabytes; the rest has to wait for the caller.
            long stalledAt = Await.standstill(sent::get);
            assertThat(stalledAt).isLessThan(64L << 20);
            assertThat(response.body().skip(total)).isEqualTo(total);
            assertThat(response.body().read()).isEqualTo(-1);
        }
    }

    @Test
    void responsesWithoutABodyEndAtTheirHead() {
        try (FakeNode node = FakeNode.start(exchange -> exchange.raw("HTTP/1.1 204 No Content\r\n\r\n"))) {
            tenant.node("n1", 1, node.url());

            assertThat(tenant.post("{}").statusCode()).isEqualTo(204);

            node.behave(exchange -> exchange.raw("HTTP/1.1 304 Not Modified\r\netag: \"1\"\r\n\r\n"));
            assertThat(tenant.post("{}").statusCode()).isEqualTo(304);

            node.behave(exchange -> exchange.raw("HTTP/1.1 200 OK\r\ncontent-length: 42\r\n\r\n"));
            HttpResponse<String> head = tenant.send(tenant.request("/v1/x")
                    .method("HEAD", BodyPublishers.noBody())
                    .build());
            assertThat(head.headers().firstValue("content-length")).contains("42");
        }
    }

    @Test
    void aNodeThatEndsItsBodyByClosingIsUnderstood() {
        try (FakeNode node = FakeNode.start(exchange -> {
            exchange.raw("HTTP/1.0 200 OK\r\n\r\nold school");
            exchange.close();
        })) {
            tenant.node("n1", 1, node.url());

            assertThat(tenant.post("{}").body()).isEqualTo("old school");
        }
    }

    @Test
    void aConnectionThatANodeClosesIsNotUsedAgain() {
        try (FakeNode node = FakeNode.start(exchange -> {
            exchange.respond(200, "once", "connection: close");
            exchange.close();
        })) {
            tenant.node("n1", 1, node.url());

            for (int i = 0; i < 5; i++) {
                HttpResponse<String> response = tenant.post("{}");
                assertThat(response.body()).isEqualTo("once");
                assertThat(Tenant.attempts(response)).isEqualTo("n1;ok");
                assertThat(response.headers().firstValue("connection")).isEmpty();
            }
        }
    }

    @Test
    void trailersPassButForThoseThatSpeakOfOneHop() throws Exception {
        try (FakeNode node = FakeNode.start(exchange ->
                        exchange.raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-checksum\r\n\r\n"
                                + "4\r\nbody\r\n0\r\nx-checksum: 7\r\nkeep-alive: timeout=9\r\n\r\n"));
                RawCaller caller = new RawCaller(gateway)) {
            tenant.node("n1", 1, node.url());

            caller.say("GET /v1/x HTTP/1.1\r\nhost: x\r\nx-api-key: " + tenant.key() + "\r\n\r\n");
            caller.expect("body");
            caller.expect("0");
            assertThat(caller.line()).isEqualTo("x-checksum: 7");
            assertThat(caller.line()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"100 Continue", "103 Early Hints"})
    void interimResponsesOfANodeAreItsOwn(String status) {
        try (FakeNode node = FakeNode.start(exchange -> {
            exchange.raw("HTTP/1.1 " + status + "\r\nlink: </style.css>; rel=preload\r\n\r\n");
            exchange.respond(200, "final");
        })) {
            tenant.node("n1", 1, node.url());

            HttpResponse<String> response = tenant.post("{}");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("final");
            assertThat(response.headers().firstValue("link")).isEmpty();
        }
    }

    @Test
    void anInterimResponseOfAnUnknownKindIsNoAnswer() {
        try (FakeNode odd = FakeNode.start(exchange -> {
                    exchange.raw("HTTP/1.1 102 Processing\r\n\r\n");
                    exchange.hang();
                });
                FakeNode good = FakeNode.start(FakeNode.answering("good"))) {
            tenant.node("odd", 1, odd.url());
            tenant.node("good", 2, good.url());

            HttpResponse<String> response = tenant.post("{}");

            assertThat(response.body()).isEqualTo("good");
            assertThat(Tenant.attempts(response)).isEqualTo("odd;protocol, good;ok");
        }
    }

    @Test
    void aCallerWhoAsksFirstIsToldToGoOnByTheGateway() throws Exception {
        try (FakeNode node = FakeNode.start(FakeNode.answering("ok"));
                RawCaller caller = new RawCaller(gateway)) {
            tenant.node("n1", 1, node.url());
            caller.say("POST /v1/x HTTP/1.1\r\nhost: x\r\nx-api-key: " + tenant.key()
                    + "\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n");
            assertThat(caller.line()).isEqualTo("HTTP/1.1 100 Continue");
            assertThat(caller.line()).isEmpty();
            assertThat(node.hits()).isZero();

            caller.say("body");
            assertThat(caller.line()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(node.requests().get(0).header("expect")).isNull();
            assertThat(node.requests().get(0).body()).asString().isEqualTo("body");
        }
    }

    @Test
    void aCompressedStreamPassesUntouchedFromItsFirstByte() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        byte[] start = {0x1f, (byte) 0x8b, 8};
        try (FakeNode node = FakeNode.start(exchange -> {
                    exchange.raw("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: gzip\r\n"
                            + "transfer-encoding: chunked\r\n\r\n3\r\n");
                    exchange.raw(start);
                    exchange.raw("\r\n");
                    Await.latch(seen);
                    exchange.raw("0\r\n\r\n");
                });
                FakeNode other = FakeNode.start(FakeNode.answering("unused"))) {
            tenant.node("n1", 1, node.url());
            tenant.node("n2", 2, other.url());

            HttpResponse<InputStream> response = tenant.sendAsync(
                            tenant.request("/v1/messages")
                                    .POST(BodyPublishers.ofString("{}"))
                                    .build(),
                            BodyHandlers.ofInputStream())
                    .join();
            assertThat(response.body().readNBytes(3)).isEqualTo(start);
            seen.countDown();

            assertThat(response.body().readAllBytes()).isEmpty();
            assertThat(response.headers().firstValue("content-encoding")).contains("gzip");
        }
    }

    @Test
    void aCallerMaySpeakHttp2InTheClear() throws Exception {
        try (FakeNode node = FakeNode.start(FakeNode.answering("ok"))) {
            tenant.node("n1", 1, node.url());
            HttpClient http2 =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

            for (int i = 0; i < 3; i++) {
                HttpResponse<String> response = http2.send(
                        tenant.request("/v1/messages")
                                .POST(BodyPublishers.ofString("{}"))
                                .build(),
                        BodyHandlers.ofString());
                assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(response.body()).isEqualTo("ok");
            }
        }
    }

    @Test
    void aWebSocketIsRefusedClearly() throws Exception {
        try (FakeNode node = FakeNode.start(FakeNode.answering("ok"));
                RawCaller caller = new RawCaller(gateway)) {
            tenant.node("n1", 1, node.url());
            caller.say("GET /v1/realtime HTTP/1.1\r\nhost: gateway\r\nx-api-key: " + tenant.key()
                    + "\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n"
                    + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

            assertThat(caller.line()).startsWith("HTTP/1.1 501");
            caller.expect("");
            assertThat(node.hits()).isZero();
        }
    }

    @Test
    void connectionsToANodeAreUsedAgain() {
        try (FakeNode node = FakeNode.start(FakeNode.answering("ok"))) {
            tenant.node("n1", 1, node.url());
            int warm = warmConnections(node);

            for (int i = 0; i < 20; i++) {
                tenant.post("{}");
            }

            assertThat(node.hits()).isEqualTo(20);
            assertThat(node.connections())
                    .as("one caller, one event loop, and that has a connection since the pre-warm")
                    .isEqualTo(warm);
        }
    }

    @Test
    void aNodeIsAlsoFoundUnderItsIpv6Address() throws Exception {
        try (var socket = new ServerSocket(0, 50, InetAddress.getByName("::1"));
                FakeNode node = FakeNode.start(socket, FakeNode.answering("six"))) {
            tenant.node("n1", 1, "http://[::1]:" + node.port());

            assertThat(tenant.post("{}").body()).isEqualTo("six");
            assertThat(node.requests().get(0).header("host")).isEqualTo("[::1]:" + node.port());
        }
    }
}
