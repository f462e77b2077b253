package io.silkroute.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.silkroute.testing.Await;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.FullBacklog;
import io.silkroute.testing.RawCaller;
import io.silkroute.testing.StoreResource;
import io.silkroute.upstream.BodyMemory;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** A caller that closes its connection ends the work for it within a second, in every phase, and blames no node. */
@QuarkusTest
@QuarkusTestResource(StoreResource.class)
@TestProfile(CallerLeavesTest.Patient.class)
class CallerLeavesTest extends GatewayTest {

    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    /** No timeout of the gateway may end what only the caller's leaving should. */
    public static final class Patient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "RETRY_PER_REQUEST_TIMEOUT_SEC", "60",
                    "CONNECT_TIMEOUT_MS", "60000",
                    "RETRY_BACKOFF_MIN_MS", "60000",
                    "RETRY_BACKOFF_MAX_MS", "60000");
        }
    }

    @Inject
    BodyMemory memory;

    @Test
    void whileItsBodyIsStillComing() throws Exception {
        try (FakeNode node = FakeNode.start(FakeNode.answering("never"))) {
            tenant.node("n1", 1, node.url());
            leavesOnce(caller(1000, "only a part"), "the body is being kept", () -> memory.used() == 1000);
            Await.within(AT_ONCE, "the kept part is released", () -> memory.used() == 0);
            assertThat(node.hits()).isZero();
        }
    }

    @Test
    void whileALargeBodyIsStreamingThrough() throws Exception {
        try (FakeNode node = FakeNode.start(FakeNode.answering("never"))) {
            String id = tenant.node("n1", 1, node.url());
            leavesOnce(caller(40 << 20, "only a part"), "the node is being served", () -> node.hits() == 1);
            Await.within(AT_ONCE, "the node is free again", () -> inFlight(id) == 0);
            assertBlameless(id);
        }
    }

    @Test
    void whileAConnectionToTheNodeIsBeingMade() throws Exception {
        try (FullBacklog full = new FullBacklog()) {
            String id = tenant.node("full", 1, full.url());
            leavesOnce(caller(2, "{}"), "the attempt runs", () -> inFlight(id) == 1);
            Await.within(AT_ONCE, "the attempt is over", () -> inFlight(id) == 0);
            assertBlameless(id);
        }
    }

    @Test
    void whileTheNodeIsThinking() throws Exception {
        assertCancelledWhileWaitingOn(FakeNode.hanging());
    }

    @Test
    void whileAHeadIsHeldForItsFirstByte() throws Exception {
        assertCancelledWhileWaitingOn(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n");
            exchange.hang();
        });
    }

    @Test
    void whileTheGatewayWaitsBetweenAttempts() throws Exception {
        try (FakeNode bad = FakeNode.start(FakeNode.status(500));
                FakeNode other = FakeNode.start(FakeNode.answering("never"))) {
            String badId = tenant.node("bad", 1, bad.url());
            String otherId = tenant.node("other", 2, other.url());
            leavesOnce(
                    caller(2, "{}"),
                    "the first attempt failed",
                    () -> tenant.show(badId).get("fail_count").asInt() == 1);
            Await.within(AT_ONCE, "the kept body is released", () -> memory.used() == 0);
            assertThat(other.hits()).isZero();
            assertBlameless(otherId);
        }
    }

    @Test
    void whileTheAnswerIsStreaming() throws Exception {
        try (FakeNode node = FakeNode.start(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
            exchange.chunk("first");
            exchange.hang();
        })) {
            String id = tenant.node("n1", 1, node.url());
            try (RawCaller caller = caller(2, "{}")) {
                caller.expect("first");
            }
            Await.within(AT_ONCE, "the node's connection is closed", () -> node.callersGone() == 1);
            assertBlameless(id);
        }
    }

    private void assertCancelledWhileWaitingOn(FakeNode.Behaviour behaviour) throws Exception {
        try (FakeNode node = FakeNode.start(behaviour)) {
            String id = tenant.node("n1", 1, node.url());
            leavesOnce(caller(2, "{}"), "the node has the request", () -> node.hits() == 1);
            Await.within(AT_ONCE, "the node's connection is closed", () -> node.callersGone() == 1);
            assertBlameless(id);
        }
    }

    private static void leavesOnce(RawCaller caller, String what, BooleanSupplier reached) throws Exception {
        try (caller) {
            Await.until(what, reached);
        }
    }

    private RawCaller caller(int length, String bodyStart) throws Exception {
        return new RawCaller(gateway)
                .say("POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: " + tenant.key() + "\r\ncontent-length: "
                        + length + "\r\n\r\n" + bodyStart);
    }

    private int inFlight(String id) {
        return tenant.show(id).get("in_flight").asInt();
    }

    private void assertBlameless(String id) {
        Await.until("the attempt is over", () -> inFlight(id) == 0);
        JsonNode node = tenant.show(id);
        assertThat(node.get("fail_count").asInt()).isZero();
        assertThat(node.get("fail_streak").asInt()).isZero();
        assertThat(node.get("last_error").isNull()).isTrue();
        assertThat(node.get("status").asText()).isEqualTo("healthy");
    }
}
