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

/** An operator who would rather fail a request than have it done twice. */
@QuarkusTest
@QuarkusTestResource(StoreResource.class)
@TestProfile(StrictRetriesTest.Strict.class)
class StrictRetriesTest extends GatewayTest {

    public static final class Strict implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "RETRY_AFTER_SEND", "idempotent",
                    "RETRY_ON_STATUS", "409",
                    "RETRY_TOTAL_TIMEOUT_SEC", "1");
        }
    }

    @Test
    void aPostThatMayHaveBeenDoneIsNotSentAgain() {
        try (FakeNode resetting = FakeNode.start(FakeNode.resetting());
                FakeNode other = FakeNode.start(FakeNode.answering("ok"))) {
            tenant.node("resetting", 1, resetting.url());
            tenant.node("other", 2, other.url());

            assertThat(tenant.post("{}").statusCode()).isEqualTo(502);
            assertThat(other.hits()).isZero();

            HttpResponse<String> get = tenant.send(tenant.request("/v1/x").GET().build());
            assertThat(Tenant.attempts(get)).isEqualTo("resetting;reset, other;ok");
        }
    }

    @Test
    void aPostThatWasNeverSentGoesElsewhere() {
        try (FakeNode other = FakeNode.start(FakeNode.answering("ok"))) {
            tenant.node("refusing", 1, FakeNode.refusingUrl());
            tenant.node("other", 2, other.url());

            assertThat(Tenant.attempts(tenant.post("{}"))).isEqualTo("refusing;connect_refused, other;ok");
        }
    }

    @Test
    void aStatusCanBeDeclaredAFailure() {
        try (FakeNode conflicting = FakeNode.start(FakeNode.status(409));
                FakeNode other = FakeNode.start(FakeNode.answering("ok"))) {
            tenant.node("conflicting", 1, conflicting.url());
            tenant.node("other", 2, other.url());

            assertThat(Tenant.attempts(tenant.post("{}"))).isEqualTo("conflicting;status_5xx, other;ok");
        }
    }

    @Test
    void theTotalTimeoutEndsTheSearch() {
        try (FakeNode first = FakeNode.start(FakeNode.hanging());
                FakeNode second = FakeNode.start(FakeNode.hanging())) {
            tenant.node("n1", 1, first.url());
            tenant.node("n2", 2, second.url());

            HttpResponse<String> response =
                    tenant.send(tenant.request("/v1/x").GET().build());

            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(Tenant.attempts(response)).isEqualTo("n1;response_timeout");
            assertThat(second.hits()).isZero();
        }
    }
}
