package io.silkroute.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.silkroute.testing.Await;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.StoreResource;
import io.silkroute.testing.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A node dies and comes back under load, and no caller notices. */
@QuarkusTest
@QuarkusTestResource(StoreResource.class)
@TestProfile(DyingNodeTest.QuickRecovery.class)
class DyingNodeTest extends GatewayTest {

    private static final int CALLERS = 8;
    private static final ExecutorService CALLER_THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "caller");
        thread.setDaemon(true);
        return thread;
    });

    /** The default budget, since it must suffice; a cooldown that ends within the test. */
    public static final class QuickRecovery implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "RETRY_BUDGET_MIN_PER_SEC", "10",
                    "CB_COOLDOWN_SECONDS", "1",
                    "CB_COOLDOWN_MAX_SECONDS", "1",
                    "HEALTH_INTERVAL_SEC", "1",
                    "FAILBACK_STABLE_SECONDS", "1");
        }
    }

    @Test
    void noRequestFailsWhileTheActiveNodeIsKilledAndBroughtBackTwice() {
        FakeNode active = FakeNode.start(FakeNode.answering("active"));
        int port = active.port();
        try (FakeNode standby = FakeNode.start(FakeNode.answering("standby"))) {
            tenant.node("active", 1, active.url());
            tenant.node("standby", 2, standby.url());
            AtomicBoolean running = new AtomicBoolean(true);
            List<CompletableFuture<List<String>>> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(CompletableFuture.supplyAsync(() -> answers(tenant, running), CALLER_THREADS));
            }
            for (int death = 0; death < 2; death++) {
                FakeNode living = active;
                Await.until("the active node serves", () -> living.hits() > 200);
                int before = standby.hits();
                active.close();
                Await.until("the standby serves", () -> standby.hits() > before + 200);
                active = FakeNode.start(FakeNode.plain(port), FakeNode.answering("active"));
            }
            FakeNode back = active;
            Await.until("the active node serves again", () -> back.hits() > 200);
            running.set(false);

            for (CompletableFuture<List<String>> caller : callers) {
                assertThat(caller.join()).isNotEmpty().containsOnly("200 active", "200 standby");
            }
        } finally {
            active.close();
        }
    }

    private static List<String> answers(Tenant tenant, AtomicBoolean running) {
        List<String> answers = new ArrayList<>();
        while (running.get()) {
            var response = tenant.post("{}");
            answers.add(response.statusCode() + " " + response.body());
        }
        return answers;
    }
}
