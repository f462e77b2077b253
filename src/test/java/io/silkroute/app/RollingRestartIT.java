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
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One replica after the other is stopped and started again, behind a balancer, and nobody notices. */
class RollingRestartIT {

    private static final int REPLICAS = 3;
    private static final int RATE = 300;

    @TempDir
    Path folder;

    @Test
    @Timeout(240)
    void losesNothing() {
        assumeTrue(Balancer.isInstalled(), "HAProxy is not installed");
        try (SharedStore store = SharedStore.start(folder.resolve("postgres"));
                FakeNode node = FakeNode.start(FakeNode.answering("ok"))) {
            List<GatewayProcess> replicas = new ArrayList<>();
            try {
                for (int i = 0; i < REPLICAS; i++) {
                    replicas.add(GatewayProcess.start(folder, environment(store, Map.of())));
                }
                replicas.forEach(GatewayProcess::awaitReady);
                Tenant direct = new Operator(replicas.get(0).address()).tenant();
                direct.node("n1", 1, node.url());
                List<URI> addresses =
                        replicas.stream().map(GatewayProcess::address).toList();
                try (Balancer balancer = Balancer.start(folder, addresses)) {
                    Tenant tenant = direct.through(balancer.address());
                    Await.until("the balancer is there", () -> answers(tenant));
                    try (SteadyLoad load = new SteadyLoad(tenant, RATE)) {
                        for (int i = 0; i < REPLICAS; i++) {
                            int before = load.sent();
                            Await.until("a second of all three", () -> load.sent() >= before + RATE);
                            assertThat(replicas.get(i).stop()).isEqualTo(143);
                            String port = Integer.toString(addresses.get(i).getPort());
                            replicas.set(
                                    i,
                                    GatewayProcess.start(folder, environment(store, Map.of("PORT", port)))
                                            .awaitReady());
                        }
                        int before = load.sent();
                        Await.until("a second of all three", () -> load.sent() >= before + RATE);
                        Map<Integer, Long> statuses = load.stop().stream()
                                .collect(Collectors.groupingBy(HttpResponse::statusCode, Collectors.counting()));
                        assertThat(statuses).containsOnlyKeys(200);
                    }
                }
            } finally {
                replicas.forEach(GatewayProcess::kill);
            }
        }
    }

    private static boolean answers(Tenant tenant) {
        try {
            return tenant.post("{}").statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private static Map<String, String> environment(SharedStore store, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(store.environment());
        environment.put("ADMIN_API_KEY", Operator.KEY);
        environment.put("DRAIN_TIMEOUT_SEC", "18");
        environment.putAll(more);
        return environment;
    }
}
