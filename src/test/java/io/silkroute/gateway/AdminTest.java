package io.silkroute.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.silkroute.testing.Await;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.Operator;
import io.silkroute.testing.Operator.Reply;
import io.silkroute.testing.StoreResource;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators can do, and what they are told when they cannot. */
@QuarkusTest
@QuarkusTestResource(StoreResource.class)
class AdminTest extends GatewayTest {

    @Inject
    Pool database;

    @Test
    void aNodeIsMadeReadChangedAndDeleted() {
        Reply made = operator.call("POST", nodesPath(), """
                {"name":"n1","base_url":"HTTPS://llm.example.com:8443/base/","weight":0,"traffic_weight":30,
                 "api_key":"very-secret","auth_scheme":"bearer","max_concurrency":7}""");
        assertThat(made.status()).isEqualTo(201);
        JsonNode node = made.json();
        String id = node.get("id").asText();
        assertThat(node.toString()).doesNotContain("very-secret");
        assertThat(node.get("base_url").asText()).isEqualTo("https://llm.example.com:8443/base");
        assertThat(node.get("account_id").asText()).isEqualTo(tenant.account());
        assertThat(node.get("has_api_key").asBoolean()).isTrue();
        assertThat(node.get("active").asBoolean()).isTrue();
        assertThat(node.get("status").asText()).isEqualTo("healthy");
        assertThat(node.get("created_at").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");

        assertThat(operator.done("GET", "/nodes/" + id, null)).isEqualTo(node);

        JsonNode patched = operator.done("PATCH", "/nodes/" + id, "{\"weight\":5,\"max_concurrency\":null}");
        assertThat(patched.get("weight").asInt()).isEqualTo(5);
        assertThat(patched.get("max_concurrency").isNull()).isTrue();
        assertThat(patched.get("traffic_weight").asInt()).isEqualTo(30);
        assertThat(patched.get("has_api_key").asBoolean()).isTrue();

        JsonNode replaced = operator.done("PUT", "/nodes/" + id, "{\"name\":\"n2\",\"base_url\":\"http://other\"}");
        assertThat(replaced.get("name").asText()).isEqualTo("n2");
        assertThat(replaced.get("weight").asInt()).as("the default").isEqualTo(100);
        assertThat(replaced.get("auth_scheme").asText()).isEqualTo("x-api-key");
        assertThat(replaced.get("has_api_key").asBoolean())
                .as("an absent key stays")
                .isTrue();

        assertThat(operator.done("PATCH", "/nodes/" + id, "{\"api_key\":null}")
                        .get("has_api_key")
                        .asBoolean())
                .isFalse();

        assertThat(operator.call("DELETE", "/nodes/" + id, null).status()).isEqualTo(204);
        assertThat(operator.call("GET", "/nodes/" + id, null).status()).isEqualTo(404);
        assertThat(operator.call("DELETE", "/nodes/" + id, null).status()).isEqualTo(404);
    }

    @Test
    void nodesAreListedByWeightThenAge() {
        tenant.node("c", 2, "http://c");
        tenant.node("a", 1, "http://a");
        tenant.node("b", 1, "http://b");

        assertThat(operator.done("GET", nodesPath(), null).get("nodes").findValuesAsText("name"))
                .containsExactly("a", "b", "c");
    }

    @Test
    void aNodeCanBeActivatedDisabledAndEnabled() {
        try (FakeNode first = FakeNode.start(FakeNode.answering("first"));
                FakeNode second = FakeNode.start(FakeNode.answering("second"))) {
            String firstId = tenant.node("n1", 1, first.url());
            String secondId = tenant.node("n2", 2, second.url());
            assertThat(tenant.post("{}").body()).isEqualTo("first");

            JsonNode activated = operator.done("POST", "/nodes/" + secondId + "/activate", null);
            assertThat(activated.get("active").asBoolean()).isTrue();
            assertThat(activated.get("traffic_share").asInt()).isEqualTo(100);
            assertThat(tenant.show(firstId).get("active").asBoolean()).isFalse();
            assertThat(tenant.post("{}").body()).isEqualTo("second");

            JsonNode disabled = operator.done("POST", "/nodes/" + secondId + "/disable", null);
            assertThat(disabled.get("status").asText()).isEqualTo("disabled");
            assertThat(tenant.post("{}").body()).isEqualTo("first");
            operator.done("POST", "/nodes/" + firstId + "/disable", null);
            assertThat(tenant.post("{}").statusCode()).isEqualTo(503);

            operator.done("POST", "/nodes/" + secondId + "/enable", null);
            assertThat(tenant.post("{}").body()).isEqualTo("second");
        }
    }

    @Test
    void anAccountIsMadeListedRenamedRotatedAndDeleted() {
        try (FakeNode node = FakeNode.start(FakeNode.answering("ok"))) {
            Reply made = operator.call(
                    "POST",
                    "/accounts",
                    "{\"name\":\"acme-%s\",\"proxy_api_key\":\"acme-key-0123456789\"}".formatted(tenant.account()));
            assertThat(made.status()).isEqualTo(201);
            assertThat(made.json().get("proxy_api_key").asText()).isEqualTo("acme-key-0123456789");
            String id = made.json().get("id").asText();
            operator.done("POST", "/nodes?account_id=" + id, "{\"name\":\"n\",\"base_url\":\"" + node.url() + "\"}");
            assertThat(callWith("acme-key-0123456789")).isEqualTo(200);

            assertThat(operator.done("PATCH", "/accounts/" + id, "{\"name\":\"Acme Ltd " + id + "\"}")
                            .get("name")
                            .asText())
                    .isEqualTo("Acme Ltd " + id);
            assertThat(operator.done("GET", "/accounts", null).toString())
                    .contains(id)
                    .doesNotContain("acme-key-0123456789");

            String fresh = operator.done("POST", "/accounts/" + id + "/rotate-key", null)
                    .get("proxy_api_key")
                    .asText();
            assertThat(fresh).matches("sr_[0-9a-f]{64}");
            assertThat(callWith("acme-key-0123456789")).isEqualTo(401);
            assertThat(callWith(fresh)).isEqualTo(200);

            assertThat(operator.call("DELETE", "/accounts/" + id, null).status())
                    .isEqualTo(204);
            assertThat(callWith(fresh)).isEqualTo(401);
            assertThat(operator.call("GET", "/accounts/" + id, null).status()).isEqualTo(404);
            assertThat(operator.call("GET", "/nodes?account_id=" + id, null).status())
                    .isEqualTo(404);
        }
    }

    @Test
    void theDefaultAccountStaysAndHasNoKeyBeforeAnOperatorGivesItOne() {
        assertThat(operator.call("DELETE", "/accounts/default", null).status()).isEqualTo(409);
        assertThat(callWith("default-proxy-key")).isEqualTo(401);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":\"x\",\"base_url\":\"ftp://host\"}              | base_url | ftp://host",
                "{\"name\":\"x\",\"base_url\":\"http://user:pass@host\"}   | base_url | http://***@host",
                "{\"name\":\"x\",\"base_url\":\"http://169.254.169.254\"}  | base_url | http://169.254.169.254",
                "{\"name\":\"x\",\"base_url\":\"http://2852039166/\"}      | base_url | http://2852039166/",
                "{\"name\":\"x\",\"base_url\":\"http://[fe80::1]\"}        | base_url | http://[fe80::1]",
                "{\"name\":\"x\",\"base_url\":\"http://host?q=1\"}         | base_url | http://host?q=1",
                "{\"name\":\"x\",\"base_url\":\"not a url\"}               | base_url | not a url",
                "{\"name\":\"\",\"base_url\":\"http://host\"}              | name     | ''",
                "{\"name\":\"a\\nb\",\"base_url\":\"http://host\"}         | name     | 'a\nb'",
                "{\"name\":7,\"base_url\":\"http://host\"}                 | name     | 7",
                "{\"name\":\"x\",\"base_url\":\"http://host\",\"weight\":-1}  | weight | -1",
                "{\"name\":\"x\",\"base_url\":\"http://host\",\"weight\":1.5} | weight | 1.5",
                "{\"name\":\"x\",\"base_url\":\"http://host\",\"traffic_weight\":101} | traffic_weight | 101",
                "{\"name\":\"x\",\"base_url\":\"http://host\",\"auth_scheme\":\"basic\"} | auth_scheme | basic",
                "{\"name\":\"x\",\"base_url\":\"http://host\",\"max_concurrency\":0} | max_concurrency | 0",
            })
    void aValueThatCannotBeUsedIsNamedAndNothingIsStored(String body, String field, String value) {
        Reply reply = operator.call("POST", nodesPath(), body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.contentType()).isEqualTo("application/problem+json");
        assertThat(reply.json().get("status").asInt()).isEqualTo(400);
        assertThat(reply.json().at("/errors/0/field").asText()).isEqualTo(field);
        assertThat(reply.json().at("/errors/0/value").asText()).isEqualTo(value);
        assertThat(reply.json().at("/errors/0/expected").asText()).isNotEmpty();
        assertThat(reply.json().get("detail").asText()).contains(field);
        assertThat(reply.json().toString()).doesNotContain("pass");
        assertThat(operator.done("GET", nodesPath(), null).get("nodes")).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "{",
                "",
                "[]",
                "null",
                "{} {}",
                "{\"name\":\"x\",\"name\":\"y\",\"base_url\":\"http://host\"}",
                "{\"name\":\"x\"}",
                "{\"name\":\"x\",\"base_url\":\"http://host\",\"colour\":\"red\"}",
                "{\"name\":\"x\",\"base_url\":\"http://host\",\"disabled\":true}"
            })
    void aBodyThatCannotBeUsedIsRefusedAndNothingIsStored(String body) {
        Reply reply = operator.call("POST", nodesPath(), body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.contentType()).isEqualTo("application/problem+json");
        assertThat(operator.done("GET", nodesPath(), null).get("nodes")).isEmpty();
    }

    @Test
    void aKeyThatCannotBeUsedIsNotRepeated() {
        String body = "{\"name\":\"x\",\"base_url\":\"http://host\",\"api_key\":\"spaced secret\"}";

        Reply reply = operator.call("POST", nodesPath(), body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/errors/0/field").asText()).isEqualTo("api_key");
        assertThat(reply.json().toString()).doesNotContain("spaced");
    }

    @Test
    void aNameIsGivenOnce() {
        String id = tenant.node("taken", 1, "http://host");
        String other = tenant.node("other", 1, "http://host");

        Reply made = operator.call("POST", nodesPath(), "{\"name\":\"taken\",\"base_url\":\"http://host\"}");
        Reply renamed = operator.call("PATCH", "/nodes/" + other, "{\"name\":\"taken\"}");

        assertThat(made.status()).isEqualTo(409);
        assertThat(made.json().at("/errors/0/field").asText()).isEqualTo("name");
        assertThat(renamed.status()).isEqualTo(409);
        assertThat(operator.done("GET", nodesPath(), null).get("nodes").findValuesAsText("id"))
                .containsExactlyInAnyOrder(id, other);
    }

    @Test
    void anotherAccountsNameOrKeyIsRefused() {
        operator.call("POST", "/accounts", "{\"name\":\"twice\",\"proxy_api_key\":\"twice-key-0123456789\"}");

        Reply name = operator.call("POST", "/accounts", "{\"name\":\"twice\"}");
        Reply key =
                operator.call("POST", "/accounts", "{\"name\":\"thrice\",\"proxy_api_key\":\"twice-key-0123456789\"}");

        assertThat(name.status()).isEqualTo(409);
        assertThat(name.json().at("/errors/0/field").asText()).isEqualTo("name");
        assertThat(key.status()).isEqualTo(409);
        assertThat(key.json().at("/errors/0/field").asText()).isEqualTo("proxy_api_key");
        assertThat(key.json().toString()).doesNotContain("twice-key");
    }

    @Test
    void strangersAreTurnedAway() {
        assertThat(new Operator(gateway, "not-the-admin-key").call("GET", "/nodes", null))
                .satisfies(reply -> assertThat(reply.status()).isEqualTo(401))
                .satisfies(reply -> assertThat(reply.contentType()).isEqualTo("application/problem+json"));
        assertThat(new Operator(gateway, tenant.key())
                        .call("GET", "/no-such-thing", null)
                        .status())
                .isEqualTo(401);
        assertThat(operator.call("GET", "/no-such-thing", null).status()).isEqualTo(404);
        assertThat(operator.call("PATCH", "/nodes", "{}").status()).isEqualTo(405);
    }

    @Test
    void aCallerWithoutAKnownKeyIsTurnedAwayInAShapeItsClientReads() throws Exception {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(gateway.resolve("/v1/messages"))
                                .header("x-api-key", "nobody")
                                .build(),
                        BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(401);
        JsonNode body = new ObjectMapper().readTree(response.body());
        assertThat(body.get("type").asText()).isEqualTo("error");
        assertThat(body.at("/error/type").asText()).isEqualTo("authentication_error");
        assertThat(body.get("request_id").asText())
                .isEqualTo(response.headers().firstValue("x-request-id").orElseThrow());
    }

    @Test
    void keysAreHashedOrEncryptedInTheStore() {
        String id = tenant.node("n1", 1, "http://host", ",\"api_key\":\"node-key-in-clear\"");

        Row row = database.preparedQuery(
                        "select a.key_hash, n.api_key from account a join node n on n.account_id = a.id"
                                + " where n.id = $1")
                .execute(Tuple.of(id))
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .iterator()
                .next();

        assertThat(row.getBuffer("key_hash").getBytes()).hasSize(32);
        assertThat(row.getBuffer("key_hash").toString()).doesNotContain(tenant.key());
        assertThat(row.getBuffer("api_key").toString()).doesNotContain("node-key");
    }

    @Test
    void twoOperatorsWhoChangeDifferentFieldsDoNotUndoEachOther() {
        String id = tenant.node("n1", 1, "http://host");
        for (int round = 1; round <= 20; round++) {
            int value = round;
            var weight = CompletableFuture.runAsync(
                    () -> operator.done("PATCH", "/nodes/" + id, "{\"weight\":" + value + "}"));
            var share = CompletableFuture.runAsync(
                    () -> operator.done("PATCH", "/nodes/" + id, "{\"traffic_weight\":" + value + "}"));
            CompletableFuture.allOf(weight, share).join();

            assertThat(tenant.show(id).get("weight").asInt()).isEqualTo(value);
            assertThat(tenant.show(id).get("traffic_weight").asInt()).isEqualTo(value);
        }
    }

    @Test
    void nodesComeAndGoWhileTrafficRuns() {
        try (FakeNode steady = FakeNode.start(FakeNode.answering("steady"));
                FakeNode preferred = FakeNode.start(FakeNode.answering("preferred"))) {
            tenant.node("steady", 2, steady.url());
            AtomicBoolean running = new AtomicBoolean(true);
            List<CompletableFuture<List<Integer>>> traffic = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                traffic.add(CompletableFuture.supplyAsync(() -> {
                    List<Integer> statuses = new ArrayList<>();
                    while (running.get()) {
                        statuses.add(tenant.post("{}").statusCode());
                    }
                    return statuses;
                }));
            }
            for (int round = 0; round < 10; round++) {
                int before = preferred.hits();
                String id = tenant.node("preferred", 1, preferred.url());
                Await.until("the new node is used", () -> preferred.hits() > before + 5);
                operator.call("DELETE", "/nodes/" + id, null);
            }
            running.set(false);

            assertThat(traffic)
                    .allSatisfy(
                            statuses -> assertThat(statuses.join()).isNotEmpty().containsOnly(200));
        }
    }

    @Test
    void theDescriptionKnowsEveryFieldThatIsServed() throws Exception {
        String id = tenant.node("n1", 1, "http://host");
        JsonNode description = new ObjectMapper()
                .readTree(HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(gateway.resolve("/q/openapi?format=json"))
                                        .build(),
                                BodyHandlers.ofString())
                        .body());
        JsonNode schemas = description.at("/components/schemas");

        assertThat(fields(schemas.at("/NodeView/properties"))).isEqualTo(fields(tenant.show(id)));
        assertThat(fields(schemas.at("/AccountView/properties")))
                .isEqualTo(fields(operator.done("GET", "/accounts/" + tenant.account(), null)));
        assertThat(fields(schemas.at("/NodeForm/properties")))
                .containsExactlyInAnyOrder(
                        "name", "base_url", "weight", "traffic_weight", "api_key", "auth_scheme", "max_concurrency");
        assertThat(fields(description.get("paths")))
                .contains("/admin/api/nodes/{id}/activate", "/admin/api/accounts/{id}/rotate-key");
    }

    private static List<String> fields(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        names.sort(null);
        return names;
    }

    private String nodesPath() {
        return "/nodes?account_id=" + tenant.account();
    }

    private int callWith(String key) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(gateway.resolve("/v1/x"))
                                    .header("authorization", "Bearer " + key)
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
