package io.silkroute.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.silkroute.testing.Await;
import io.silkroute.testing.Balancer;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.GatewayProcess;
import io.silkroute.testing.Operator;
import io.silkroute.testing.SharedStore;
import io.silkroute.testing.SteadyLoad;
import io.silkroute.testing.Tenant;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One replica after the other is stopped and started again, behind a balancer, and nobody notices. */
class RollingRestartIT {

    private static final int REPLICAS = 3;
    private static final int RATE = 300;

    /** So many that each replica has some. */
    private static final int STREAMS = 2 * REPLICAS;

    @TempDir
    Path folder;

    private SharedStore store;
    private final List<GatewayProcess> replicas = new ArrayList<>();
    private volatile CountDownLatch gate = new CountDownLatch(1);

    @BeforeEach
    void start() {
        assumeTrue(Balancer.isInstalled(), "HAProxy is not installed");
        store = SharedStore.start(folder.resolve("postgres"));
        for (int i = 0; i < REPLICAS; i++) {
            replicas.add(GatewayProcess.start(folder, environment(Map.of())));
        }
        replicas.forEach(GatewayProcess::awaitReady);
    }

    @AfterEach
    void stop() {
        replicas.forEach(GatewayProcess::kill);
        if (store != null) {
            store.close();
        }
    }

    @Test
    @Timeout(240)
    void losesNothing() throws IOException {
        Tenant direct = new Operator(replicas.get(0).address()).tenant();
        List<URI> addresses = replicas.stream().map(GatewayProcess::address).toList();
        try (FakeNode node = FakeNode.start(this::serve);
                Balancer balancer = Balancer.start(folder, addresses)) {
            direct.node("n1", 1, node.url());
            Tenant tenant = direct.through(balancer.address());
            Await.until("the balancer is there", () -> answers(tenant));
            try (SteadyLoad load = new SteadyLoad(tenant, RATE)) {
                for (int i = 0; i < REPLICAS; i++) {
                    aSecondOf(load);
                    restart(i, tenant);
                }
                aSecondOf(load);
                assertThat(load.outcomes()).containsOnlyKeys("200");
            }
        }
    }

    private void restart(int replica, Tenant tenant) throws IOException {
        gate = new CountDownLatch(1);
        List<InputStream> streams = openStreams(tenant);
        GatewayProcess leaving = replicas.get(replica);
        leaving.terminate();
        Await.until("it stops", () -> leaving.out().contains("stopping: not ready any more"));
        gate.countDown();
        for (InputStream stream : streams) {
            assertThat(stream.readAllBytes()).asString().isEqualTo("begun and ended");
        }
        assertThat(leaving.awaitExit()).as("as told, by SIGTERM").isEqualTo(143);
        assertThat(leaving.out()).contains("stopped: no request runs");
        String port = Integer.toString(leaving.address().getPort());
        replicas.set(
                replica,
                GatewayProcess.start(folder, environment(Map.of("PORT", port))).awaitReady());
    }

    private static List<InputStream> openStreams(Tenant tenant) {
        List<CompletableFuture<HttpResponse<InputStream>>> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            streams.add(tenant.sendAsync(tenant.request("/v1/stream").build(), BodyHandlers.ofInputStream()));
        }
        return streams.stream()
                .map(CompletableFuture::join)
                .map(HttpResponse::body)
                .toList();
    }

    private void serve(FakeNode.Exchange exchange) throws IOException {
        if (!exchange.request().uri().endsWith("stream")) {
            exchange.respond(200, "ok");
            return;
        }
        exchange.raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        exchange.chunk("begun ");
        Await.latch(gate);
        exchange.chunk("and ended");
        exchange.raw("0\r\n\r\n");
    }

    private static void aSecondOf(SteadyLoad load) {
        int before = load.sent();
        Await.until("a second of all three", () -> load.sent() >= before + RATE);
    }

    private static boolean answers(Tenant tenant) {
        try {
            return tenant.post("{}").statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(store.environment());
        environment.put("ADMIN_API_KEY", Operator.KEY);
        environment.putAll(more);
        return environment;
    }
}
