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
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes of one weight share traffic by their traffic weight. */
@QuarkusTest
@QuarkusTestResource(StoreResource.class)
@TestProfile(TrafficShaperTest.Shaped.class)
class TrafficShaperTest extends GatewayTest {

    /** No health probes that could come in between. */
    public static final class Shaped implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "TRAFFIC_SHAPER_ENABLED", "true", "HEALTH_INTERVAL_SEC", "86400", "WARMUP_TIMEOUT_MS", "30000");
        }
    }

    private FakeNode light;
    private FakeNode heavy;
    private FakeNode spare;
    private String lightId;
    private String heavyId;

    @BeforeEach
    void threeNodes() {
        light = FakeNode.start(FakeNode.answering("light"));
        heavy = FakeNode.start(FakeNode.answering("heavy"));
        spare = FakeNode.start(FakeNode.answering("spare"));
        lightId = tenant.node("light", 1, light.url(), ",\"traffic_weight\":20");
        heavyId = tenant.node("heavy", 1, heavy.url(), ",\"traffic_weight\":60");
        tenant.node("spare", 2, spare.url());
        Await.until("both are warm", () -> share(lightId) == 25 && share(heavyId) == 75);
    }

    @AfterEach
    void stop() {
        light.close();
        heavy.close();
        spare.close();
    }

    @Test
    void eachGetsItsShareToTheRequest() {
        send(400);

        assertThat(light.hits()).isEqualTo(100);
        assertThat(heavy.hits()).isEqualTo(300);
        assertThat(spare.hits()).isZero();
    }

    @Test
    void aWeightThatIsChangedHoldsFromTheNextRequestOn() {
        operator.done("PATCH", "/nodes/" + lightId, "{\"traffic_weight\":60}");
        send(10);
        assertThat(light.hits()).isEqualTo(5);
        assertThat(share(lightId)).isEqualTo(50);

        operator.done("PATCH", "/nodes/" + lightId, "{\"traffic_weight\":0}");
        send(10);
        assertThat(light.hits()).isEqualTo(5);
        assertThat(share(lightId)).isZero();
        assertThat(share(heavyId)).isEqualTo(100);
    }

    @Test
    void whoFailsIsReplacedForTheRequestAndThenLosesItsShare() {
        heavy.behaveToAll(FakeNode.resetting());

        send(100);

        assertThat(heavy.hits()).isEqualTo(5);
        assertThat(light.hits()).as("its peer, not the spare one").isEqualTo(100);
        assertThat(share(lightId)).isEqualTo(100);
        assertThat(spare.hits()).isZero();
    }

    @Test
    void whenNoneOfAWeightIsWellTheNextWeightServes() {
        light.behaveToAll(FakeNode.resetting());
        heavy.behaveToAll(FakeNode.resetting());

        send(100);

        assertThat(spare.hits()).isEqualTo(100);
    }

    @Test
    void aFullNodeSpillsToTheNext() {
        CountDownLatch gate = new CountDownLatch(1);
        operator.done("PATCH", "/nodes/" + heavyId, "{\"max_concurrency\":1}");
        heavy.behave(exchange -> {
            Await.latch(gate);
            exchange.respond(200, "heavy");
        });
        List<CompletableFuture<HttpResponse<String>>> held = new ArrayList<>();
        while (heavy.hits() == 0) {
            // Its turn comes within four.
            int before = light.hits();
            held.add(tenant.sendAsync(tenant.request("/v1/x").build(), BodyHandlers.ofString()));
            Await.until("one of the two has it", () -> light.hits() > before || heavy.hits() > 0);
        }
        int start = light.hits();

        send(20);

        assertThat(light.hits() - start).isEqualTo(20);
        gate.countDown();
        assertThat(held.get(held.size() - 1).join().body()).isEqualTo("heavy");
        assertThat(spare.hits()).isZero();
    }

    @Test
    void aNodeThatJoinsIsWarmedFirst() {
        CountDownLatch ready = new CountDownLatch(1);
        try (FakeNode joining = FakeNode.start(FakeNode.answering("joining"))) {
            joining.behaveToProbes(exchange -> {
                Await.latch(ready);
                exchange.respond(200, "well");
            });
            String id = tenant.node("joining", 1, joining.url(), ",\"traffic_weight\":80");
            Await.until(
                    "it is being warmed",
                    () -> tenant.show(id).get("status").asText().equals("warming"));
            send(20);
            assertThat(joining.hits()).isZero();

            ready.countDown();
            Await.until("it has its share", () -> share(id) == 50);
            send(40);
            assertThat(joining.hits()).isEqualTo(20);
        }
    }

    private void send(int requests) {
        for (int i = 0; i < requests; i++) {
            HttpResponse<String> response = tenant.post("{}");
            assertThat(response.statusCode()).as(Tenant.attempts(response)).isEqualTo(200);
        }
    }

    private int share(String id) {
        return tenant.show(id).get("traffic_share").asInt();
    }
}
