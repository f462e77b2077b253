package io.silkroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.silkroute.testing.Await;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.GatewayProcess;
import io.silkroute.testing.Operator;
import io.silkroute.testing.SharedStore;
import io.silkroute.testing.Tenant;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three processes of the packaged gateway on one PostgreSQL, and what becomes of them without it. */
class ReplicasIT {

    private static final int REPLICAS = 3;
    private static final Duration SOON = Duration.ofSeconds(1);

    @TempDir
    static Path folder;

    private static SharedStore store;
    private static final List<GatewayProcess> REPLICA = new ArrayList<>();
    private Tenant tenant;

    @BeforeAll
    static void start() {
        store = SharedStore.start(folder.resolve("postgres"));
        for (int i = 0; i < REPLICAS; i++) {
            REPLICA.add(GatewayProcess.start(folder, environment()));
        }
        REPLICA.forEach(GatewayProcess::awaitReady);
    }

    @AfterAll
    static void stop() {
        REPLICA.forEach(GatewayProcess::kill);
        store.close();
    }

    @BeforeEach
    void newTenant() {
        tenant = new Operator(address(0)).tenant();
    }

    @Test
    void whatOneChangesAllHaveWithinASecond() {
        try (FakeNode first = FakeNode.start(FakeNode.answering("first"));
                FakeNode second = FakeNode.start(FakeNode.answering("second"))) {
            String firstId = tenant.node("first", 1, first.url());
            String secondId = tenant.node("second", 2, second.url());
            everywhere("the nodes are there", i -> ask(i).body().equals("first"));

            new Operator(address(1)).done("POST", "/nodes/" + secondId + "/activate", null);
            everywhere(
                    "the switch is followed",
                    i -> active(i, secondId) && ask(i).body().equals("second"));

            new Operator(address(2)).done("POST", "/nodes/" + secondId + "/disable", null);
            everywhere(
                    "the disabled one is left",
                    i -> active(i, firstId) && ask(i).body().equals("first"));

            new Operator(address(1)).done("DELETE", "/nodes/" + firstId, null);
            everywhere("the deleted one is gone", i -> ask(i).statusCode() == 503);
        }
    }

    @Test
    void aBreakerThatOpensHasTheOthersAskAtOnce() {
        try (FakeNode failing = FakeNode.start(FakeNode.answering("ok"));
                FakeNode good = FakeNode.start(FakeNode.answering("good"))) {
            String id = tenant.node("failing", 1, failing.url());
            String goodId = tenant.node("good", 2, good.url());
            everywhere("the nodes are there", i -> ask(i).body().equals("ok"));
            failing.behaveToAll(FakeNode.resetting());

            assertThat(ask(0).body()).isEqualTo("good");

            for (int i = 1; i < REPLICAS; i++) {
                int replica = i;
                Await.within(SOON, "replica " + i + " has asked", () -> {
                    JsonNode probe = node(replica, id).get("last_probe");
                    return !probe.isNull() && !probe.get("ok").asBoolean();
                });
            }
            everywhere("the switch is followed", i -> active(i, goodId));
            int hits = failing.hits();
            for (int i = 0; i < REPLICAS; i++) {
                assertThat(ask(i).body()).isEqualTo("good");
            }
            assertThat(failing.hits()).as("requests that had to find out").isEqualTo(hits);
        }
    }

