package io.silkroute.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.GatewayProcess;
import io.silkroute.testing.Operator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged application, started as an operator starts it. */
class SilkrouteIT {

    private static final String NO_DATABASE = "a native executable brings no database along";

    @TempDir
    Path folder;

    @Test
    void theFirstRequestAfterTheFirstStartShowsAFailover() throws Exception {
        assumeFalse(GatewayProcess.isNative(), NO_DATABASE);
        try (GatewayProcess gateway = GatewayProcess.start(folder, Map.of()).awaitReady()) {
            HttpResponse<String> response = post(gateway.address(), "{\"model\":\"x\"}");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).contains("Hello from the sample node.");
            assertThat(response.headers().firstValue("x-silkroute-attempts").orElseThrow())
                    .matches("sample-down;connect_refused;\\d+ms, sample-up;ok;\\d+ms");

            HttpResponse<String> stream = post(gateway.address(), "{\"stream\":true}");
            assertThat(stream.headers().firstValue("content-type")).contains("text/event-stream");
            assertThat(stream.body()).startsWith("event: message_start\n").contains("event: message_stop\n");
        }
    }

    @Test
    void theSampleNodeTakesAnotherPortWhereItsOwnIsTaken() throws Exception {
        assumeFalse(GatewayProcess.isNative(), NO_DATABASE);
        try (FakeNode beside = besideAFreePort();
                GatewayProcess gateway = GatewayProcess.start(
                                folder, Map.of("PORT", Integer.toString(beside.port() - 1)))
                        .awaitReady()) {
            assertThat(post(gateway.address(), "{}").body()).contains("Hello from the sample node.");
            assertThat(beside.hits()).isZero();
        }
    }

    @Test
    void whatWasStoredIsThereAfterAStopAndAfterAKill() throws Exception {
        assumeFalse(GatewayProcess.isNative(), NO_DATABASE);
        String adminKey;
        try (GatewayProcess first = GatewayProcess.start(folder, Map.of()).awaitReady()) {
            Path keyFile = folder.resolve("data/admin.key");
            adminKey = Files.readString(keyFile);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile)))
                    .isEqualTo("rw-------");
            assertThat(first.out()).contains(adminKey);
            operator(first, adminKey)
                    .done(
                            "POST",
                            "/nodes",
                            "{\"name\":\"kept\",\"base_url\":\"http://kept\",\"weight\":9,\"api_key\":\"k\"}");
            assertThat(activeNode(first, adminKey)).isEqualTo("sample-down");
            operator(first, adminKey).done("POST", "/nodes/" + id(first, adminKey, "sample-up") + "/activate", null);
            assertThat(first.stop()).as("ended by SIGTERM").isEqualTo(143);
        }
        try (GatewayProcess second = GatewayProcess.start(folder, Map.of()).awaitReady()) {
            assertThat(nodes(second, adminKey)).contains("\"kept\"");
            assertThat(activeNode(second, adminKey)).isEqualTo("sample-up");
            second.kill();
        }
        try (GatewayProcess third = GatewayProcess.start(folder, Map.of()).awaitReady()) {
            assertThat(nodes(third, adminKey)).contains("\"kept\"", "\"sample-up\"");
        }
    }

    @Test
    void twoProcessesDoNotShareADataFolder() {
        assumeFalse(GatewayProcess.isNative(), NO_DATABASE);
        try (GatewayProcess first = GatewayProcess.start(folder, Map.of()).awaitReady();
                GatewayProcess second = GatewayProcess.start(folder, Map.of())) {
            assertThat(second.awaitExit()).isEqualTo(1);
            assertThat(second.err())
                    .isEqualTo("SILKROUTE_DATA: ./data (expected: a folder to write to; another process uses it)\n");
            assertThat(first.address()).isNotEqualTo(second.address());
        }
    }

    @Test
    void aPortThatIsTakenEndsTheStartWithOneLine() {
        assumeFalse(GatewayProcess.isNative(), NO_DATABASE);
        try (FakeNode other = FakeNode.start(FakeNode.answering("here first"));
                GatewayProcess gateway = GatewayProcess.start(folder, Map.of("PORT", Integer.toString(other.port())))) {
            assertThat(gateway.awaitExit()).isEqualTo(1);
            assertThat(gateway.err())
                    .isEqualTo("PORT: " + other.port() + " (expected: a port that no other process uses)\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CB_FAILURE_RATE | 1.5                      | CB_FAILURE_RATE: 1.5 (expected: > 0 and <= 1)",
                "PORT            | eighty                   | PORT: eighty (expected: an integer from 0 to 65535)",
                "DATABASE_URL    | mysql://h/d              | DATABASE_URL: mysql://h/d (expected: postgresql://host:5432/db)",
                "DATABASE_URL    | postgresql://u:pw@h:1/d  | DATABASE_URL: postgresql://***@h:1/d (expected: postgresql://host:5432/db)",
                "DATABASE_URL    | postgresql://h:1/d       | ADMIN_API_KEY: not set (expected: at least 16 visible ASCII characters)",
            })
    void aSettingThatCannotBeUsedEndsTheStartWithOneLine(String name, String value, String line) {
        try (GatewayProcess gateway = GatewayProcess.start(folder, Map.of(name, value))) {
            assertThat(gateway.awaitExit()).isEqualTo(1);
            assertThat(gateway.err()).isEqualTo(line + "\n");
            assertThat(gateway.out()).isEmpty();
        }
    }

    private static FakeNode besideAFreePort() {
        while (true) {
            int port = FakeNode.freePort();
            try {
                return FakeNode.start(FakeNode.plain(port + 1), FakeNode.answering("here first"));
            } catch (UncheckedIOException taken) {
                // Another port has another neighbour.
            }
        }
    }

    private static String nodes(GatewayProcess gateway, String adminKey) {
        return operator(gateway, adminKey).done("GET", "/nodes", null).toString();
    }

    private static String id(GatewayProcess gateway, String adminKey, String name) {
        return find(gateway, adminKey, node -> node.get("name").asText().equals(name))
                .get("id")
                .asText();
    }

    private static String activeNode(GatewayProcess gateway, String adminKey) {
        return find(gateway, adminKey, node -> node.get("active").asBoolean())
                .get("name")
                .asText();
    }

    private static JsonNode find(GatewayProcess gateway, String adminKey, Predicate<JsonNode> wanted) {
        JsonNode nodes = operator(gateway, adminKey).done("GET", "/nodes", null).get("nodes");
        return StreamSupport.stream(nodes.spliterator(), false)
                .filter(wanted)
                .findFirst()
                .orElseThrow();
    }

    private static Operator operator(GatewayProcess gateway, String adminKey) {
        return new Operator(gateway.address(), adminKey);
    }

    private static HttpResponse<String> post(URI gateway, String body) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(gateway.resolve("/v1/messages"))
                                .header("x-api-key", "default-proxy-key")
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }
}
