package io.silkroute.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.silkroute.testing.Await;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.RawCaller;
import io.silkroute.testing.StoreResource;
import io.silkroute.testing.Tenant;
import io.silkroute.upstream.BodyMemory;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bodies are sent again as far as memory allows, and never beyond. */
@QuarkusTest
@QuarkusTestResource(StoreResource.class)
@TestProfile(ReplayTest.SmallMemory.class)
class ReplayTest extends GatewayTest {

    private static final int MIB = 1 << 20;
    private static final int MAX_BODY = 32 * MIB;
    private static final int MAX_TOTAL = 64 * MIB;

    /** The default for one body, and a total that 200 callers can exceed on a small machine. */
    public static final class SmallMemory implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("REPLAY_MAX_TOTAL_BYTES", Integer.toString(MAX_TOTAL), "RETRY_PER_REQUEST_TIMEOUT_SEC", "30");
        }
    }

    @Inject
    BodyMemory memory;

    @AfterEach
    void nothingStaysKept() {
        Await.until("kept bodies are released", () -> memory.used() == 0);
    }

    @Test
    void aBodyOfTheGreatestSizeIsReplayed() {
        byte[] body = random(MAX_BODY);
        try (FakeNode bad = FakeNode.start(FakeNode.status(500));
                FakeNode good = FakeNode.start(FakeNode.answering("ok"))) {
            tenant.node("bad", 1, bad.url());
            tenant.node("good", 2, good.url());

            HttpResponse<String> response = tenant.send(tenant.request("/v1/x")
                    .POST(BodyPublishers.ofByteArray(body))
                    .build());

            assertThat(Tenant.attempts(response)).isEqualTo("bad;status_5xx, good;ok");
            assertThat(bad.requests().get(0).body()).isEqualTo(body);
            assertThat(good.requests().get(0).body()).isEqualTo(body);
        }
    }

    @Test
    void aChunkedBodyIsReplayedWithItsLengthKnown() {
        byte[] body = random(3 * MIB);
        try (FakeNode bad = FakeNode.start(FakeNode.status(500));
                FakeNode good = FakeNode.start(FakeNode.answering("ok"))) {
            tenant.node("bad", 1, bad.url());
            tenant.node("good", 2, good.url());

            tenant.send(tenant.request("/v1/x")
                    .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                    .build());

            assertThat(good.requests().get(0).body()).isEqualTo(body);
            assertThat(good.requests().get(0).header("content-length")).isEqualTo(Integer.toString(body.length));
        }
    }

    @Test
    void aLargerBodyStreamsThroughWhole() {
        byte[] body = random(MAX_BODY + 1);
        try (FakeNode node = FakeNode.start(FakeNode.answering("ok"))) {
            tenant.node("n1", 1, node.url());

            for (var publisher : List.of(
                    BodyPublishers.ofByteArray(body),
                    BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))) {
                HttpResponse<String> response =
                        tenant.send(tenant.request("/v1/x").POST(publisher).build());
                assertThat(response.statusCode()).isEqualTo(200);
            }

            assertThat(node.hits()).isEqualTo(2);
            assertThat(node.requests()).allSatisfy(r -> assertThat(r.body()).isEqualTo(body));
        }
    }

    @Test
    void aLargerBodyGetsOneAttempt() {
        try (FakeNode bad = FakeNode.start(FakeNode.status(500));
                FakeNode other = FakeNode.start(FakeNode.answering("never"))) {
            tenant.node("bad", 1, bad.url());
            tenant.node("other", 2, other.url());

            HttpResponse<String> response = tenant.send(tenant.request("/v1/x")
                    .POST(BodyPublishers.ofByteArray(random(MAX_BODY + 1)))
                    .build());

            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(Tenant.attempts(response)).isEqualTo("bad;status_5xx");
            assertThat(bad.hits()).isEqualTo(1);
            assertThat(other.hits()).isZero();
        }
    }

    @Test
    void aLargerBodyThatMeetsNoNodeIsAnsweredAllTheSame() throws Exception {
        tenant.node("refusing", 1, FakeNode.refusingUrl());
        try (var caller = new RawCaller(gateway)) {
            caller.say("POST /v1/x HTTP/1.1\r\nhost: x\r\nx-api-key: " + tenant.key() + "\r\ncontent-length: "
                    + (MAX_BODY + 1) + "\r\n\r\nthe beginning");

            assertThat(caller.line()).isEqualTo("HTTP/1.1 502 Bad Gateway");
            while (caller.line() != null) {
                // The connection ends, as the rest of the body is not wanted.
            }
        }
    }

    @Test
    void manyCallersTogetherStayWithinTheMemory() throws Exception {
        int callers = 200;
        byte[] body = random(2 * MIB);
        CountDownLatch allIn = new CountDownLatch(1);
        try (FakeNode node = FakeNode.start(exchange -> {
            Await.latch(allIn);
            exchange.respond(200, "ok");
        })) {
            tenant.node("n1", 1, node.url());
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                answers.add(tenant.sendAsync(
                        tenant.request("/v1/x")
                                .POST(BodyPublishers.ofByteArray(body))
                                .build(),
                        BodyHandlers.ofString()));
            }
            Await.until("every request reached the node", () -> {
                assertThat(memory.used()).isLessThanOrEqualTo(MAX_TOTAL);
                return node.requests().size() == callers;
            });

            assertThat(memory.used()).as("as many are kept as fit").isEqualTo(MAX_TOTAL);
            allIn.countDown();

            for (var answer : answers) {
                assertThat(answer.get().statusCode()).isEqualTo(200);
            }
            assertThat(node.hits()).isEqualTo(callers);
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }
}
