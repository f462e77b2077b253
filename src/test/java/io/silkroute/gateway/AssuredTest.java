package io.silkroute.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Assured delivery: whatever becomes of a node half way, the answer is whole as long as another is well. */
@QuarkusTest
@QuarkusTestResource(StoreResource.class)
@TestProfile(AssuredTest.Assured.class)
class AssuredTest extends GatewayTest {

    private static final int MAX_BYTES = 200_000;

    /** Short timers; breakers that stay out of the way. */
    public static final class Assured implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "DELIVERY", "assured",
                    "ASSURED_MAX_BYTES", Integer.toString(MAX_BYTES),
                    "STREAM_FIRST_TOKEN_TIMEOUT_SEC", "1",
                    "STREAM_IDLE_TIMEOUT_SEC", "1",
                    "RETRY_PER_REQUEST_TIMEOUT_SEC", "30",
                    "RETRY_TOTAL_TIMEOUT_SEC", "8",
                    "CB_CONSECUTIVE_FAILS", "1000000",
                    "CB_MIN_REQUESTS", "1000000");
        }
    }

    @Inject
    BodyMemory memory;

    private FakeNode bad;
    private FakeNode good;
    private String goodId;
    private String badId;

    @BeforeEach
    void twoNodes() {
        bad = FakeNode.start(FakeNode.answering("unused"));
        good = FakeNode.start(FakeNode.answering("good"));
        badId = tenant.node("bad", 1, bad.url());
        goodId = tenant.node("good", 2, good.url());
    }

    @AfterEach
    void nothingStaysBehind() {
        bad.close();
        good.close();
        Await.until("collected bodies are released", () -> memory.used() == 0);
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void whateverHappensAtAnyEventBoundaryTheAnswerIsWhole(Api api) {
        good.behave(Api.streaming(api.whole("good"), Api.Ending.CLEAN));
        for (Api.Ending ending : Api.Ending.values()) {
            for (int count = 0; count <= api.events.size(); count++) {
                if (ending == Api.Ending.STALL && count % 3 != 0) {
                    // Each costs a second.
                    continue;
                }
                bad.behave(Api.streaming(api.stream("bad", count), ending));
                String body = ask(api).body();
                boolean enough = count > api.beforeLast;
                // A reset may overtake what was sent before it, or come too late to matter.
                assertThat(body.equals(api.whole("good")) && (!enough || ending == Api.Ending.RESET)
                                || body.equals(api.stream("bad", count)) && enough)
                        .as(ending + " after " + count + " events: " + body)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void whereverInTheBytesItBreaksOffTheAnswerIsWhole(Api api) {
        good.behave(Api.streaming(api.whole("good"), Api.Ending.CLEAN));
        byte[] bytes = api.whole("bad").getBytes(StandardCharsets.UTF_8);
        int enough = api.stream("bad", api.beforeLast + 1).getBytes(StandardCharsets.UTF_8).length;
        Random random = new Random(11);
        for (int i = 0; i < 60; i++) {
            int cut = random.nextInt(bytes.length);
            bad.behave(Api.cutting(bytes, cut));
            String body = ask(api).body();
            if (cut < enough) {
                assertThat(body).as("cut at " + cut).isEqualTo(api.whole("good"));
            } else {
                assertThat(api.whole("bad")).as("cut at " + cut).startsWith(body);
                assertThat(body).startsWith(api.stream("bad", api.beforeLast + 1));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void anErrorEventAfterContentIsAnsweredByAnotherNode(Api api) {
        good.behave(Api.streaming(api.whole("good"), Api.Ending.CLEAN));
        bad.behave(Api.streaming(api.stream("bad", api.preamble + 1) + api.error, Api.Ending.CLEAN));

        HttpResponse<String> response = ask(api);

        assertThat(response.body()).isEqualTo(api.whole("good"));
        assertThat(Tenant.attempts(response))
                .isEqualTo(api == Api.ANTHROPIC ? "bad;overloaded, good;ok" : "bad;stream_error, good;ok");
        assertThat(response.headers().firstValue("x-silkroute-node")).contains("good");
        assertThat(tenant.show(badId).get("fail_streak").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void aStreamOfOneByteChunksPassesUntouched(Api api) {
        bad.behave(Api.byteByByte(api.whole("bad")));

        assertThat(ask(api).body()).isEqualTo(api.whole("bad"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"content-length: 100\r\n\r\nhalf", "transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n"})
    void aPlainBodyThatIsCutIsAnsweredByAnotherNode(String start) {
        bad.behave(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\n" + start);
            exchange.close();
        });

        HttpResponse<String> response = tenant.post("{}");

        assertThat(response.body()).isEqualTo("good");
        assertThat(Tenant.attempts(response)).isEqualTo("bad;stream_cut, good;ok");
    }

    @Test
    void withOneNodeItIsAskedAgain() {
        disableGood();
        int[] turn = {0};
        bad.behave(exchange -> Api.streaming(
                        turn[0]++ == 0 ? Api.OPENAI.stream("bad", 4) : Api.OPENAI.whole("bad"), Api.Ending.CLEAN)
                .serve(exchange));

        HttpResponse<String> response = ask(Api.OPENAI);

        assertThat(response.body()).isEqualTo(Api.OPENAI.whole("bad"));
        assertThat(Tenant.attempts(response)).isEqualTo("bad;stream_cut, bad;ok");
    }

    @Test
    void withoutAnyNodeLeftTheAnswerIsAnError() {
        bad.behave(Api.streaming(Api.ANTHROPIC.stream("bad", 6), Api.Ending.CUT));
        good.behave(Api.streaming(Api.ANTHROPIC.stream("good", 6), Api.Ending.CUT));

        HttpResponse<String> response = ask(Api.ANTHROPIC);

        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(response.body()).contains("\"api_error\"").contains("all nodes failed");
        assertThat(Tenant.attempts(response)).isEqualTo("bad;stream_cut, good;stream_cut, bad;stream_cut");
    }

    @Test
    void whatIsLargerThanItsMemoryStreamsOn() throws IOException {
        CountDownLatch seen = new CountDownLatch(1);
        String most = "x".repeat(MAX_BYTES + 1);
        bad.behave(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
            exchange.chunk(most);
            Await.latch(seen);
            exchange.chunk("rest");
            exchange.raw("0\r\n\r\n");
        });

        HttpResponse<InputStream> response = tenant.sendAsync(
                        tenant.request("/v1/x").build(), BodyHandlers.ofInputStream())
                .join();
        assertThat(new String(response.body().readNBytes(most.length()), StandardCharsets.UTF_8))
                .isEqualTo(most);
        Await.until("what went out is not held any more", () -> memory.used() == 0);
        seen.countDown();
        assertThat(response.body().readAllBytes()).asString().isEqualTo("rest");
    }

    @Test
    void whatIsLargerThanItsMemoryAndBreaksOffDoesNotLookWhole() {
        bad.behave(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
            exchange.chunk("x".repeat(MAX_BYTES + 1));
            exchange.close();
        });

        assertThatThrownBy(() -> tenant.post("{}")).isInstanceOf(UncheckedIOException.class);
        assertThat(good.hits()).isZero();
    }

    @Test
    void aCallerWhoLeavesMeanwhileCancelsTheNodeAndBlamesNobody() throws IOException {
        bad.behave(exchange -> {
            Api.head(exchange);
            exchange.chunk(Api.ANTHROPIC.stream("bad", 6));
            exchange.hang();
        });
        RawCaller caller = caller(Api.ANTHROPIC);
        // The body of the request is kept in the same memory.
        Await.until("something is collected", () -> memory.used() > "{}".length());
        caller.close();
        Await.until("the node sees it", () -> bad.callersGone() == 1);
        assertThat(tenant.show(badId).get("fail_count").asInt()).isZero();
        assertThat(tenant.show(badId).get("in_flight").asInt()).isZero();
        assertThat(good.hits()).isZero();
    }

    @Test
    void aCallerWhoWaitsLongIsKeptAliveAndStillGetsAWholeAnswer() throws IOException {
        CountDownLatch heard = new CountDownLatch(1);
        drip(bad, Api.ANTHROPIC, heard);
        good.behave(Api.streaming(Api.ANTHROPIC.whole("good"), Api.Ending.CLEAN));
        try (RawCaller caller = caller(Api.ANTHROPIC)) {
            assertThat(caller.line()).isEqualTo("HTTP/1.1 200 OK");
            caller.expect("content-type: text/event-stream; charset=utf-8");
            caller.expect(": keep-alive");
            heard.countDown();
            for (String line : Api.ANTHROPIC.whole("good").split("\n")) {
                if (!line.isEmpty()) {
                    caller.expect(latin(line));
                }
            }
            caller.expect("0");
            assertThat(caller.line()).isEqualTo("x-silkroute-node: good");
            assertThat(caller.line()).startsWith("x-silkroute-attempts: bad;stream_cut;");
        }
    }

    @Test
    void aCallerWhoWasKeptAliveIsToldOfAFailureInTheStream() throws IOException {
        disableGood();
        CountDownLatch heard = new CountDownLatch(1);
        drip(bad, Api.OPENAI, heard);
        try (RawCaller caller = caller(Api.OPENAI)) {
            caller.expect(": keep-alive");
            bad.behave(FakeNode.resetting());
            heard.countDown();
            caller.expect(
                    "data: {\"error\":{\"message\":\"all nodes failed\",\"type\":\"api_error\",\"param\":null,\"code\":null}}");
            caller.expect("0");
        }
    }

    @Test
    void anAnswerThatIsNoStreamDoesNotPassForOne() throws IOException {
        CountDownLatch heard = new CountDownLatch(1);
        drip(bad, Api.ANTHROPIC, heard);
        good.behave(FakeNode.status(400));
        try (RawCaller caller = caller(Api.ANTHROPIC)) {
            caller.expect(": keep-alive");
            heard.countDown();
            caller.expect("event: error");
            assertThat(caller.line()).contains("the node answered with status 400 in place of a stream");
            caller.expect("0");
        }
    }

    @Test
    void theTimeForTheWholeRequestEndsASlowAnswerAndBlamesNobody() {
        disableGood();
        drip(bad, Api.ANTHROPIC, new CountDownLatch(1));

        HttpResponse<String> response = ask(Api.ANTHROPIC);

        assertThat(response.body())
                .endsWith(
                        "event: error\n"
                                + "data: {\"type\":\"error\",\"error\":{\"type\":\"timeout_error\",\"message\":\"all nodes failed\"}}\n\n");
        assertThat(tenant.show(badId).at("/last_error/cause").asText()).isEqualTo("total_timeout");
        assertThat(tenant.show(badId).get("fail_streak").asInt()).isZero();
    }

    @Test
    void aRequestMayAskForTheOtherDelivery() throws IOException {
        CountDownLatch seen = new CountDownLatch(1);
        bad.behave(exchange -> {
            Api.head(exchange);
            exchange.chunk(Api.ANTHROPIC.stream("bad", 5));
            Await.latch(seen);
            exchange.close();
        });

        HttpResponse<InputStream> response = tenant.sendAsync(
                        request(Api.ANTHROPIC)
                                .header("x-silkroute-delivery", "streaming")
                                .build(),
                        BodyHandlers.ofInputStream())
                .join();
        byte[] start = Api.ANTHROPIC.stream("bad", 5).getBytes(StandardCharsets.UTF_8);
        assertThat(response.body().readNBytes(start.length)).isEqualTo(start);
        seen.countDown();
        assertThat(response.body().readAllBytes()).asString().startsWith("event: error\n");
        assertThat(bad.requests().get(0).header("x-silkroute-delivery")).isNull();
    }

    @Test
    void anUnknownDeliveryIsRefusedByName() {
        HttpResponse<String> response = tenant.send(
                request(Api.ANTHROPIC).header("x-silkroute-delivery", "maybe").build());

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("x-silkroute-delivery: 'maybe', expected assured or streaming");
        assertThat(bad.hits()).isZero();
    }

    /** A node that has something to say for as long as the gate is shut, and breaks off after. */
    private static void drip(FakeNode node, Api api, CountDownLatch gate) {
        node.behave(exchange -> {
            Api.head(exchange);
            exchange.chunk(api.stream("bad", api.preamble));
            while (gate.getCount() > 0) {
                exchange.chunk(api.events.get(api.preamble));
                LockSupport.parkNanos(50_000_000);
            }
            exchange.close();
        });
    }

    private HttpResponse<String> ask(Api api) {
        return tenant.send(request(api).build());
    }

    private HttpRequest.Builder request(Api api) {
        return tenant.request(api.path).POST(BodyPublishers.ofString("{}"));
    }

    private RawCaller caller(Api api) throws IOException {
        return new RawCaller(gateway)
                .say("POST " + api.path + " HTTP/1.1\r\nhost: gateway\r\nx-api-key: " + tenant.key()
                        + "\r\ncontent-length: 2\r\n\r\n{}");
    }

    private static String latin(String utf8) {
        return new String(utf8.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private void disableGood() {
        operator.done("POST", "/nodes/" + goodId + "/disable", null);
    }
}
