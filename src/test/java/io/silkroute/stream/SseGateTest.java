package io.silkroute.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SseGateTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ANTHROPIC | {\"type\":\"ping\"}                                                                        | false",
                "ANTHROPIC | {\"type\":\"message_start\",\"message\":{}}                                                | false",
                "ANTHROPIC | {\"type\":\"content_block_start\",\"content_block\":{\"type\":\"text\",\"text\":\"\"}}      | false",
                "ANTHROPIC | {\"type\":\"content_block_start\",\"content_block\":{\"type\":\"tool_use\",\"name\":\"f\"}} | true",
                "ANTHROPIC | {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"a\"}}                              | true",
                "ANTHROPIC | {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}                      | true",
                "ANTHROPIC | {\"type\":\"something_new\"}                                                               | true",
                "OPENAI    | {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}                                       | false",
                "OPENAI    | {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}                      | false",
                "OPENAI    | {\"choices\":[{\"delta\":{\"content\":null,\"tool_calls\":[]}}]}                           | false",
                "OPENAI    | {\"choices\":[]}                                                                           | false",
                "OPENAI    | {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}                                            | true",
                "OPENAI    | {\"choices\":[{\"delta\":{\"tool_calls\":[{}]}}]}                                          | true",
                "OPENAI    | {\"choices\":[{\"text\":\"a\"}]}                                                           | true",
                "OTHER     | anything                                                                                   | true",
            })
    void contentIsWhatTheCallerAskedFor(Dialect dialect, String data, boolean content) {
        SseGate gate = new SseGate(dialect);
        feed(gate, "data: " + data + "\n\n");

        assertThat(gate.hasContent()).isEqualTo(content);
        assertThat(gate.failure()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ANTHROPIC | event: message_stop|{\"type\":\"message_stop\"}",
                "ANTHROPIC | id: 1|{\"type\":\"message_stop\"}",
                "OPENAI    | id: 1|[DONE]",
                "OPENAI    | id: 1|{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}",
                "OPENAI    | id: 1|{\"choices\":[{\"finish_reason\" : \"length\",\"delta\":{}}]}",
            })
    void theLastEventMakesItWholeBeforeOrAfterContent(Dialect dialect, String field, String data) {
        for (boolean afterContent : new boolean[] {false, true}) {
            SseGate gate = new SseGate(dialect);
            if (afterContent) {
                feed(gate, content(dialect));
            }
            assertThat(gate.isWhole()).isFalse();
            assertThat(gate.mayEnd()).isFalse();
            feed(gate, field + "\ndata: " + data + "\n\n");

            assertThat(gate.isWhole()).isTrue();
        }
    }

    @Test
    void wordsInsideOfContentAreNotTheEnd() {
        SseGate openai = new SseGate(Dialect.OPENAI);
        feed(openai, content(Dialect.OPENAI));
        feed(
                openai,
                "data: {\"choices\":[{\"delta\":{\"content\":\"\\\"finish_reason\\\":\\\"stop\\\" [DONE]\"},\"finish_reason\":null}]}\n\n");
        assertThat(openai.isWhole()).isFalse();

        SseGate anthropic = new SseGate(Dialect.ANTHROPIC);
        feed(anthropic, content(Dialect.ANTHROPIC));
        feed(
                anthropic,
                "data: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"message_stop \\\"error\\\"\"}}\n\n");
        assertThat(anthropic.isWhole()).isFalse();
        assertThat(anthropic.failure()).isEmpty();
    }

    @Test
    void theStreamItselfShowsItsDialectWhateverThePathPromised() {
        SseGate gate = new SseGate(Dialect.ofPath("/v1/messages?beta=true"));
        assertThat(gate.dialect()).isEqualTo(Dialect.ANTHROPIC);
        feed(gate, content(Dialect.OPENAI));

        assertThat(gate.dialect()).isEqualTo(Dialect.OPENAI);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ANTHROPIC | {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"m\"}} | overloaded_error",
                "OPENAI    | {\"error\":{\"type\":\"server_error\",\"message\":\"m\"}}                        | server_error",
                "OPENAI    | {\"error\":\"text only\"}                                                        | ''",
            })
    void anErrorIsSeenBeforeAndAfterContent(Dialect dialect, String data, String type) {
        for (boolean afterContent : new boolean[] {false, true}) {
            SseGate gate = new SseGate(dialect);
            if (afterContent) {
                feed(gate, content(dialect));
            }
            feed(gate, "data: " + data + "\n\n");

            assertThat(gate.failure()).get().extracting(Meaning::kind).isEqualTo(Meaning.Kind.ERROR);
            assertThat(gate.failure()).get().extracting(Meaning::errorType).isEqualTo(type);
        }
    }

    @Test
    void garbageIsAFailureBeforeContentOnly() {
        SseGate before = new SseGate(Dialect.ANTHROPIC);
        feed(before, "data: {\"half\n\n");
        assertThat(before.failure()).get().extracting(Meaning::kind).isEqualTo(Meaning.Kind.MALFORMED);

        SseGate after = new SseGate(Dialect.ANTHROPIC);
        feed(after, content(Dialect.ANTHROPIC));
        feed(after, "data: {\"half\n\n");
        assertThat(after.failure()).isEmpty();
    }

    @Test
    void onlyWholeEventsGoOnAndTheRestIsKept() {
        SseGate gate = new SseGate(Dialect.OTHER);
        assertThat(gate.feed(Buffer.buffer("data: a")).toString()).isEmpty();
        assertThat(gate.feed(Buffer.buffer("\r\n\r")).toString()).isEqualTo("data: a\r\n\r");
        assertThat(gate.feed(Buffer.buffer("\ndata: b")).toString()).isEqualTo("\n");
        assertThat(gate.feed(Buffer.buffer("c\n\ndata: d")).toString()).isEqualTo("data: bc\n\n");
        assertThat(gate.rest().toString()).isEqualTo("data: d");
    }

    @Test
    void aVeryLongEventGoesOnAsItComes() {
        SseGate gate = new SseGate(Dialect.OTHER);
        long passed = 0;
        for (int i = 0; i < 200; i++) {
            passed += gate.feed(Buffer.buffer("x".repeat(1000))).length();
        }

        assertThat(passed).isGreaterThan(130_000);
        assertThat(passed + gate.rest().length()).isEqualTo(200_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "1",
                "\"text\"",
                "true",
                "{}",
                "{\"type\":null}",
                "{\"choices\":null}",
                "{\"error\":null}"
            })
    void jsonThatIsNoObjectOrLacksWhatItShouldHaveIsNoCrash(String data) {
        for (Dialect dialect : Dialect.values()) {
            SseGate gate = new SseGate(dialect);
            feed(gate, "data: " + data + "\n\n");

            assertThat(gate.events()).isEqualTo(1);
        }
    }

    @Property(tries = 5000)
    void whateverComesIsNoCrashAndIsPassedOnOrKeptByteForByte(@ForAll("noise") List<String> chunks) {
        for (Dialect dialect : Dialect.values()) {
            SseGate gate = new SseGate(dialect);
            StringBuilder passed = new StringBuilder();
            for (String chunk : chunks) {
                passed.append(gate.feed(Buffer.buffer(chunk)));
            }

            assertThat(passed.toString() + gate.rest()).isEqualTo(String.join("", chunks));
        }
    }

    /** Pieces of events and of JSON, well put together by chance at most. */
    @Provide
    Arbitrary<List<String>> noise() {
        return Arbitraries.of(
                        "data: ",
                        "event: error\n",
                        "event: ",
                        "\n\n",
                        "\r\n\r\n",
                        "\n",
                        "\r",
                        "null",
                        "{",
                        "}",
                        "[",
                        "]",
                        ":",
                        ",",
                        "\"type\"",
                        "\"error\"",
                        "\"choices\"",
                        "\"delta\"",
                        "\"content\"",
                        "\"finish_reason\"",
                        "\"message_stop\"",
                        "\"ping\"",
                        "1e999",
                        "\\u0000",
                        "[DONE]",
                        "data: {\"choices\":[{\"delta\":",
                        "data: {\"type\":\"content_block_delta\"}\n\n",
                        "ä")
                .list()
                .ofMaxSize(8)
                .map(pieces -> String.join("", pieces))
                .list()
                .ofMaxSize(8);
    }

    private static String content(Dialect dialect) {
        return dialect == Dialect.ANTHROPIC
                ? "data: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"a\"}}\n\n"
                : "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":null}]}\n\n";
    }

    private static void feed(SseGate gate, String stream) {
        gate.feed(Buffer.buffer(stream));
    }
}