    @Test
    void withoutTheDatabaseTrafficGoesOnAndWhatIsWrittenAfterwardsReachesAll() {
        try (FakeNode node = FakeNode.start(FakeNode.answering("ok"))) {
            String id = tenant.node("n1", 1, node.url());
            everywhere("the node is there", i -> ask(i).body().equals("ok"));

            store.stop();
            for (int i = 0; i < REPLICAS; i++) {
                assertThat(ask(i).body()).isEqualTo("ok");
                Operator.Reply refused = new Operator(address(i)).call("PATCH", "/nodes/" + id, "{\"weight\":7}");
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.contentType()).startsWith("application/problem+json");
                assertThat(refused.json().get("detail").asText()).contains("the database is away");
                int replica = i;
                Await.until("it is reported", () -> ready(replica).body().contains("away since"));
                assertThat(ready(i).statusCode()).isEqualTo(200);
                assertThat(health(i, "live").statusCode()).isEqualTo(200);
            }

            store.restart();
            everywhere(
                    Duration.ofSeconds(10), "it is seen", i -> ready(i).body().contains("reached"));
            assertThat(node(0, id).get("weight").asInt()).isEqualTo(1);
            new Operator(address(0)).done("PATCH", "/nodes/" + id, "{\"weight\":7}");
            everywhere("the change arrives", i -> node(i, id).get("weight").asInt() == 7);
        }
    }

    @Test
    void onlyOneAtATimeAsksANodeThatHasToProveItselfAndAllHaveItsVerdict() {
        try (FakeNode node = FakeNode.start(FakeNode.resetting())) {
            String id = tenant.node("n1", 1, node.url());
            everywhere("the node is there", i -> ask(i).statusCode() == 502);
            // An open breaker has the others ask at once; that is over before any cooldown is.
            int before = Math.toIntExact(Await.standstill(node::probes));
            CountDownLatch gate = new CountDownLatch(1);
            node.behaveToProbes(exchange -> {
                Await.latch(gate);
                exchange.respond(200, "well");
            });
            everywhere(
                    Duration.ofSeconds(10),
                    "the cooldown is over",
                    i -> status(i, id).endsWith("half_open"));
            Await.until("one has asked", () -> node.probes() == before + 1);
            Await.passes(Duration.ofSeconds(2));
            assertThat(node.probes()).as("while it has no answer").isEqualTo(before + 1);

            node.behave(FakeNode.answering("ok"));
            gate.countDown();

            everywhere(Duration.ofSeconds(10), "it is well", i -> status(i, id).equals("healthy"));
            // Three successes close a breaker. One more may have been under way already when its verdict came.
            assertThat(node.probes() - before).as("probes of three replicas").isBetween(3, 4);
        }
    }

    @Test
    void aDatabaseThatIsKilledInTheMiddleOfAWriteHasAllOfItOrNothing() {
        try (FakeNode node = FakeNode.start(FakeNode.answering("ok"))) {
            String id = tenant.node("n1", 1, node.url());
            CompletableFuture<Operator.Reply> write;
            // It holds the row, so the write waits for it, in the middle of its transaction.
            store.execute("begin", "select * from node where id = '" + id + "' for update");
            write = CompletableFuture.supplyAsync(() ->
                    new Operator(address(0)).call("PATCH", "/nodes/" + id, "{\"weight\":7,\"traffic_weight\":3}"));
            Await.until("the write waits", () -> store.isWaitedFor("node"));

            store.kill();

            assertThat(write.join().status()).isEqualTo(503);
            assertThat(ask(0).body()).isEqualTo("ok");
            store.restart();
            everywhere(
                    Duration.ofSeconds(20), "it is seen", i -> ready(i).body().contains("reached"));
            assertThat(node(0, id).get("weight").asInt()).isEqualTo(1);
            assertThat(node(0, id).get("traffic_weight").asInt()).isEqualTo(100);
            new Operator(address(0)).done("PATCH", "/nodes/" + id, "{\"weight\":7,\"traffic_weight\":3}");
            everywhere(
                    "the change arrives", i -> node(i, id).get("traffic_weight").asInt() == 3);
        }
    }

    @Test
    void aStartWithoutTheDatabaseIsAliveButNotReadyUntilItIsThere() {
        String id = tenant.node("n1", 1, FakeNode.refusingUrl());
        store.stop();
        try (GatewayProcess early = GatewayProcess.start(folder, environment())) {
            early.awaitAlive();

            assertThat(health(early.address(), "ready").statusCode()).isEqualTo(503);
            assertThat(health(early.address(), "ready").body()).contains("away since");
            assertThat(health(early.address(), "started").statusCode()).isEqualTo(200);
            HttpResponse<String> turnedAway = ask(early.address());
            assertThat(turnedAway.statusCode()).isEqualTo(503);
            assertThat(turnedAway.headers().firstValue("retry-after")).contains("2");
            Operator.Reply refused = new Operator(early.address()).call("GET", "/nodes/" + id, null);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(early.out()).contains("waiting for the database (").doesNotContain("\tat ");

            store.restart();
            early.awaitReady();
            assertThat(new Operator(early.address())
                            .done("GET", "/nodes/" + id, null)
                            .get("name")
                            .asText())
                    .isEqualTo("n1");
            assertThat(early.stop()).isEqualTo(143);
        }
        everywhere(Duration.ofSeconds(20), "it is seen", i -> ready(i).body().contains("reached"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SECRETS_KEY       | QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE= | SECRETS_KEY: does not decrypt the key of node",
                "DATABASE_USERNAME | nobody                                       | DATABASE_USERNAME, DATABASE_PASSWORD: refused by the database",
                "DATABASE_URL      | postgresql://127.0.0.1:%d/elsewhere          | DATABASE_URL: names no database of this server",
            })
    void aStoreThatRefusesEndsTheStartWithOneLine(String name, String value, String line) {
        tenant.node("with a key", 1, FakeNode.refusingUrl(), ",\"api_key\":\"sk-1\"");
        Map<String, String> environment = environment();
        environment.put(name, value.formatted(store.port()));
        try (GatewayProcess gateway = GatewayProcess.start(folder, environment)) {
            assertThat(gateway.awaitExit()).isEqualTo(1);
            assertThat(gateway.err()).startsWith(line).hasLineCount(1);
            assertThat(gateway.out()).doesNotContain("Exception", "\tat ");
        }
    }

    @Test
    void aReplicaThatIsToldToStopEndsWhatItHasAndRefusesNothingMeanwhile() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (FakeNode node = FakeNode.start(exchange -> {
                    exchange.raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
                    exchange.chunk("begun ");
                    if (exchange.request().uri().endsWith("slow")) {
                        Await.latch(gate);
                    }
                    exchange.chunk("and ended");
                    exchange.raw("0\r\n\r\n");
                });
                GatewayProcess leaving =
                        GatewayProcess.start(folder, environment()).awaitReady()) {
            tenant.node("n1", 1, node.url());
            HttpRequest.Builder request = HttpRequest.newBuilder().header("x-api-key", tenant.key());
            HttpRequest slow =
                    request.uri(leaving.address().resolve("/v1/slow")).build();
            HttpRequest quick =
                    request.copy().uri(leaving.address().resolve("/v1/quick")).build();
            Await.within(SOON, "the node is there", () -> send(quick).statusCode() == 200);
            HttpResponse<InputStream> running = HttpClient.newHttpClient().send(slow, BodyHandlers.ofInputStream());
            assertThat(running.body().readNBytes(6)).asString().isEqualTo("begun ");

            leaving.terminate();

            HttpRequest ready = HttpRequest.newBuilder(leaving.address().resolve("/q/health/ready"))
                    .build();
            Await.within(SOON, "it is not ready any more", () -> send(ready).statusCode() == 503);
            HttpResponse<String> late = send(quick);
            assertThat(late.body()).isEqualTo("begun and ended");
            assertThat(late.headers().firstValue("connection")).contains("close");
            HttpClient http2 =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
            assertThat(http2.send(quick, BodyHandlers.ofString()).body()).isEqualTo("begun and ended");
            gate.countDown();
            assertThat(running.body().readAllBytes()).asString().isEqualTo("and ended");
            assertThat(leaving.awaitExit()).as("as told, by SIGTERM").isEqualTo(143);
            assertThat(leaving.out()).contains("stopped: no request runs");
        }
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(store.environment());
        environment.put("ADMIN_API_KEY", Operator.KEY);
        environment.put("CB_CONSECUTIVE_FAILS", "1");
        environment.put("HEALTH_INTERVAL_SEC", "86400");
        environment.put("WARMUP_TIMEOUT_MS", "20000");
        environment.put("CB_COOLDOWN_SECONDS", "5");
        environment.put("CB_COOLDOWN_MAX_SECONDS", "5");
        environment.put("DRAIN_TIMEOUT_SEC", "12");
        return environment;
    }

    private interface Holds {
        boolean on(int replica);
    }

    private void everywhere(String what, Holds holds) {
        everywhere(SOON, what, holds);
    }

    private void everywhere(Duration limit, String what, Holds holds) {
        for (int i = 0; i < REPLICAS; i++) {
            int replica = i;
            Await.within(limit, what + ", on replica " + i, () -> holds.on(replica));
        }
    }

    private String status(int replica, String id) {
        return node(replica, id).get("status").asText();
    }

    private HttpResponse<String> ask(int replica) {
        return ask(address(replica));
    }

    private HttpResponse<String> ask(URI address) {
        return send(HttpRequest.newBuilder(address.resolve("/v1/messages"))
                .header("x-api-key", tenant.key())
                .POST(BodyPublishers.ofString("{}"))
                .build());
    }

    private HttpResponse<String> ready(int replica) {
        return health(replica, "ready");
    }

    private HttpResponse<String> health(int replica, String kind) {
        return health(address(replica), kind);
    }

    private static HttpResponse<String> health(URI address, String kind) {
        return send(HttpRequest.newBuilder(address.resolve("/q/health/" + kind)).build());
    }

    private JsonNode node(int replica, String id) {
        return new Operator(address(replica)).done("GET", "/nodes/" + id, null);
    }

    private boolean active(int replica, String id) {
        return node(replica, id).get("active").asBoolean();
    }

    private static URI address(int replica) {
        return REPLICA.get(replica).address();
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .build()
                    .send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
