package io.silkroute.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.silkroute.testing.Await;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.Operator;
import io.silkroute.testing.StoreResource;
import io.silkroute.testing.Tenant;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whatever was packaged, a jar or a native executable: every form that the admin API shows and reads, and the ways of a request that
 * lean on what a native executable has to be told of.
 */
@QuarkusIntegrationTest
@QuarkusTestResource(StoreResource.class)
class PackagedIT {

    @TestHTTPResource("/")
    URI gateway;

    private Operator operator;
    private Tenant tenant;

    @BeforeEach
    void newTenant() {
        operator = new Operator(gateway);
        tenant = operator.tenant();
    }

    @Test
    void aRequestThatMeetsADeadNodeIsAnsweredByAnother() {
        try (FakeNode good = FakeNode.start(FakeNode.answering("good"))) {
            String dead = tenant.node("dead", 1, FakeNode.refusingUrl());
            tenant.node("good", 2, good.url(), ",\"api_key\":\"sk-1\",\"auth_scheme\":\"bearer\"");

            HttpResponse<String> answer = tenant.send(tenant.request("/v1/messages")
                    .header("x-request-id", "of-the-package")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build());

            assertThat(answer.body()).isEqualTo("good");
            assertThat(Tenant.attempts(answer)).isEqualTo("dead;connect_refused, good;ok");
            assertThat(good.requests().get(0).header("authorization")).isEqualTo("Bearer sk-1");
            assertThat(tenant.show(dead).at("/last_error/cause").asText()).isEqualTo("connect_refused");
            assertThat(tenant.show(dead).at("/last_probe/ok").asBoolean()).isFalse();
            JsonNode ledger = operator.done("GET", "/requests/of-the-package", null);
            assertThat(ledger.at("/attempts/0/node").asText()).isEqualTo("dead");
            assertThat(operator.done("GET", "/events", null).get("events")).isNotEmpty();
        }
    }

    @Test
    void aStreamThatBreaksOffEndsInAnError() {
        try (FakeNode node = FakeNode.start(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
            exchange.chunk("event: message_start\ndata: {\"type\":\"message_start\"}\n\n");
            exchange.chunk("event: content_block_delta\ndata: {\"type\":\"content_block_delta\"}\n\n");
            exchange.close();
        })) {
            tenant.node("n1", 1, node.url());

            assertThat(tenant.post("{}").body())
                    .contains("content_block_delta")
                    .contains("event: error\ndata: {\"type\":\"error\"");
        }
    }

    @Test
    void accountsAndNodesAreMadeShownChangedAndDeleted() {
        JsonNode account = operator.done("POST", "/accounts", "{\"name\":\"packaged\"}");
        String id = account.get("id").asText();
        assertThat(account.get("proxy_api_key").asText()).startsWith("sr_");
        assertThat(operator.done("PATCH", "/accounts/" + id, "{\"name\":\"renamed\"}")
                        .get("name")
                        .asText())
                .isEqualTo("renamed");
        assertThat(operator.done("POST", "/accounts/" + id + "/rotate-key", null)
                        .get("proxy_api_key"))
                .isNotEqualTo(account.get("proxy_api_key"));
        assertThat(operator.done("GET", "/accounts", null).get("accounts")).hasSizeGreaterThan(1);

        String node = tenant.node("n1", 1, FakeNode.refusingUrl());
        Operator.Reply refused = operator.call("PATCH", "/nodes/" + node, "{\"weight\":-1}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.contentType()).startsWith("application/problem+json");
        assertThat(refused.json().at("/errors/0/field").asText()).isEqualTo("weight");
        assertThat(operator.done("POST", "/nodes/" + node + "/disable", null)
                        .get("status")
                        .asText())
                .isEqualTo("disabled");
        assertThat(operator.call("POST", "/nodes?account_id=" + id, "{").status())
                .isEqualTo(400);
        assertThat(operator.call("GET", "/nodes/none", null).status()).isEqualTo(404);
        assertThat(new Operator(gateway, "a-wrong-admin-key")
                        .call("GET", "/nodes", null)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void healthMetricsAndTheDescriptionOfTheApiAreServed() {
        for (String kind : new String[] {"live", "ready", "started"}) {
            assertThat(get("/q/health/" + kind)).contains("\"UP\"");
        }
        Await.until("meters", () -> get("/q/metrics").contains("silkroute_usable_nodes{account=\"" + tenant.name()));
        assertThat(get("/q/openapi")).contains("/admin/api/nodes/{id}/activate", "proxy_api_key", "traffic_weight");
    }

    private String get(String path) {
        HttpResponse<String> response =
                tenant.send(HttpRequest.newBuilder(gateway.resolve(path)).build());
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return response.body();
    }
}
