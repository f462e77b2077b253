package io.silkroute.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SseParserTest {

    @Test
    void namesAndJoinsAndSkipsAsTheStandardSays() {
        assertThat(
                        parse(
                                ": comment\nevent: a\ndata: one\ndata:two\ndata\nid: 7\n\ndata:  x\n\nevent: no data\n\ndata: cut"))
                .containsExactly(new SseEvent("a", "one\ntwo\n", false), new SseEvent("message", " x", false));
    }

    @Test
    void lineEndsMayBeMixed() {
        assertThat(parse("data: a\r\rdata: b\r\n\r\ndata: c\n\ndata: d\r\n\n"))
                .extracting(SseEvent::data)
                .containsExactly("a", "b", "c", "d");
    }

    @Test
    void aByteOrderMarkComesFirstOnly() {
        assertThat(parse("\uFEFFdata: a\n\n\uFEFFdata: b\n\n"))
                .extracting(SseEvent::data)
                .containsExactly("a");
    }

    @Test
    void ofAHugeEventOnlySoMuchIsKept() {
        String huge = "x".repeat(SseParser.MAX_EVENT_BYTES);
        List<SseEvent> events = parse("data: " + huge + "\ndata: more\n\ndata: next\n\n");

        assertThat(events).hasSize(2);
        assertThat(events.get(0).truncated()).isTrue();
        assertThat(events.get(0).data()).hasSizeLessThanOrEqualTo(SseParser.MAX_EVENT_BYTES);
        assertThat(events.get(1)).isEqualTo(new SseEvent("message", "next", false));
    }

    @Property(tries = 3000)
    void equalsTheReferenceHoweverTheStreamIsCut(
            @ForAll("streams") String stream, @ForAll List<@IntRange(min = 1, max = 9) Integer> cuts) {
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        List<SseEvent> events = new ArrayList<>();
        SseParser parser = new SseParser(events::add);
        int from = 0;
        for (int i = 0; from < bytes.length; i++) {
            int to = cuts.isEmpty() ? bytes.length : Math.min(bytes.length, from + cuts.get(i % cuts.size()));
            parser.feed(Buffer.buffer(Arrays.copyOfRange(bytes, from, to)));
            from = to;
        }

        assertThat(events).isEqualTo(ReferenceSse.parse(bytes));
    }

    /** Made of the pieces that matter, so that they meet often. */
    @Provide
    Arbitrary<String> streams() {
        return Arbitraries.of(
                        "data",
                        "event",
                        "id",
                        ":",
                        ": ",
                        " ",
                        "\n",
                        "\n",
                        "\r",
                        "\r\n",
                        "\n\n",
                        "{\"a\":1}",
                        "ping",
                        "ä€😀",
                        "\uFEFF",
                        "data: x\n\n")
                .list()
                .ofMaxSize(40)
                .map(pieces -> String.join("", pieces));
    }

    private static List<SseEvent> parse(String stream) {
        List<SseEvent> events = new ArrayList<>();
        new SseParser(events::add).feed(Buffer.buffer(stream));
        return events;
    }
}
