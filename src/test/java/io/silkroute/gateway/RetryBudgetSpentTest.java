package io.silkroute.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.StoreResource;
import io.silkroute.testing.Tenant;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An outage does not become a retry storm. */
@QuarkusTest
@QuarkusTestResource(StoreResource.class)
@TestProfile(RetryBudgetSpentTest.SmallBudget.class)
class RetryBudgetSpentTest extends GatewayTest {

    /** What one retry a second makes over the ten seconds that the budget looks back. */
    private static final int BUDGET = 10;

    /** So small that it is spent before it fills up again, and no breaker that would end the retries first. */
    public static final class SmallBudget implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "RETRY_BUDGET_RATIO", "0",
                    "RETRY_BUDGET_MIN_PER_SEC", "1",
                    "CB_CONSECUTIVE_FAILS", "1000",
                    "CB_MIN_REQUESTS", "1000");
        }
    }

    @Test
    void whenTheBudgetIsSpentFailuresAreReturnedAsTheyAre() {
        try (FakeNode bad = FakeNode.start(FakeNode.status(503));
                FakeNode good = FakeNode.start(FakeNode.answering("ok"))) {
            tenant.node("bad", 1, bad.url());
            tenant.node("good", 2, good.url());

            for (int i = 0; i < BUDGET; i++) {
                assertThat(tenant.post("{}").statusCode()).isEqualTo(200);
            }
            HttpResponse<String> beyond = tenant.post("{}");

            assertThat(beyond.statusCode()).isEqualTo(503);
            assertThat(Tenant.attempts(beyond)).isEqualTo("bad;status_5xx");
            assertThat(bad.hits()).isEqualTo(BUDGET + 1);
            assertThat(good.hits()).isEqualTo(BUDGET);
        }
    }
}
