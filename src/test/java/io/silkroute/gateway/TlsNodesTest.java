package io.silkroute.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.silkroute.testing.Await;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.RawCaller;
import io.silkroute.testing.SelfSigned;
import io.silkroute.testing.StoreResource;
import io.silkroute.testing.Tenant;
import io.silkroute.testing.TrustedResource;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PfxOptions;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes over TLS, which choose HTTP/2 or HTTP/1.1 by ALPN. */
@QuarkusTest
@QuarkusTestResource(StoreResource.class)
@QuarkusTestResource(value = TrustedResource.class, restrictToAnnotatedClass = true)
@TestProfile(TlsNodesTest.OneLoop.class)
class TlsNodesTest extends GatewayTest {

    /** All callers on one event loop, and so on one pool. */
    public static final class OneLoop implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.vertx.event-loops-pool-size", "1", "quarkus.http.io-threads", "1");
        }
    }

    SelfSigned trusted;

    private final AtomicInteger connections = new AtomicInteger();
    private volatile Handler<HttpServerRequest> behaviour =
            request -> request.response().end("ok over " + request.version());
    private HttpServer node;

    @BeforeEach
    void startNode() {
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setHost("localhost")
                .setPort(0)
                .setKeyCertOptions(
                        new PfxOptions().setPath(trusted.store().toString()).setPassword(SelfSigned.PASSWORD));
        node = vertx.createHttpServer(options)
                .connectionHandler(connection -> connections.incrementAndGet())
                .requestHandler(request -> {
                    if (request.path().equals("/health")) {
                        request.response().end();
                    } else {
                        behaviour.handle(request);
                    }
                })
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        String id = tenant.node("secure", 1, "https://localhost:" + node.actualPort());
        Await.until("the node is warm", () -> tenant.show(id).get("active").asBoolean());
    }

    @AfterEach
    void stopNode() {
        node.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aNodeThatOffersHttp2IsSpokenToInIt() {
        int warm = connections.get();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(tenant.sendAsync(tenant.request("/v1/x").build(), BodyHandlers.ofString()));
        }

        answers.forEach(answer -> assertThat(answer.join().body()).isEqualTo("ok over " + HttpVersion.HTTP_2));
        assertThat(connections).as("that of the pre-warm is used by all").hasValue(warm);
    }

    @Test
    void aNodeThatOnlyKnowsHttp1IsSpokenToInThat() {
        try (FakeNode old = FakeNode.start(trusted.serverSocket(), FakeNode.answering("old"))) {
            tenant.node("old", 0, "https://localhost:" + old.port());

            assertThat(tenant.post("{}").body()).isEqualTo("old");
            assertThat(tenant.post("{}").body()).isEqualTo("old");
            assertThat(old.connections()).isEqualTo(1);
        }
    }

    @Test
    void aConnectionOnWhichANodeFellSilentTakesNoNewRequests() {
        behaviour = request -> {
            if (connections.get() > 1) {
                request.response().end("new");
            }
        };

        HttpResponse<String> response = tenant.post("{}");

        assertThat(response.body()).isEqualTo("new");
        assertThat(Tenant.attempts(response)).isEqualTo("secure;response_timeout, secure;ok");
        assertThat(connections).hasValue(2);
    }

    @Test
    void aStreamThatIsResetIsRescuedOrEndsInAnError() {
        try (FakeNode good = FakeNode.start(Api.streaming(Api.ANTHROPIC.whole("good"), Api.Ending.CLEAN))) {
            tenant.node("good", 2, good.url());
            for (int count = 0; count < Api.ANTHROPIC.beforeLast; count++) {
                String start = Api.ANTHROPIC.stream("secure", count);
                behaviour = request -> request.response()
                        .putHeader("content-type", "text/event-stream")
                        .write(start)
                        .onComplete(v -> request.response().reset(2));
                String body = tenant.send(tenant.request(Api.ANTHROPIC.path)
                                .POST(BodyPublishers.ofString("{}"))
                                .build())
                        .body();
                boolean rescued = body.equals(Api.ANTHROPIC.whole("good"));
                assertThat(rescued || Api.ANTHROPIC.endsInError(body))
                        .as("reset after " + count + " events: " + body)
                        .isTrue();
                assertThat(rescued || count > Api.ANTHROPIC.preamble)
                        .as("rescued before content")
                        .isTrue();
            }
        }
    }

    @Test
    void trailersReachTheCaller() throws Exception {
        behaviour = request -> {
            request.response().setChunked(true).putTrailer("x-checksum", "7").write("body");
            request.response().end();
        };

        try (RawCaller caller = new RawCaller(gateway)) {
            caller.say("GET /v1/x HTTP/1.1\r\nhost: gateway\r\nx-api-key: " + tenant.key() + "\r\n\r\n");
            caller.expect("body");
            caller.expect("0");
            assertThat(caller.line()).isEqualTo("x-checksum: 7");
        }
    }

    @Test
    void aCallerWhoDoesNotReadHoldsNobodyElseUp() throws Exception {
        Buffer much = Buffer.buffer(new byte[16 << 20]);
        behaviour = request -> request.response().end(request.path().endsWith("much") ? much : Buffer.buffer("little"));
        List<HttpResponse<InputStream>> lazy = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            lazy.add(tenant.another()
                    .sendAsync(tenant.request("/v1/much").build(), BodyHandlers.ofInputStream())
                    .join());
        }

        for (int i = 0; i < 20; i++) {
            assertThat(tenant.send(tenant.request("/v1/x").build()).body()).isEqualTo("little");
        }
        assertThat(connections).hasValue(1);
        for (HttpResponse<InputStream> response : lazy) {
            assertThat(response.body().readAllBytes()).hasSize(much.length());
        }
    }
}
