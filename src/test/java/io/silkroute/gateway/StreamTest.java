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
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Event streams that fail are rescued before their first content, and fail loudly after it. */
@QuarkusTest
@QuarkusTestResource(StoreResource.class)
@TestProfile(StreamTest.Patience.class)
class StreamTest extends GatewayTest {

    /** Short timers; breakers that stay out of the way. */
    public static final class Patience implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "STREAM_FIRST_TOKEN_TIMEOUT_SEC", "1",
                    "STREAM_IDLE_TIMEOUT_SEC", "1",
                    "RETRY_PER_REQUEST_TIMEOUT_SEC", "30",
                    "CB_CONSECUTIVE_FAILS", "1000000",
                    "CB_MIN_REQUESTS", "1000000");
        }
    }

    private FakeNode bad;
    private FakeNode good;
    private String goodId;

    @BeforeEach
    void twoNodes() {
        bad = FakeNode.start(FakeNode.answering("unused"));
        good = FakeNode.start(FakeNode.answering("unused"));
        tenant.node("bad", 1, bad.url());
        goodId = tenant.node("good", 2, good.url());
    }

    @AfterEach
    void stop() {
        bad.close();
        good.close();
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void aWholeStreamPassesUntouched(Api api) {
        bad.behave(Api.streaming(api.whole("bad"), Api.Ending.CLEAN));

        HttpResponse<String> response = ask(api);

        assertThat(response.body()).isEqualTo(api.whole("bad"));
        assertThat(response.headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
        assertThat(Tenant.attempts(response)).isEqualTo("bad;ok");
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void aStreamOfOneByteChunksPassesUntouched(Api api) {
        bad.behave(Api.byteByByte(api.whole("bad")));

        assertThat(ask(api).body()).isEqualTo(api.whole("bad"));
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void allThatCameBeforeACutReachesTheCaller(Api api) {
        for (int count = api.preamble + 1; count <= api.events.size(); count++) {
            bad.behave(api.cuttingAfter("bad", count));

            String body = ask(api).body();

            assertThat(body).startsWith(api.stream("bad", count));
            if (count > api.beforeLast) {
                assertThat(body).as("whole").isEqualTo(api.stream("bad", count));
            } else {
                assertThat(api.endsInError(body)).as(body).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void whateverHappensAtAnyEventBoundaryTheAnswerIsWholeOrEndsInAnError(Api api) {
        good.behave(Api.streaming(api.whole("good"), Api.Ending.CLEAN));
        for (Api.Ending ending : Api.Ending.values()) {
            for (int count = 0; count <= api.events.size(); count++) {
                if (ending == Api.Ending.STALL && count % 3 != 0) {
                    // Each costs a second.
                    continue;
                }
                bad.behave(Api.streaming(api.stream("bad", count), ending));
                String body = ask(api).body();
                String what = ending + " after " + count + " events";
                if (count > api.beforeLast && ending != Api.Ending.RESET) {
                    assertThat(body).as(what).isEqualTo(api.stream("bad", count));
                } else if (count <= api.preamble) {
                    assertThat(body).as(what).isEqualTo(api.whole("good"));
                } else {
                    // A reset may overtake what was sent before it, or come too late to matter.
                    boolean whole =
                            ending == Api.Ending.RESET && (wholeBut(api, body) || body.equals(api.whole("good")));
                    assertThat(whole || api.endsInError(body))
                            .as(what + ": " + body)
                            .isTrue();
                    assertThat(ending == Api.Ending.RESET || body.startsWith(api.stream("bad", count)))
                            .as(what + ": " + body)
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void whereverInTheBytesItBreaksOffNoTornEventReachesTheCaller(Api api) {
        good.behave(Api.streaming(api.whole("good"), Api.Ending.CLEAN));
        byte[] bytes = api.whole("bad").getBytes(StandardCharsets.UTF_8);
        Random random = new Random(7);
        for (int i = 0; i < 60; i++) {
            int cut = random.nextInt(bytes.length);
            bad.behave(Api.cutting(bytes, cut));
            String body = ask(api).body();
            if (!body.equals(api.whole("good")) && !wholeBut(api, body)) {
                assertThat(api.endsInError(body))
                        .as("cut at " + cut + ": " + body)
                        .isTrue();
                for (String event : events(body)) {
                    assertThat(event).as("cut at " + cut).matches("(?s)(: .*|(event: \\w+\n)?data: (\\{.*}|\\[DONE]))");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void anErrorEventBeforeContentIsAnsweredByAnotherNode(Api api) {
        good.behave(Api.streaming(api.whole("good"), Api.Ending.CLEAN));
        bad.behave(Api.streaming(api.stream("bad", api.preamble) + api.error, Api.Ending.CLEAN));

        HttpResponse<String> response = ask(api);

        assertThat(response.body()).isEqualTo(api.whole("good"));
        assertThat(Tenant.attempts(response))
                .isEqualTo(api == Api.ANTHROPIC ? "bad;overloaded, good;ok" : "bad;stream_error, good;ok");
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void anErrorEventAfterContentIsTheEnd(Api api) throws IOException {
        String content = api.stream("bad", api.preamble + 1);
        CountDownLatch seen = new CountDownLatch(1);
        bad.behave(exchange -> {
            Api.head(exchange);
            exchange.chunk(content);
            Await.latch(seen);
            exchange.chunk(api.error);
            exchange.hang();
        });

        HttpResponse<InputStream> response = tenant.sendAsync(
                        tenant.request(api.path)
                                .POST(BodyPublishers.ofString("{}"))
                                .build(),
                        BodyHandlers.ofInputStream())
                .join();
        byte[] first = response.body().readNBytes(content.getBytes(StandardCharsets.UTF_8).length);
        assertThat(new String(first, StandardCharsets.UTF_8)).isEqualTo(content);
        seen.countDown();

        assertThat(new String(response.body().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(api.error);
        assertThat(ledgerCause(response)).isEqualTo("stream_error");
    }

    @ParameterizedTest
    @EnumSource(Api.class)
    void garbageBeforeContentIsAnsweredByAnotherNode(Api api) {
        good.behave(Api.streaming(api.whole("good"), Api.Ending.CLEAN));
        bad.behave(Api.streaming("data: {\"half\n\n", Api.Ending.CLEAN));

        HttpResponse<String> response = ask(api);

        assertThat(response.body()).isEqualTo(api.whole("good"));
        assertThat(Tenant.attempts(response)).isEqualTo("bad;protocol, good;ok");
    }

    @Test
    void pingsDoNotKeepAStreamWithoutContentAlive() {
        good.behave(Api.streaming(Api.ANTHROPIC.whole("good"), Api.Ending.CLEAN));
        bad.behave(exchange -> {
            Api.head(exchange);
            for (int i = 0; i < 200; i++) {
                exchange.chunk("event: ping\ndata: {\"type\":\"ping\"}\n\n");
                LockSupport.parkNanos(20_000_000);
            }
            exchange.hang();
        });

        HttpResponse<String> response = ask(Api.ANTHROPIC);

        assertThat(response.body()).isEqualTo(Api.ANTHROPIC.whole("good"));
        assertThat(Tenant.attempts(response)).isEqualTo("bad;first_token_timeout, good;ok");
    }

    @Test
    void aHugeEventPasses() {
        String huge = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\""
                + "x".repeat(3_000_000) + "\"}}\n\n";
        String stream = Api.ANTHROPIC.stream("bad", 4) + huge + Api.ANTHROPIC.events.get(8);
        bad.behave(Api.streaming(stream, Api.Ending.CLEAN));

        assertThat(ask(Api.ANTHROPIC).body()).isEqualTo(stream);
    }

    @Test
    void theHoldIsBounded() {
        String noise = (": " + "x".repeat(1000) + "\n\n").repeat(400);
        String stream = noise + Api.ANTHROPIC.whole("bad");
        bad.behave(Api.streaming(noise, Api.Ending.CUT));

        HttpResponse<String> response = ask(Api.ANTHROPIC);

        assertThat(response.body()).startsWith(noise.substring(0, 262_144));
        assertThat(Api.ANTHROPIC.endsInError(response.body())).isTrue();
        assertThat(stream).startsWith(noise);
    }

    @Test
    void withoutAnotherNodeNothingIsHeld() {
        operator.call("DELETE", "/nodes/" + goodId, null);
        bad.behave(Api.streaming(Api.ANTHROPIC.stream("bad", 1), Api.Ending.CUT));

        HttpResponse<String> response = ask(Api.ANTHROPIC);

        assertThat(response.body()).startsWith(Api.ANTHROPIC.stream("bad", 1));
        assertThat(Api.ANTHROPIC.endsInError(response.body())).isTrue();
    }

    @Test
    void aStreamOfNoKnownDialectEndsWithItsConnection() {
        bad.behave(Api.streaming("event: tick\ndata: 1\n\ndata: not json\n\n", Api.Ending.CLEAN));

        assertThat(send("/v1/ticks").body()).isEqualTo("event: tick\ndata: 1\n\ndata: not json\n\n");
    }

    private HttpResponse<String> ask(Api api) {
        return send(api.path);
    }

    private HttpResponse<String> send(String path) {
        return tenant.send(
                tenant.request(path).POST(BodyPublishers.ofString("{}")).build());
    }

    /** Whole, but for what may follow the last event. */
    private static boolean wholeBut(Api api, String body) {
        return body.startsWith(api.stream("bad", api.beforeLast + 1))
                && api.whole("bad").startsWith(body);
    }

    private static List<String> events(String body) {
        List<String> events = new ArrayList<>();
        for (String event : body.replace("\r\n", "\n").split("\n\n")) {
            events.add(event);
        }
        return events;
    }

    private String ledgerCause(HttpResponse<?> response) {
        String id = response.headers().firstValue("x-request-id").orElseThrow();
        return operator.done("GET", "/requests/" + id, null)
                .get("attempts")
                .get(0)
                .get("cause")
                .asText();
    }
}
