package io.silkroute.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.silkroute.kernel.Ticker;
import io.silkroute.testing.Await;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.Specs;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VertxNodeProberTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(100);

    @AfterAll
    static void close() {
        VERTX.close();
    }

    @ParameterizedTest
    @CsvSource({
        "200,true",
        "204,true",
        "401,true",
        "404,true",
        "429,true",
        "499,true",
        "500,false",
        "503,false",
        "529,false"
    })
    void anyAnswerBelow500IsASuccess(int status, boolean ok) {
        try (FakeNode node = FakeNode.start(FakeNode.answering("unused"))) {
            node.behaveToProbes(FakeNode.status(status));

            ProbeResult result = probe("/health", node.url());

            assertThat(result.ok()).isEqualTo(ok);
            assertThat(result.detail()).isEqualTo("status " + status);
        }
    }

    @Test
    void thePathIsAskedForBelowTheBaseUrlWithTheKeyOfTheNode() {
        try (FakeNode node = FakeNode.start(FakeNode.answering("ok"))) {
            probe("/ping?deep=1", node.url() + "/base");

            assertThat(node.requests()).hasSize(1);
            assertThat(node.requests().get(0).method()).isEqualTo("GET");
            assertThat(node.requests().get(0).uri()).isEqualTo("/base/ping?deep=1");
            assertThat(node.requests().get(0).header("x-api-key")).isEqualTo("its-key");
        }
    }

    @ParameterizedTest
    @CsvSource({"'',/", "/base,/base"})
    void withoutAPathTheBaseUrlIsAskedForWithHead(String base, String seen) {
        try (FakeNode node =
                FakeNode.start(exchange -> exchange.raw("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"))) {
            assertThat(probe("", node.url() + base).ok()).isTrue();

            assertThat(node.requests().get(0).method()).isEqualTo("HEAD");
            assertThat(node.requests().get(0).uri()).isEqualTo(seen);
        }
    }

    @Test
    void aNodeThatIsNotThereOrSaysNothingFails() {
        assertThat(probe("/health", FakeNode.refusingUrl()).detail()).startsWith("connect_refused");
        try (FakeNode node = FakeNode.start(FakeNode.answering("unused"))) {
            node.behaveToProbes(FakeNode.hanging());
            ProbeResult result = probe("/health", node.url(), SHORT);

            assertThat(result.ok()).isFalse();
            assertThat(result.detail()).startsWith("response_timeout");
            assertThat(result.latency()).isGreaterThanOrEqualTo(SHORT);
        }
    }

    @Test
    void itIsSeenWhetherANodeKeepsItsConnections() {
        try (FakeNode node = FakeNode.start(FakeNode.answering("unused"))) {
            assertThat(probe("/health", node.url()).keptAlive()).isTrue();
            node.behaveToProbes(exchange -> {
                exchange.respond(200, "ok", "Connection: Close");
                exchange.close();
            });
            assertThat(probe("/health", node.url()).keptAlive()).isFalse();
        }
    }

    @Test
    void connectingSendsNothing() {
        try (FakeNode node = FakeNode.start(FakeNode.answering("ok"))) {
            int loops = prober("/health")
                    .connectEverywhere(Specs.node(node.url(), "its-key"))
                    .toCompletableFuture()
                    .join();

            assertThat(loops).isPositive();
            Await.until("all are accepted", () -> node.connections() == loops);
            assertThat(node.hits() + node.probes()).isZero();
        }
        assertThat(prober("/health")
                        .connectEverywhere(Specs.node(FakeNode.refusingUrl(), "its-key"))
                        .toCompletableFuture()
                        .join())
                .isZero();
    }

    private static ProbeResult probe(String path, String url) {
        return probe(path, url, PATIENCE);
    }

    private static ProbeResult probe(String path, String url, Duration timeout) {
        return prober(path)
                .probe(Specs.node(url, "its-key"), timeout)
                .toCompletableFuture()
                .join();
    }

    private static VertxNodeProber prober(String path) {
        VertxUpstreamClient client = new VertxUpstreamClient(
                VERTX,
                new UpstreamSettings(
                        Duration.ofSeconds(1), Duration.ofSeconds(15), Duration.ofSeconds(30), 1000, Set.of()),
                Ticker.system());
        return new VertxNodeProber(VERTX, client, path, Ticker.system());
    }
}
