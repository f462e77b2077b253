package io.silkroute.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.silkroute.testing.Await;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.SteadyLoad;
import io.silkroute.testing.StoreResource;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whole outages and nodes that cannot decide, under load, in real time. */
@QuarkusTest
@QuarkusTestResource(StoreResource.class)
@TestProfile(OutageTest.QuickRecovery.class)
class OutageTest extends GatewayTest {

    private static final int RATE = 500;

    /** The default budget; times that end within a test. */
    public static final class QuickRecovery implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "RETRY_BUDGET_MIN_PER_SEC", "10",
                    "CB_COOLDOWN_SECONDS", "1",
                    "CB_COOLDOWN_MAX_SECONDS", "1",
                    "HEALTH_INTERVAL_SEC", "1",
                    "FAILBACK_STABLE_SECONDS", "2");
        }
    }

    @Test
    void inAFullOutageAttemptsStayWithinTheBudgetAndAllIsWellOnceANodeReturns() {
        try (FakeNode first = FakeNode.start(FakeNode.answering("ok"));
                FakeNode second = FakeNode.start(FakeNode.answering("ok"))) {
            String firstId = tenant.node("first", 1, first.url());
            String secondId = tenant.node("second", 2, second.url());
            first.behaveToAll(FakeNode.status(500));
            second.behaveToAll(FakeNode.status(500));
            int during;
            try (SteadyLoad load = new SteadyLoad(tenant, RATE)) {
                Await.until("two seconds of outage", () -> load.sent() >= 2 * RATE);
                List<HttpResponse<String>> answers = load.stop();
                during = answers.size();
                assertThat(answers).allMatch(answer -> answer.statusCode() == 500 || answer.statusCode() == 503);
                assertThat(answers)
                        .filteredOn(answer -> answer.statusCode() == 503)
                        .isNotEmpty()
                        .allMatch(answer ->
                                answer.headers().firstValue("retry-after").isPresent())
                        .allMatch(answer -> answer.body().contains("no available nodes"));
            }
            // RETRY_BUDGET_RATIO, and RETRY_BUDGET_MIN_PER_SEC over the budget's ten seconds.
            assertThat(first.hits() + second.hits()).isLessThanOrEqualTo((int) (during * 1.2) + 100);
            Await.until(
                    "both are left alone",
                    () -> !tenant.show(firstId).get("status").asText().equals("healthy")
                            && !tenant.show(secondId).get("status").asText().equals("healthy"));

            second.behaveToAll(FakeNode.answering("back"));
            Await.until(
                    "it is found",
                    () -> tenant.show(secondId).get("status").asText().equals("healthy"));
            try (SteadyLoad load = new SteadyLoad(tenant, RATE)) {
                Await.until("a second of recovery", () -> load.sent() >= RATE);
                assertThat(load.stop())
                        .allMatch(answer -> answer.statusCode() == 200)
                        .allMatch(answer -> answer.body().equals("back"));
            }
            assertThat(tenant.show(firstId).get("active").asBoolean()).isFalse();
        }
    }

    @Test
    void aNodeThatFlapsIsFeltByNobodyAndCausesFewSwitches() {
        FakeNode flapping = FakeNode.start(FakeNode.answering("flapping"));
        int port = flapping.port();
        try (FakeNode steady = FakeNode.start(FakeNode.answering("steady"))) {
            tenant.node("flapping", 1, flapping.url());
            tenant.node("steady", 2, steady.url());
            try (SteadyLoad load = new SteadyLoad(tenant, 100)) {
                for (int cycle = 1; cycle <= 3; cycle++) {
                    int sent = load.sent();
                    Await.until("two seconds up", () -> load.sent() >= sent + 200);
                    flapping.close();
                    Await.until("two seconds down", () -> load.sent() >= sent + 400);
                    flapping = FakeNode.start(FakeNode.plain(port), FakeNode.answering("flapping"));
                }
                assertThat(load.stop()).allMatch(answer -> answer.statusCode() == 200);
            }
            // Away and back takes a cooldown, three probes and the stable time: more than one way of it cannot fit in 4
            // s.
            assertThat(
                            operator
                                    .done("GET", "/events?account_id=" + tenant.account(), null)
                                    .findValuesAsText("type")
                                    .stream()
                                    .filter("switched"::equals))
                    .hasSizeBetween(2, 1 + 2 * 3);
        } finally {
            flapping.close();
        }
    }
}
